"""Frames on their way to viewers: encoded once, kept for a while, read by each at its own pace.

A viewer has no queue. It has a cursor, the number of the last frame it took, and continues from
there in the ring buffer of its channel. A viewer so slow that its next frame has been dropped
starts again from a snapshot: nothing piles up for it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

KEPT = 256  # frames of a channel: how far a viewer may fall behind and still catch up


@dataclass(slots=True)
class Channel:
    """A ring buffer of (number, frame); `passed` is the number of the last frame dropped."""

    frames: deque[tuple[int, bytes]] = field(default_factory=deque)
    passed: int = 0


class Channels:
    """All channels; their frames are numbered together, so that one cursor serves all of them.

    Frames come from the thread that reads Kafka, and viewers read in the event loop: a lock guards
    the channels. `wake` is called with the name of a channel that has something new.
    """

    def __init__(self, epoch: str, wake: Callable[[str], None], kept: int = KEPT) -> None:
        self.epoch = epoch
        self.number = 0
        self._wake = wake
        self._kept = kept
        self._channels: dict[str, Channel] = {}
        self._lock = Lock()

    def cursor(self, number: int | None = None) -> str:
        """Return the event id of a frame, by default the newest; unique to this process."""
        return f"{self.epoch}-{self.number if number is None else number}"

    def number_of(self, cursor: str) -> int | None:
        """Return the frame number of an event id; None if this process did not issue it."""
        epoch, _, number = cursor.rpartition("-")
        if epoch != self.epoch or not number.isdecimal() or int(number) > self.number:
            return None
        return int(number)

    def publish(self, name: str, data: bytes) -> None:
        """Add a delta for the viewers of a channel."""
        with self._lock:
            self.number += 1
            channel = self._channels.setdefault(name, Channel())
            channel.frames.append((self.number, frame("delta", self.cursor(), data)))
            if len(channel.frames) > self._kept:
                channel.passed = channel.frames.popleft()[0]
        self._wake(name)

    def since(self, name: str, number: int) -> tuple[int, bytes] | None:
        """Return the last number and the bytes of the frames after `number`; None if some are gone.

        A channel on which nothing was published has nothing new.
        """
        with self._lock:
            channel = self._channels.get(name)
            if channel is None:
                return number, b""
            if number < channel.passed:
                return None
            frames = [entry for entry in channel.frames if entry[0] > number]
        return (frames[-1][0], b"".join(data for _, data in frames)) if frames else (number, b"")

    def close(self, name: str) -> None:
        """Remove a channel on which nothing more will be published."""
        with self._lock:
            self._channels.pop(name, None)
        self._wake(name)


def frame(event: str, cursor: str, data: bytes) -> bytes:
    """Return a server-sent event; the data is one line, as msgspec writes JSON."""
    return b"event: %b\nid: %b\ndata: %b\n\n" % (event.encode(), cursor.encode(), data)
