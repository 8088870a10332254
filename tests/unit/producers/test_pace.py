"""The pace of a replay, and its way to Kafka."""

from dataclasses import dataclass, field

import pytest

from cricket.facts import Outcome
from producers.faults import Faults, injected
from producers.replay import Pace, deliver, send
from producers.schedule import timed_events
from producers.simulator import Team, simulate
from streams.messages.events import MatchEvent, decode, event_of
from streams.settings import Settings

DAY = 86_400_000
MATCH = simulate("m0", (Team("Reds"), Team("Blues")), seed=1)


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    time: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told_at(*seconds: float) -> list[MatchEvent]:
    return [event_of("m", n, int(at * 1_000), Outcome(None, "tie")) for n, at in enumerate(seconds)]


def test_a_tenth_of_the_time_at_ten_times_the_speed(clock: Clock) -> None:
    events = told_at(50, 82, 82, 132)
    pace = Pace(clock.now, clock.sleep, speed=10.0, longest_pause=60.0)
    assert list(pace.timed(events)) == events
    assert clock.slept == [3.2, 5.0]  # the first is sent at once, as is what comes with another


def test_a_long_pause_is_cut(clock: Clock) -> None:
    events = told_at(0, 1, DAY / 1_000, DAY / 1_000 + 1)
    list(Pace(clock.now, clock.sleep, speed=1.0, longest_pause=2.0).timed(events))
    assert clock.slept == [1.0, 2.0, 1.0]


def test_a_rate_is_so_many_messages_a_second_whatever_their_times(clock: Clock) -> None:
    events = told_at(0, 0, 500, DAY)
    list(Pace(clock.now, clock.sleep, speed=1.0, rate=4.0).timed(events))
    assert clock.slept == [0.25] * 4


def test_without_speed_or_rate_all_is_sent_at_once(clock: Clock) -> None:
    events = told_at(0, 500, DAY)
    assert list(Pace(clock.now, clock.sleep).timed(events)) == events
    assert clock.slept == []


def test_time_lost_on_the_way_is_made_good(clock: Clock) -> None:
    waits = []
    for _ in Pace(clock.now, clock.sleep, speed=1.0).timed(told_at(0, 1, 2, 3, 4)):
        waits.append(len(clock.slept))
        clock.time += 2.5 if len(waits) == 1 else 0.0  # the first took long to send
    assert clock.slept == [0.5, 1.0]
    assert waits == [0, 0, 0, 1, 2]


# On the way to Kafka


class SentMessages:
    """Stands for the outbox: what was queued."""

    def __init__(self) -> None:
        self.queued: list[tuple[str, bytes, bytes]] = []

    def send(self, topic: str, key: bytes, value: bytes, *, headers: None = None) -> None:
        assert headers is None
        self.queued.append((topic, key, value))


def test_each_event_is_queued_under_its_match_before_it_is_yielded() -> None:
    outbox, settings = SentMessages(), Settings()
    events = list(timed_events(MATCH))
    for count, event in enumerate(send(events, outbox, settings), start=1):  # type: ignore[arg-type]
        topic, key, value = outbox.queued[-1]
        assert (len(outbox.queued), key, decode(value)) == (count, b"m0", event)
        assert topic.endswith("cricket.balls")
    assert len(outbox.queued) == len(events)


def test_a_bad_feed_is_paced_and_queued_as_it_is_sent(clock: Clock) -> None:
    outbox, settings = SentMessages(), Settings()
    faults = Faults(reorder=0.2, garbage=0.2, duplicates=0.2)
    sent = list(injected(timed_events(MATCH), faults, seed=1))
    paced = Pace(clock.now, clock.sleep, speed=60.0, longest_pause=60.0).timed(sent)
    assert list(deliver(paced, outbox, settings)) == sent  # type: ignore[arg-type]
    assert [value for _, _, value in outbox.queued] == [delivery.value for delivery in sent]
    assert {key for _, key, _ in outbox.queued} == {b"m0"}
    assert sum(clock.slept) == pytest.approx((sent[-1].at - sent[0].at) / 60_000, abs=0.1)
