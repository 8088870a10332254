"""The workers of an attack, under a supervisor that starts again what ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from streams.settings import Settings
from tests.fire.sabotage import CLOCK, TRAP
from tests.fire.timeline import Timeline

TEND_SECONDS = 0.1
READY = b"Worker ready"  # Faust's word, once the first partitions have been dealt
STOP_SECONDS = 15.0
PASSED_ON = {"topic_prefix", "group", "partitions", "snapshot_every", "live_matches"}


@dataclass
class Hand:
    """A worker's process, and the files that its traps and its clock look at."""

    number: int
    process: subprocess.Popen[bytes]
    trap: Path
    clock: Path
    log: Path

    @property
    def alive(self) -> bool:
        """Whether the process is there, frozen or not."""
        return self.process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it has joined its group, as it says itself."""
        return READY in self.log.read_bytes()

    def send(self, which: signal.Signals) -> None:
        """Sends a signal; a process that is gone does not get it."""
        if self.alive:
            self.process.send_signal(which)

    def lay(self, moment: str, count: int, which: signal.Signals) -> None:
        """From the next `count`-th time on that it comes to a moment, it gets the signal."""
        fresh = self.trap.with_suffix(".new")
        fresh.write_text(f"{moment} {count} {which.name}")
        fresh.rename(self.trap)

    @property
    def sprung(self) -> bool:
        """Whether the trap is gone."""
        return not self.trap.exists()


class Crew(threading.Thread):
    """As many workers as `wanted`; one that ended is started again."""

    def __init__(
        self, settings: Settings, kafka: str, redis: str, folder: Path, line: Timeline
    ) -> None:
        super().__init__(name="crew", daemon=True)
        servers = {"OVERCAST_KAFKA": kafka, "OVERCAST_REDIS": redis}
        self._environment = os.environ | settings.as_environment(PASSED_ON) | servers
        self.wanted = 2
        self.hands: list[Hand] = []
        self.ended: list[int] = []
        self._folder = folder
        self._line = line
        self._count = 0
        self._lock = threading.Lock()
        self._told = threading.Event()

    def run(self) -> None:
        """Tends until stopped."""
        while not self._told.wait(TEND_SECONDS):
            self.tend()

    def tend(self) -> None:
        """Starts what is missing."""
        with self._lock:
            for hand in [h for h in self.hands if not h.alive]:
                self._line.note(f"worker {hand.number} ended: {hand.process.returncode}")
                self.ended.append(hand.process.returncode)
                self.hands.remove(hand)
            while len(self.hands) < self.wanted:
                self.hands.append(self._start())

    def _start(self) -> Hand:
        number = self._count = self._count + 1
        files = [self._folder / f"worker-{number}.{what}" for what in ("trap", "clock", "log")]
        more = {TRAP: str(files[0]), CLOCK: str(files[1])}
        with files[2].open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.fire.sabotage"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment | more,
            )
        return Hand(number, process, *files)

    def leave(self, hand: Hand) -> None:
        """One worker fewer: it is asked to go and is not replaced."""
        with self._lock:
            self.wanted -= 1
            self.hands.remove(hand)
        hand.send(signal.SIGTERM)
        threading.Thread(target=_gone, args=[hand], daemon=True).start()

    def stop(self) -> None:
        """Ends every worker."""
        self._told.set()
        self.join()
        for hand in self.hands:
            hand.send(signal.SIGCONT)
            hand.send(signal.SIGTERM)
        for hand in self.hands:
            _gone(hand)


def _gone(hand: Hand) -> None:
    """A worker whose broker has gone may not leave on TERM."""
    end = time.monotonic() + STOP_SECONDS
    while hand.alive and time.monotonic() < end:
        time.sleep(TEND_SECONDS)
    hand.process.kill()
    hand.process.wait()
