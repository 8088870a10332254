"""Frames on their way to viewers: encoded once, kept for a while, read by each at its own pace.

A viewer has no queue. It has a cursor, the number of the last frame it took, and reads on from
there in the ring of its channel. One that is so slow that the ring has passed it is told so, and
begins again from a snapshot: nothing piles up for it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

KEPT = 256  # frames of a channel: what a viewer who was away may catch up with


@dataclass(slots=True)
class Channel:
    """A ring of (number, frame); `passed` is the number of the last frame that fell out of it."""

    frames: deque[tuple[int, bytes]] = field(default_factory=deque)
    passed: int = 0


class Channels:
    """The channels, numbered together so that one cursor is enough for all of them.

    Frames come from the thread that reads Kafka, viewers read in the event loop: a lock guards
    both. `wake` is called with a channel's name when it has something new.
    """

    def __init__(self, epoch: str, wake: Callable[[str], None], kept: int = KEPT) -> None:
        self.epoch = epoch
        self.number = 0
        self._wake = wake
        self._kept = kept
        self._channels: dict[str, Channel] = {}
        self._lock = Lock()

    def cursor(self, number: int | None = None) -> str:
        """The event id of a frame, by default of the newest: another process has other ids."""
        return f"{self.epoch}-{self.number if number is None else number}"

    def number_of(self, cursor: str) -> int | None:
        """The frame that an event id names; None if it is none of this process."""
        epoch, _, number = cursor.rpartition("-")
        if epoch != self.epoch or not number.isdecimal() or int(number) > self.number:
            return None
        return int(number)

    def publish(self, name: str, data: bytes) -> None:
        """A delta for the viewers of a channel."""
        with self._lock:
            self.number += 1
            channel = self._channels.setdefault(name, Channel())
            channel.frames.append((self.number, frame("delta", self.cursor(), data)))
            if len(channel.frames) > self._kept:
                channel.passed = channel.frames.popleft()[0]
        self._wake(name)

    def since(self, name: str, number: int) -> tuple[int, bytes] | None:
        """What a channel has after a frame, and the number to go on from; None if it is too late.

        A channel nothing was published on has nothing new.
        """
        with self._lock:
            channel = self._channels.get(name)
            if channel is None:
                return number, b""
            if number < channel.passed:
                return None
            found = [entry for entry in channel.frames if entry[0] > number]
        return (found[-1][0], b"".join(data for _, data in found)) if found else (number, b"")

    def close(self, name: str) -> None:
        """A channel that nothing will be published on any more."""
        with self._lock:
            self._channels.pop(name, None)
        self._wake(name)


def frame(event: str, cursor: str, data: bytes) -> bytes:
    """A server-sent event; the data are one line, as msgspec writes JSON."""
    return b"event: %b\nid: %b\ndata: %b\n\n" % (event.encode(), cursor.encode(), data)
