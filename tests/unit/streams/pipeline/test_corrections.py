"""After a correction everything is as if the corrected match had been told."""

from dataclasses import replace

import msgspec
import pytest

from cricket.facts import InningsReopened, PlayerReplaced, TargetRevised
from learning.training.label_checks import wrong
from streams.messages.events import BallBowled, MatchStarted, encode, event_of
from streams.messages.predictions import Withdrawal
from streams.pipeline.canonical import corrected, surviving
from tests.support.feeds import (
    BALLS,
    CHASE,
    CLOSED,
    ENDED,
    EVENTS,
    FAR,
    after,
    cancelled,
    hashed,
    made,
    revised,
    same,
    swapped,
    told,
    without,
)
from tests.support.matches import served


def test_an_amended_ball_moves_everything_after_it() -> None:
    wrong, amended = BALLS[5], revised(BALLS[5], runs=6)
    effects = told(*EVENTS, amended)
    assert same(effects, *swapped(wrong, amended))
    assert not same(effects, *EVENTS)


def test_a_correction_sends_again_what_it_moved_and_nothing_before() -> None:
    effects = told(revised(BALLS[5], runs=6), live=after(*EVENTS[:20]))
    expected = [e.seq for e in EVENTS[:20] if isinstance(e, BallBowled) and e.seq >= BALLS[5].seq]
    assert [(p.seq, p.revision, p.supersedes) for p in made(effects)] == [
        (seq, 1, 0) for seq in expected
    ]
    assert {p.source.offset for p in made(effects)} == {FAR}


def test_what_a_correction_does_not_move_is_not_sent_again() -> None:
    live = after(*EVENTS[:20])
    assert told(revised(BALLS[5]), live=live).predictions == []  # the same fact again
    caught = next(b for b in BALLS if b.fact.wickets)
    helped = replace(caught.fact.wickets[0], fielders=("Blues 4",))
    named = told(revised(caught, wickets=(helped,)), live=live)
    assert [p.seq for p in made(named)] == [caught.seq]  # only that ball's names its fielder
    assert named.records["m"].log[caught.seq].event.revision == 1


def test_a_correction_that_is_corrected_back_leaves_no_trace() -> None:
    effects = told(*EVENTS, revised(BALLS[5], 1, runs=6), revised(BALLS[5], 2))
    assert same(effects, *EVENTS)
    newest = {p.seq: p for p in made(effects)}
    assert {p.revision for p in newest.values() if p.seq >= BALLS[5].seq} == {2}
    assert {p.revision for p in newest.values() if p.seq < BALLS[5].seq} == {0}


def test_the_highest_revision_wins_in_whatever_order_revisions_come() -> None:
    first, second = revised(BALLS[5], 1, runs=6), revised(BALLS[5], 2, runs=3)
    one, other = told(*EVENTS, first, second), told(*EVENTS, second, first)
    assert hashed(one) == hashed(other)
    assert same(one, *swapped(BALLS[5], second))
    assert other.repeated == 1


def test_a_revision_that_comes_before_what_it_revises_is_the_ball() -> None:
    amended = revised(BALLS[5], runs=6)
    effects = told(*swapped(BALLS[5], amended), BALLS[5])
    assert effects.repeated == 1
    assert {p.revision for p in made(effects)} == {0}


def test_a_cancelled_ball_is_withdrawn_and_never_happened() -> None:
    effects = told(*EVENTS, cancelled(BALLS[-1]))
    assert same(effects, *without(BALLS[-1]))
    (withdrawal,) = (said for said in effects.predictions if isinstance(said, Withdrawal))
    assert (withdrawal.seq, withdrawal.revision, withdrawal.supersedes) == (BALLS[-1].seq, 1, 0)
    assert withdrawal.model == served().version


def test_a_cancelled_ball_can_be_restored() -> None:
    effects = told(*EVENTS, cancelled(BALLS[3], 1), revised(BALLS[3], 2))
    assert same(effects, *EVENTS)


def test_a_forgotten_ball_takes_its_place_by_rank() -> None:
    forgotten = BALLS[4]
    numbered = [
        msgspec.structs.replace(e, seq=e.seq - (e.seq > forgotten.seq)) for e in without(forgotten)
    ]
    late = msgspec.structs.replace(forgotten, seq=forgotten.seq - 1, rank=3)
    effects = told(*numbered, late)
    assert same(effects, *EVENTS)
    place = next(p for p in made(effects) if p.rank)
    assert (place.seq, place.rank, place.revision) == (forgotten.seq - 1, 3, 0)


def test_every_kind_of_message_can_be_amended() -> None:
    for event, change in (
        (CLOSED, {"penalty": 5}),
        (CHASE, {"target": 12}),
        (ENDED, {"winner": "Blues", "method": "D/L"}),
    ):
        amended = revised(event, **change)
        assert same(told(*EVENTS, amended), *swapped(event, amended))


def test_an_amended_start_draws_again_from_history() -> None:
    first = EVENTS[0]
    assert isinstance(first, MatchStarted)
    fixture = replace(first.fixture, teams=("Reds", "Blues"), venue="Elsewhere", event="Cup")
    amended = msgspec.structs.replace(first, revision=1, fixture=fixture)
    assert same(told(*EVENTS, amended), amended, *EVENTS[1:])


def test_a_cancelled_start_takes_everything_back_and_a_new_one_restores_it() -> None:
    effects = told(*EVENTS, cancelled(EVENTS[0]))
    assert surviving(effects.predictions) == []
    assert corrected(effects.labels) == []
    assert {(m.label.key, wrong(m.label)) for m in effects.labels} == {("t20-male", "")}
    assert effects.records["m"].refusing == "called off: its match_started was cancelled"
    assert same(told(*EVENTS, cancelled(EVENTS[0]), revised(EVENTS[0], 2)), *EVENTS)


def test_what_came_while_a_match_was_called_off_is_missing_until_it_is_sent_again() -> None:
    off, on = cancelled(EVENTS[0]), revised(EVENTS[0], 2)
    effects = told(*EVENTS[:20], off, *EVENTS[20:23], on, *EVENTS[23:])
    assert [letter.value for letter in effects.dead_letters[-3:]] == [
        encode(event) for event in EVENTS[20:23]
    ]
    assert [gap.seq for gap in effects.records["m"].missing] == [20, 21, 22]
    assert same(told(*EVENTS[:20], off, *EVENTS[20:23], on, *EVENTS[23:], *EVENTS[20:23]), *EVENTS)


@pytest.mark.parametrize("rank", [1, 7])
def test_changed_terms_take_their_place_whenever_they_come(rank: int) -> None:
    chase = [b for b in BALLS if b.fact.innings == 1]
    extra = event_of("m", chase[1].seq, 0, TargetRevised(1, target=15))
    revision = msgspec.structs.replace(extra, rank=rank)
    in_time = [*EVENTS[: chase[1].seq + 1], revision, *EVENTS[chase[1].seq + 1 :]]
    assert same(told(*EVENTS, revision), *in_time)
    assert not same(told(*EVENTS, revision), *EVENTS)


def test_a_replaced_player_and_a_reopened_innings_are_played() -> None:
    reopened = msgspec.structs.replace(
        event_of("m", CLOSED.seq, 0, InningsReopened(CLOSED.fact.innings)), rank=1
    )
    closed = msgspec.structs.replace(CLOSED, rank=2)
    substitute = event_of("m", 1, 0, PlayerReplaced("Reds", "Reds 9", "Reds 12", "injured"))
    effects = told(*EVENTS, reopened, closed, msgspec.structs.replace(substitute, rank=1))
    assert effects.dead_letters == []
    state = effects.records["m"].state
    assert state is not None
    assert [r.in_ for r in state.replaced] == ["Reds 12"]
    assert len(surviving(effects.predictions)) == len(BALLS)
