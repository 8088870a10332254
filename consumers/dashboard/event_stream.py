"""The stream to a viewer: a snapshot where needed, then deltas, and a beat while all is quiet.

Everything here runs in the event loop; `Notifier.notify` is called from there too.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import msgspec

from consumers.dashboard.channels import frame
from consumers.dashboard.live import READING, Live

BEAT_SECONDS = 5.0
FRESH_SECONDS = 1.0  # a snapshot serves all who come within it: deltas bring them up to date
RETRY_MS = 1_000  # after which a browser reconnects
GZIP_LEVEL = 5


class Notifier:
    """Wakes the viewers that wait for a channel."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self.beats = 0
        self.closed = False

    def of(self, channel: str) -> asyncio.Event:
        """Return an event that is set with the channel's next frame, or the next beat."""
        return self._events.setdefault(channel, asyncio.Event())

    def notify(self, channel: str) -> None:
        """Wake the viewers of a channel."""
        event = self._events.pop(channel, None)
        if event is not None:
            event.set()

    def notify_all(self) -> None:
        """Wake all viewers."""
        for channel in list(self._events):
            self.notify(channel)

    async def beat(self) -> None:
        """Beat until closed: one clock for all viewers."""
        while not self.closed:
            await asyncio.sleep(BEAT_SECONDS)
            self.beats += 1
            self.notify_all()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self.notify_all()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A channel's document, and the number of the last frame that it includes."""

    number: int
    made_at: float  # the clock's seconds
    body: bytes
    compressed: bytes


class Snapshots:
    """The snapshots of all channels, each made at most once a second."""

    def __init__(self, live: Live, clock: Callable[[], float]) -> None:
        self._live = live
        self._clock = clock  # seconds
        self._cache: dict[str, Snapshot] = {}

    def of(self, channel: str) -> Snapshot | None:
        """Return a channel's snapshot; None if there is no such match."""
        cached, now = self._cache.get(channel), self._clock()
        if cached is not None and self._serves(channel, cached, now):
            return cached
        self._cache = {c: s for c, s in self._cache.items() if now - s.made_at < FRESH_SECONDS}
        body = self._live.snapshot(channel)
        if body is None:
            return None
        number = self._live.channels.number_of(msgspec.json.decode(body, type=_Cursor).cursor) or 0
        snapshot = Snapshot(number, now, body, gzip.compress(body, GZIP_LEVEL, mtime=0))
        self._cache[channel] = snapshot
        return snapshot

    def _serves(self, channel: str, snapshot: Snapshot, now: float) -> bool:
        """Return whether a snapshot is fresh and the frames after it are still there."""
        reachable = self._live.channels.since(channel, snapshot.number) is not None
        return reachable and now - snapshot.made_at < FRESH_SECONDS


class _Cursor(msgspec.Struct):
    cursor: str


async def stream(
    channel: str, number: int | None, snapshots: Snapshots, live: Live, notifier: Notifier
) -> AsyncIterator[bytes]:
    """Yield a viewer's events, from the frame after `number`, or from a snapshot."""
    channels, beats = live.channels, notifier.beats
    yield f"retry: {RETRY_MS}\n\n".encode()
    while not notifier.closed:
        news = notifier.of(channel)  # before looking: whatever comes meanwhile sets it
        deltas = None if number is None else channels.since(channel, number)
        if deltas is None:
            snapshot = snapshots.of(channel)
            if snapshot is None and live.feed == READING:
                await news.wait()  # the log is still being read: the match may be in it
                continue
            if snapshot is None:
                yield frame("gone", channels.cursor(), b"{}")
                return
            number = snapshot.number
            yield frame("snapshot", channels.cursor(number), snapshot.body)
        elif deltas[1]:
            number = deltas[0]
            yield deltas[1]
        elif beats != notifier.beats:
            beats = notifier.beats
            yield _beat(live)
        else:
            await news.wait()


def _beat(live: Live) -> bytes:
    """Return a heartbeat with the server's time; it has no id, so that the cursor stays."""
    data = msgspec.json.encode({"now": live.now(), "feed": live.feed})
    return b"event: beat\ndata: %b\n\n" % data
