"""Frames, cursors, snapshots and streams: nothing lost, nothing twice, nothing piles up."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from consumers.dashboard.channels import Channels
from consumers.dashboard.content.documents import MatchDelta, MatchDocument
from consumers.dashboard.content.state import PageState
from consumers.dashboard.event_stream import Notifier, Snapshots, stream
from consumers.dashboard.live import LIVE, MATCHES, Live, channel_of
from streams.messages.predictions import Prediction
from tests.support.dashboard_messages import SAID, heard

CHANNEL = channel_of("m")
Frame = tuple[str, str, bytes]


def live_of(kept: int = 256) -> tuple[Live, Notifier]:
    notifier = Notifier()
    return Live(PageState(), Channels("epoch", notifier.notify, kept), lambda: 1_000), notifier


def frames(data: bytes) -> list[Frame]:
    """Event, id and data of each event; the client's waiting time is none."""
    found = []
    for block in data.decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], fields.get("id", ""), fields["data"].encode()))
    return found


class Viewer:
    """A browser's side of a stream: what it shows, from snapshot and deltas."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        self.events = events
        self.kinds: list[str] = []
        self.cursor = ""
        self.points: dict[tuple[int, int], msgspec.Struct] = {}

    async def read(self) -> None:
        for kind, cursor, data in frames(await anext(self.events)):
            self.kinds.append(kind)
            self.cursor = cursor or self.cursor
            self.show(kind, data)

    def show(self, kind: str, data: bytes) -> None:
        if kind == "snapshot":
            document = msgspec.json.decode(data, type=MatchDocument)
            self.points = {(p.seq, p.rank): p for p in document.points}
        elif kind == "delta":
            delta = msgspec.json.decode(data, type=MatchDelta)
            self.points |= {(p.seq, p.rank): p for p in delta.points}
            for place in delta.gone:
                self.points.pop(tuple(place), None)


def viewer(live: Live, notifier: Notifier, number: int | None = None) -> Viewer:
    snapshots = Snapshots(live, lambda: 0.0)
    return Viewer(stream(CHANNEL, number, snapshots, live, notifier))


def shown_by(live: Live) -> list[tuple[int, int]]:
    body = live.snapshot(CHANNEL)
    assert body is not None
    return [(p.seq, p.rank) for p in msgspec.json.decode(body, type=MatchDocument).points]


def test_a_viewer_begins_with_a_snapshot_and_goes_on_with_deltas() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        live.take(heard(SAID[:10]))
        seen = viewer(live, notifier)
        await seen.read()
        await seen.read()
        live.take(heard(SAID[10:13], 10))
        await seen.read()
        assert seen.kinds == ["snapshot", "delta"]
        assert sorted(seen.points) == shown_by(live)

    asyncio.run(watched())


def test_a_viewer_that_comes_back_gets_just_what_it_missed() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        live.take(heard(SAID[:10]))
        number = live.channels.number
        for at in range(10, 15):
            live.take(heard([SAID[at]], at))
        back = viewer(live, notifier, number)
        await back.read()
        await back.read()
        assert back.kinds == ["delta"] * 5
        assert sorted(back.points) == [
            (s.seq, s.rank) for s in SAID[10:15] if isinstance(s, Prediction)
        ]

    asyncio.run(watched())


def test_a_slow_viewer_is_given_a_snapshot_instead_of_a_queue() -> None:
    async def watched() -> None:
        live, notifier = live_of(kept=4)
        live.take(heard(SAID[:2]))
        number = live.channels.number
        for at in range(2, 30):
            live.take(heard([SAID[at]], at))
        slow = viewer(live, notifier, number)
        await slow.read()
        await slow.read()
        assert slow.kinds == ["snapshot"]
        assert sorted(slow.points) == shown_by(live)

    asyncio.run(watched())


def test_a_cursor_of_another_process_begins_anew() -> None:
    live, _ = live_of()
    live.take(heard(SAID[:3]))
    assert live.channels.number_of(live.channels.cursor()) == live.channels.number
    for foreign in ("other-1", "", "epoch-", "epoch-x", f"epoch-{live.channels.number + 1}"):
        assert live.channels.number_of(foreign) is None


def test_a_snapshot_that_many_ask_for_is_made_once_and_its_deltas_still_fit() -> None:
    live, notifier = live_of()
    now = [0.0]
    snapshots = Snapshots(live, lambda: now[0])
    live.take(heard(SAID[:10]))
    first = snapshots.of(CHANNEL)
    live.take(heard(SAID[10:12], 10))
    assert snapshots.of(CHANNEL) is first
    assert first is not None
    missed = live.channels.since(CHANNEL, first.number)
    assert missed is not None
    assert [kind for kind, _, _ in frames(missed[1])] == ["delta"]
    now[0] = 1.5
    assert snapshots.of(CHANNEL) is not first
    assert not notifier.closed


def test_a_quiet_stream_beats_without_moving_the_cursor() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        live.take(heard(SAID[:3]))
        seen = viewer(live, notifier, live.channels.number)
        await seen.read()
        waiting = asyncio.ensure_future(seen.read())
        await asyncio.sleep(0)
        notifier.beats += 1
        notifier.notify_all()
        await waiting
        assert (seen.kinds, seen.cursor) == (["beat"], "")

    asyncio.run(watched())


def test_a_viewer_who_comes_while_the_log_is_read_waits_for_the_match() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        seen = viewer(live, notifier)
        await seen.read()
        waiting = asyncio.ensure_future(seen.read())
        await asyncio.sleep(0)
        assert not waiting.done()
        live.take(heard(SAID[:3]))
        await waiting
        assert seen.kinds == ["snapshot"]

    asyncio.run(watched())


def test_the_stream_of_a_match_that_is_not_kept_ends() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        live.feed = LIVE
        seen = viewer(live, notifier)
        await seen.read()
        await seen.read()
        assert seen.kinds == ["gone"]
        with pytest.raises(StopAsyncIteration):
            await anext(seen.events)

    asyncio.run(watched())


def test_streams_end_when_the_server_does() -> None:
    async def watched() -> None:
        live, notifier = live_of()
        live.take(heard(SAID[:3]))
        seen = viewer(live, notifier, live.channels.number)
        await seen.read()
        waiting = asyncio.ensure_future(anext(seen.events))
        await asyncio.sleep(0)
        notifier.close()
        with pytest.raises(StopAsyncIteration):
            await waiting

    asyncio.run(watched())


def test_what_comes_in_one_batch_goes_out_in_one_delta() -> None:
    live, _ = live_of()
    live.take(heard(SAID[:20]))
    for channel in (CHANNEL, MATCHES):
        found = live.channels.since(channel, 0)
        assert found is not None
        assert len(frames(found[1])) == 1
