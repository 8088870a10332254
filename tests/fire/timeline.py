"""What was done when: the story of an attack, to be printed when it fails."""

import threading
import time
from collections.abc import Callable


class Timeline:
    """Lines, each with its seconds since the beginning."""

    def __init__(self, now: Callable[[], float] = time.monotonic, *, echo: bool = False) -> None:
        self._now = now
        self._echo = echo
        self._began = now()
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def note(self, what: str) -> None:
        """Writes a line."""
        with self._lock:
            self._lines.append(f"{self._now() - self._began:8.2f} s  {what}")
            if self._echo:
                print(self._lines[-1], flush=True)

    def __str__(self) -> str:
        return "\n".join(self._lines)
