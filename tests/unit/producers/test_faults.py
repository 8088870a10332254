"""A bad feed from a seed: what goes wrong, and that the log tells the true match in the end."""

from collections import Counter
from itertools import pairwise

import msgspec
import pytest

from cricket.facts import Fixture
from producers.faults import KINDS, Delivery, Faults, drawn, injected, parse
from producers.schedule import BALL
from producers.simulator import Team, simulate
from streams.messages.events import (
    BallBowled,
    BrokenMessageError,
    MatchEvent,
    MatchStarted,
    MessageCancelled,
    decode,
)
from tests.support.matches import messages

MATCH = simulate("m0", (Team("Reds"), Team("Blues")), seed=1)
EVENTS = messages(MATCH)
EVERYTHING = Faults(**dict.fromkeys(KINDS, 0.1), delay=60_000)


def sent(faults: Faults, seed: int = 1, events: list[MatchEvent] = EVENTS) -> list[Delivery]:
    return list(injected(events, faults, seed))


def facts(deliveries: list[Delivery]) -> list[object]:
    """What the highest revisions tell, in the order of play."""
    newest: dict[tuple[int, int], MatchEvent] = {}
    for event in (d.event for d in deliveries if d.event is not None):
        if event.place not in newest or event.revision > newest[event.place].revision:
            newest[event.place] = event
    told = (event for _, event in sorted(newest.items()))
    return [_fact(event) for event in told if not isinstance(event, MessageCancelled)]


def _fact(event: MatchEvent) -> object:
    return event.fixture if isinstance(event, MatchStarted) else event.fact  # type: ignore[union-attr]


def test_a_feed_without_faults_is_the_clean_one() -> None:
    assert [d.event for d in sent(Faults())] == EVENTS
    assert all(decode(d.value) == d.event for d in sent(Faults()))
    assert all(d.fresh for d in sent(Faults()))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", [*KINDS, "everything"])
def test_whatever_goes_wrong_the_log_tells_the_true_match(kind: str, seed: int) -> None:
    faults = EVERYTHING if kind == "everything" else Faults(**{kind: 0.2})  # type: ignore[arg-type]
    found = sent(faults, seed)
    assert facts(found) == [MATCH.fixture, *MATCH.facts]
    assert isinstance(facts(found)[0], Fixture)
    assert [d.event for d in found] != EVENTS


def test_the_same_seed_gives_the_same_feed_and_another_seed_another() -> None:
    assert sent(EVERYTHING, 3) == sent(EVERYTHING, 3)
    assert sent(EVERYTHING, 3) != sent(EVERYTHING, 4)


def test_messages_are_sent_by_time() -> None:
    assert all(one.at <= other.at for one, other in pairwise(sent(EVERYTHING)))


def test_each_true_fact_is_fresh_once() -> None:
    assert sum(d.fresh for d in sent(EVERYTHING)) == len(EVENTS)


def test_matches_beside_each_other_have_the_faults_that_they_have_alone() -> None:
    other = messages(simulate("m1", (Team("Reds"), Team("Blues")), seed=1))
    both = sent(EVERYTHING, 1, sorted([*EVENTS, *other], key=lambda event: event.at))
    mine = [d for d in both if d.match_id == "m0"]
    assert sorted(mine) == sorted(sent(EVERYTHING))


def test_duplicates_are_the_same_bytes_again() -> None:
    counted = Counter(d.value for d in sent(Faults(duplicates=0.3)))
    assert set(counted.values()) == {1, 2}


def test_what_is_reordered_is_late_by_a_ball_and_less_than_the_delay_more() -> None:
    found = sent(Faults(reorder=0.3, delay=90_000))
    late = [d.at - d.event.at for d in found if d.event and d.at != d.event.at]
    assert late
    assert BALL <= min(late) <= max(late) < BALL + 90_000


def test_what_is_lost_comes_after_two_to_twenty_delays() -> None:
    found = sent(Faults(loss=0.2, delay=60_000))
    late = [d.at - d.event.at for d in found if d.event and d.at != d.event.at]
    assert late
    assert 120_000 <= min(late) <= max(late) <= 1_200_000
    assert any(one.event.seq > other.event.seq for one, other in pairwise(found))  # type: ignore[union-attr]


def test_an_amended_message_is_wrong_first_and_then_right() -> None:
    found = sent(Faults(amend=0.3))
    wrong = [d for d in found if d.event and d.event.revision == 0 and d.event not in EVENTS]
    right = [d for d in found if d.event and d.event.revision == 1]
    assert len(wrong) == len(right) > 50
    for made in right:
        assert made.event is not None
        assert _fact(made.event) == _fact(EVENTS[made.event.seq])


def test_cancelled_messages_are_restored_and_phantoms_are_not() -> None:
    found = sent(Faults(cancel=0.3))
    taken_back = {d.event.place for d in found if isinstance(d.event, MessageCancelled)}
    phantoms = {d.event.place for d in found if d.event and d.event.rank}
    restored = {d.event.place for d in found if d.event and d.event.revision == 3}
    assert taken_back == phantoms | restored
    assert phantoms
    assert restored


def test_forgotten_balls_have_no_number_of_their_own() -> None:
    found = [d.event for d in sent(Faults(insert=0.3)) if d.event]
    numbered = sorted(event.seq for event in found if not event.rank)
    forgotten = [event for event in found if event.rank]
    assert numbered == list(range(len(EVENTS) - len(forgotten)))
    assert {type(event) for event in forgotten} == {BallBowled}


def test_garbage_is_no_event_of_the_match() -> None:
    garbage = [d.value for d in sent(Faults(garbage=0.5)) if d.event is None]
    assert len(garbage) > 50
    for value in garbage:
        try:
            assert decode(value).match_id != "m0"
        except BrokenMessageError:
            continue


def test_a_failure_is_made_smaller_by_leaving_faults_out() -> None:
    found = [(e.seq, kind) for e in EVENTS for kind in drawn(e, EVERYTHING, 1).kinds]
    assert list(injected(EVENTS, EVERYTHING, 1, found)) == sent(EVERYTHING)
    assert [d.event for d in injected(EVENTS, EVERYTHING, 1, [])] == EVENTS
    one = next(fault for fault in found if fault[1] == "duplicates")
    counted = Counter(d.value for d in injected(EVENTS, EVERYTHING, 1, [one]))
    assert sorted(counted.values())[-2:] == [1, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Faults()),
        ("duplicates=0.02, reorder=.05", Faults(duplicates=0.02, reorder=0.05)),
        ("delay=30s", Faults(delay=30_000)),
        ("delay=500ms,loss=1", Faults(loss=1.0, delay=500)),
        ("delay=2m", Faults(delay=120_000)),
        ("delay=7", Faults(delay=7_000)),
    ],
)
def test_faults_are_read_from_text(text: str, expected: Faults) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("losses=0.1", "unknown fault 'losses'; there are duplicates, reorder, loss"),
        ("loss", "fault 'loss': give each once, as loss=value"),
        ("loss=0.1,loss=0.2", "give each once"),
        ("loss=two", "fault loss=two: a share of the messages is from 0 to 1"),
        ("loss=1.5", "from 0 to 1"),
        ("loss=nan", "from 0 to 1"),
        ("delay=soon", "fault delay=soon: a time such as 500ms, 30s or 2m"),
        ("delay=-1s", "a time such as"),
        ("delay=9000h", "a time such as"),
        ("delay=2000m", "at most a day"),
    ],
)
def test_a_wrong_fault_is_refused_with_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_an_event_keeps_its_times() -> None:
    clean = {msgspec.structs.replace(e, seq=0, rank=0).at for e in EVENTS}
    assert {d.event.at for d in sent(Faults(reorder=0.5, loss=0.2)) if d.event} == clean
