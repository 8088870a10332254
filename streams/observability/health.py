"""Is the process alive, is it ready? Named checks, each of which says what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[], str]  # "" if all is well, else what is wrong and what follows from it


@dataclass(frozen=True, slots=True)
class Health:
    """`live`: if one fails, restart the process. `ready`: if one fails, it does no work now."""

    live: Mapping[str, Check] = field(default_factory=dict)
    ready: Mapping[str, Check] = field(default_factory=dict)

    def answer(self, question: str) -> tuple[bool, dict[str, str]]:
        """The answer to "live" or "ready", and the text of each check, "ok" if all is well.

        A process that is not live is not ready; a check that raises has failed.
        """
        checks = self.live if question == "live" else {**self.live, **self.ready}
        problems = {name: _problem(check) for name, check in checks.items()}
        return not any(problems.values()), {n: text or "ok" for n, text in problems.items()}


def _problem(check: Check) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  whatever it is, it is not well
        return f"{type(error).__name__}: {error}"
