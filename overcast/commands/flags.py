"""Secrets among the words of a command line, where `ps` shows them to every user of the machine."""

from collections.abc import Iterator, Sequence

from streams.addresses import holds_secret

SETTINGS = {"--redis": "OVERCAST_REDIS", "--registry": "OVERCAST_SCHEMA_REGISTRY"}


def flags_with_secrets(words: Sequence[str]) -> Iterator[str]:
    """A warning for each flag that holds a secret; the secret is not repeated."""
    for before, word in zip(["", *words], words, strict=False):
        flag, equals, value = word.partition("=")
        if not (flag.startswith("--") and equals):
            flag, value = before, word
        if holds_secret(value):
            name = flag if flag.startswith("-") else "an argument"
            shown = "holds a secret, which `ps` shows to every user of this machine"
            yield f"{name} {shown}{_better(name)}."


def _better(flag: str) -> str:
    variable = SETTINGS.get(flag)
    return f"; give it by {variable} or {variable}_FILE" if variable else ""
