"""Errors of the embedded servers."""

from pathlib import Path

from streams.failure import ExpectedError

LINES_SHOWN = 15


class EmbeddedError(ExpectedError):
    """A server could not be started or ended; the text says which, why and what to do."""


def last_lines(log: Path) -> str:
    """Return the end of a server's log, for an error message."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-LINES_SHOWN:]) or "    (no output)"
