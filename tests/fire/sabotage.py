"""A worker that falls into traps: `python -m tests.fire.sabotage`, configured like any worker.

The product has no part in this: its effects are wrapped here, from outside, and at each moment
before, between and after them a file is looked for. If the file names the moment, and its count of
them is used up, the process sends itself the signal: SIGKILL, or SIGSTOP. Another file shifts
the clock.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from features.partition_lease import PartitionLease
from overcast.main import main
from streams.kafka.fenced_producer import FencedProducer
from streams.kafka.producer import Producer, TransactionalProducer
from streams.worker.transport import BatchConsumer

TRAP, CLOCK = "FIRE_TRAP", "FIRE_CLOCK"  # environment variables that name the files
MOMENTS = (
    "published.before",  # everything is queued, some of it on its way
    "published.between",  # everything has left, nothing is known to be written
    "published.after",
    "labelled.before",
    "labelled.after",
    "stored.before",
    "stored.after",
    "committed.before",
    "committed.after",
    "learned.before",  # scores and snapshots
    "learned.between",
    "learned.after",
)


class Trap:
    """What the file says: "moment count signal". It springs once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed: dict[str, int] = {}

    def at(self, moment: str) -> None:
        """The process is at a moment."""
        try:
            named, count, what = self._file.read_text().split()
        except (OSError, ValueError):
            self._passed.clear()
            return
        if named != moment:
            return
        self._passed[moment] = self._passed.get(moment, 0) + 1
        if self._passed[moment] >= int(count):
            self._file.unlink()
            os.kill(os.getpid(), signal.Signals[what])


def wrap(owner: type, name: str, trap: Trap, moments: Callable[[Any], tuple[str, str]]) -> None:
    """The method between its two moments; `moments` names them for an object."""
    method = getattr(owner, name)

    def wrapped(self: Any, *args: Any, **more: Any) -> Any:
        before, after = moments(self)
        trap.at(before)
        result = method(self, *args, **more)
        trap.at(after)
        return result

    setattr(owner, name, wrapped)


def wrap_commit(trap: Trap) -> None:
    """The commit of offsets, which is a coroutine of Faust's consumer."""
    commit = BatchConsumer._commit  # noqa: SLF001

    async def wrapped(self: BatchConsumer, offsets: Any) -> Any:
        trap.at("committed.before")
        done = await commit(self, offsets)
        trap.at("committed.after")
        return done

    BatchConsumer._commit = wrapped  # noqa: SLF001


def _of_outbox(outbox: Producer) -> tuple[str, str]:
    """An outbox's own flush is the middle of a claimed one's, whose end is the transaction's."""
    if isinstance(outbox, TransactionalProducer):
        return "", "learned.between"
    return "labelled.before", "labelled.after"


def shift_clock(file: Path, true: Callable[[], float] = time.time) -> None:
    """The time of day is what the file says, in seconds, away from the true one."""

    def shifted() -> float:
        try:
            return true() + float(file.read_text())
        except (OSError, ValueError):
            return true()

    time.time = shifted


def lay_traps() -> None:
    """Wraps every effect of a worker."""
    trap = Trap(Path(os.environ[TRAP]))
    wrap(FencedProducer, "send_off", trap, lambda _: ("published.before", "published.between"))
    wrap(FencedProducer, "flush", trap, lambda _: ("", "published.after"))
    wrap(TransactionalProducer, "flush", trap, lambda _: ("learned.before", "learned.after"))
    wrap(Producer, "flush", trap, _of_outbox)
    wrap(PartitionLease, "write", trap, lambda _: ("stored.before", "stored.after"))
    wrap_commit(trap)
    shift_clock(Path(os.environ[CLOCK]))


if __name__ == "__main__":
    lay_traps()
    sys.argv = ["overcast", "worker"]
    main()
