"""Is the process alive, is it ready? Named checks, each of which says what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[], str]  # "" if all is well, else what is wrong and what follows from it


@dataclass(frozen=True, slots=True)
class Health:
    """`live`: if one fails, restart the process. `ready`: if one fails, it does no work now."""

    live: Mapping[str, Check] = field(default_factory=dict)
    ready: Mapping[str, Check] = field(default_factory=dict)

    def asked(self, question: str) -> tuple[bool, dict[str, str]]:
        """The answer to "live" or "ready", and what each check said; who is not live is not ready.

        A check that raises has failed.
        """
        checks = self.live if question == "live" else {**self.live, **self.ready}
        said = {name: _said(check) for name, check in checks.items()}
        return not any(said.values()), {name: text or "ok" for name, text in said.items()}


def _said(check: Check) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  whatever it is, it is not well
        return f"{type(error).__name__}: {error}"
