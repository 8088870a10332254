"""What a viewer is sent: a snapshot where it needs one, then deltas, and a beat while it is quiet.

Everything here runs in the event loop; `Notifier.ring` is called from there too.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import msgspec

from consumers.dashboard.channels import frame
from consumers.dashboard.live import READING, Live

BEAT_SECONDS = 5.0
FRESH_SECONDS = 1.0  # a snapshot serves all who come within it: its deltas bring them up to date
RETRY_MS = 1_000  # after which a browser reconnects
SQUEEZE = 5  # gzip's level


class Notifier:
    """Wakes those who wait for a channel."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self.beats = 0
        self.closed = False

    def of(self, channel: str) -> asyncio.Event:
        """What is set with the channel's next frame, and with the next beat."""
        return self._events.setdefault(channel, asyncio.Event())

    def ring(self, channel: str) -> None:
        """Wakes the viewers of a channel."""
        event = self._events.pop(channel, None)
        if event is not None:
            event.set()

    def ring_all(self) -> None:
        """Wakes everybody."""
        for channel in list(self._events):
            self.ring(channel)

    async def beat(self) -> None:
        """Beats for ever: one clock for all viewers."""
        while not self.closed:
            await asyncio.sleep(BEAT_SECONDS)
            self.beats += 1
            self.ring_all()

    def close(self) -> None:
        """Ends all streams."""
        self.closed = True
        self.ring_all()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A channel's document, the number of the frame that it goes on from, its gzip."""

    number: int
    made: float
    body: bytes
    compressed: bytes


class Snapshots:
    """Snapshots, made at most once a second for each channel."""

    def __init__(self, live: Live, clock: Callable[[], float]) -> None:
        self._live = live
        self._clock = clock  # seconds
        self._made: dict[str, Snapshot] = {}

    def of(self, channel: str) -> Snapshot | None:
        """A channel's snapshot; None if there is no such match."""
        known, now = self._made.get(channel), self._clock()
        if known is not None and self._serves(channel, known, now):
            return known
        self._made = {c: s for c, s in self._made.items() if now - s.made < FRESH_SECONDS}
        body = self._live.snapshot(channel)
        if body is None:
            return None
        number = self._live.hub.number_of(msgspec.json.decode(body, type=_Cursor).cursor) or 0
        made = Snapshot(number, now, body, gzip.compress(body, SQUEEZE, mtime=0))
        self._made[channel] = made
        return made

    def _serves(self, channel: str, known: Snapshot, now: float) -> bool:
        reachable = self._live.hub.since(channel, known.number) is not None
        return reachable and now - known.made < FRESH_SECONDS


class _Cursor(msgspec.Struct):
    cursor: str


async def stream(
    channel: str, number: int | None, snapshots: Snapshots, live: Live, bells: Notifier
) -> AsyncIterator[bytes]:
    """A viewer's events, from the frame after `number`, or from a snapshot."""
    hub, beats = live.hub, bells.beats
    yield f"retry: {RETRY_MS}\n\n".encode()
    while not bells.closed:
        bell = bells.of(channel)  # before looking: what comes meanwhile has set it
        found = None if number is None else hub.since(channel, number)
        if found is None:
            made = snapshots.of(channel)
            if made is None and live.feed == READING:
                await bell.wait()  # the log is still being read: the match may be in it
                continue
            if made is None:
                yield frame("gone", hub.cursor(), b"{}")
                return
            number = made.number
            yield frame("snapshot", hub.cursor(number), made.body)
        elif found[1]:
            number = found[0]
            yield found[1]
        elif beats != bells.beats:
            beats = bells.beats
            yield _beat(live)
        else:
            await bell.wait()


def _beat(live: Live) -> bytes:
    """A sign of life with the server's time; it has no id, so that the cursor stays."""
    said = msgspec.json.encode({"now": live.now(), "feed": live.feed})
    return b"event: beat\ndata: %b\n\n" % said
