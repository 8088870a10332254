"""Programs that are started, waited for and ended; each writes a log."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 20.0  # then by force
DEADLINE = 1_200.0  # of a busy machine; only what hangs comes to it
LOOK_SECONDS = 0.2


def until(condition: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
    """Return once the condition holds; AssertionError if it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(LOOK_SECONDS)


class Processes:
    """What was started, and is ended in the opposite order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program; its output goes to NAME.log."""
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment or os.environ
            )
        self._running.append((name, process))
        return process

    def log(self, name: str) -> Path:
        """Where a program's output is."""
        return self._folder / f"{name}.log"

    def await_(self, name: str, condition: Callable[[], object], what: str) -> None:
        """Wait for what a program is to bring about; it must not end meanwhile."""
        (process,) = [each for other, each in self._running if other == name]

        def come() -> object:
            assert process.poll() is None, f"{name} ended\n{self.log(name).read_text()[-3000:]}"
            return condition()

        until(come, what)

    def stop(self) -> None:
        """End all of them."""
        for _, process in reversed(self._running):
            end(process)
        self._running.clear()


def end(process: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> int:
    """TERM, and KILL if that does not help in time; the exit code."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
