"""Embedded servers for the length of a block: `with running_servers(print) as addresses:`."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from overcast.embedded import status as statuses
from overcast.embedded.errors import EmbeddedError

PREFIX = "overcast-"
STOP_SECONDS = 300.0  # of a busy machine: a keeper ends its servers by force before
KEEPER_LOG = "keeper.log"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers listen: `kafka` as host:port, `redis` as a URL.

    Of a secured Kafka `settings_file` names the administrator's settings.
    """

    kafka: str
    redis: str
    settings_file: str = ""

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of a client, whatever security the environment asks for elsewhere."""
        return self._of_file(self.settings_file)

    def settings_of(self, role: str) -> dict[str, Any]:
        """The same of a client that has a role; of a plain Kafka there is none."""
        file = self.settings_file
        return self._of_file(str(Path(file).with_name(f"{role}.toml")) if file else "")

    def _of_file(self, file: str) -> dict[str, Any]:
        from streams.kafka_settings import UNSECURED  # noqa: PLC0415  slow, and status needs none

        secured = tomllib.loads(Path(file).read_text()) if file else {}
        plain = {"kafka": self.kafka, "redis": self.redis, "redis_password": "", **UNSECURED}
        return plain | secured

    @classmethod
    def of(cls, running: Mapping[str, Any]) -> Self:
        """The addresses in what a keeper reports."""
        return cls(running["kafka"], running["redis"], running.get("settings_file", ""))


@contextmanager
def running_servers(say: Say, *, worker: bool = False, secure: bool = False) -> Iterator[Addresses]:
    """Run Kafka and Redis (and a worker) during the block; they end with it in every case.

    If a server ends during the block, the block is interrupted with EmbeddedError, provided that
    it runs in the main thread.
    """
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    options = ["--attached"] + ["--worker"] * worker + ["--secure"] * secure
    keeper = start_keeper(folder, options)
    listener = Listener(keeper)
    try:
        addresses = await_ready(keeper, say)
        listener.start()
        yield addresses
    except KeyboardInterrupt:
        if listener.error:
            raise EmbeddedError(listener.error) from None
        raise
    finally:
        _end(keeper, folder)


def start_keeper(folder: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """Start the keeper in a session of its own, where the terminal's Ctrl-C does not reach it."""
    attached = "--attached" in options
    with (folder / KEEPER_LOG).open("ab") as log:
        return subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "overcast.embedded.supervisor", str(folder), *options],
            stdin=subprocess.PIPE if attached else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if attached else log,
            start_new_session=True,
        )


def await_ready(keeper: subprocess.Popen[bytes], say: Say) -> Addresses:
    """Pass on the keeper's progress until its servers are ready; return their addresses."""
    for line in keeper.stdout or ():
        message = json.loads(line)
        if "ready" in message:
            return Addresses.of(message["ready"])
        if "error" in message:
            raise EmbeddedError(message["error"])
        say(message["say"])
    raise EmbeddedError(f"the servers' keeper ended without a message (exit {keeper.wait()})")


class Listener(threading.Thread):
    """Listens to a keeper whose servers are ready; an `error` that it reports ends the block."""

    def __init__(self, keeper: subprocess.Popen[bytes]) -> None:
        super().__init__(name="listener", daemon=True)
        self.error = ""
        self._keeper = keeper
        self._block = threading.current_thread()

    def run(self) -> None:
        """Read until the keeper ends."""
        for line in self._keeper.stdout or ():
            self.error = json.loads(line).get("error", "")
        if self.error and self._block is threading.main_thread() and self._block.ident:
            signal.pthread_kill(self._block.ident, signal.SIGINT)


def _end(keeper: subprocess.Popen[bytes], folder: Path) -> None:
    """Close the pipe that keeps the keeper alive, and return when it has ended."""
    with _uninterrupted():
        if keeper.stdin:
            keeper.stdin.close()
        keeper.wait(STOP_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)  # a keeper that was killed has not removed it


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C in the block: a second one must not cut short what the first one began."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def sweep() -> None:
    """Remove folders of keepers that no longer run, as after a machine was switched off."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        status = statuses.read(folder)
        if status and not statuses.alive(status):
            statuses.kill_orphans(status)
            shutil.rmtree(folder, ignore_errors=True)
