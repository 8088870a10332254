"""Embedded servers for the length of a block: `with running_servers(print) as addresses:`."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from overcast.embedded import status as statuses
from overcast.embedded.errors import EmbeddedError

PREFIX = "overcast-"
STOP_SECONDS = 30.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers listen: `kafka` as host:port, `redis` as a URL."""

    kafka: str
    redis: str


@contextmanager
def running_servers(say: Say, *, worker: bool = False) -> Iterator[Addresses]:
    """Kafka and Redis (and a worker) while the block runs; gone afterwards, come what may.

    A server that ends while the block runs ends the block with EmbeddedError, if that block is
    the main thread's.
    """
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    keeper = start_keeper(folder, ["--attached"] + ["--worker"] * worker)
    ear = Ear(keeper)
    try:
        addresses = await_ready(keeper, say)
        ear.start()
        yield addresses
    except KeyboardInterrupt:
        if ear.heard:
            raise EmbeddedError(ear.heard) from None
        raise
    finally:
        _end(keeper, folder)


def start_keeper(folder: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """Starts the keeper in a session of its own, where the terminal's Ctrl-C does not reach it."""
    attached = "--attached" in options
    with (folder / "keeper.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "overcast.embedded.supervisor", str(folder), *options],
            stdin=subprocess.PIPE if attached else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if attached else log,
            start_new_session=True,
        )


def await_ready(keeper: subprocess.Popen[bytes], say: Say) -> Addresses:
    """Passes on what the keeper says until its servers are ready."""
    for line in keeper.stdout or ():
        said = json.loads(line)
        if "ready" in said:
            return Addresses(**said["ready"])
        if "error" in said:
            raise EmbeddedError(said["error"])
        say(said["say"])
    raise EmbeddedError(f"the servers' keeper ended without a word (exit {keeper.wait()})")


class Ear(threading.Thread):
    """Listens to a keeper whose servers are ready; an error it hears interrupts the block."""

    def __init__(self, keeper: subprocess.Popen[bytes]) -> None:
        super().__init__(name="ear", daemon=True)
        self.heard = ""
        self._keeper = keeper
        self._block = threading.current_thread()

    def run(self) -> None:
        """Reads until the keeper ends."""
        for line in self._keeper.stdout or ():
            self.heard = json.loads(line).get("error", "")
        if self.heard and self._block is threading.main_thread() and self._block.ident:
            signal.pthread_kill(self._block.ident, signal.SIGINT)


def _end(keeper: subprocess.Popen[bytes], folder: Path) -> None:
    """Closes what keeps the keeper alive, and returns when it has gone."""
    with _uninterrupted():
        if keeper.stdin:
            keeper.stdin.close()
        keeper.wait(STOP_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)  # a keeper that was killed has left it


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second Ctrl-C must not end the wait for what the first one began."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def sweep() -> None:
    """Removes folders of keepers that are gone, left by a machine that was switched off."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        found = statuses.read(folder)
        if found and not statuses.alive(found):
            statuses.kill_orphans(found)
            shutil.rmtree(folder, ignore_errors=True)
