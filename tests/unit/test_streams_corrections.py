"""Corrections by hand: amended, cancelled, forgotten and late messages, and what they revise."""

from dataclasses import replace
from itertools import groupby

import msgspec
import pytest

from cricket.facts import InningsReopened, PlayerReplaced, TargetRevised
from learning.checks import wrong
from learning.forecaster import Forecaster
from learning.starter import load_starter
from streams.canonical import canonical_hash, corrected, surviving
from streams.events import (
    BallBowled,
    InningsClosed,
    InningsOpened,
    MatchEvent,
    MatchStarted,
    MessageCancelled,
    encode,
    event_of,
)
from streams.patience import Patience
from streams.pipeline import advance
from streams.predictions import Prediction, Said, Waiting, Withdrawal
from streams.records import Effects, MatchRecord, decode_record, encode_record
from tests.unit.matches import log_of, messages, models, served, short_match

MATCH = short_match("m", "14.6wW2" * 3, "1146..2")
EVENTS = messages(MATCH)
BALLS = [e for e in EVENTS if isinstance(e, BallBowled)]
CLOSED = next(e for e in EVENTS if isinstance(e, InningsClosed))
CHASE = [e for e in EVENTS if isinstance(e, InningsOpened)][1]
ENDED = EVENTS[-1]
FAR = 10_000


def revised(event: MatchEvent, revision: int = 1, **fact: object) -> MatchEvent:
    """The event told again, its fact changed."""
    changed = msgspec.structs.replace(event, revision=revision)
    if not fact:
        return changed
    return msgspec.structs.replace(changed, fact=replace(event.fact, **fact))  # type: ignore[union-attr,type-var]


def cancelled(event: MatchEvent, revision: int = 1) -> MatchEvent:
    """What takes the event back."""
    return MessageCancelled(
        match_id=event.match_id, seq=event.seq, rank=event.rank, revision=revision, at=event.at
    )


def told(*events: MatchEvent, live: dict[str, MatchRecord] | None = None) -> Effects:
    """The effects of events that come in this order."""
    return advance(live or {}, log_of(events, FAR if live else 0), models())


def after(*events: MatchEvent) -> dict[str, MatchRecord]:
    """The live match after events."""
    return told(*events).records


def same(effects: Effects, *clean: MatchEvent) -> bool:
    """Whether what is left of a log is what is left of a clean one."""
    return hashed(effects) == hashed(told(*clean))


def hashed(effects: Effects) -> str:
    return canonical_hash(effects.records["m"], effects.predictions, effects.labels)


def made(effects: Effects) -> list[Prediction]:
    return [said for said in effects.predictions if isinstance(said, Prediction)]


def without(*left_out: MatchEvent) -> list[MatchEvent]:
    return [event for event in EVENTS if event not in left_out]


def swapped(old: MatchEvent, new: MatchEvent) -> list[MatchEvent]:
    return [new if event == old else event for event in EVENTS]


# Amended, cancelled, forgotten


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
    assert named.predictions == []  # no prediction names a fielder
    assert named.records["m"].book[caught.seq].event.revision == 1


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


# Late, early, missing


def test_early_messages_are_held_until_the_missing_one_comes() -> None:
    before = told(*EVENTS[:10], *EVENTS[11:14])
    record = before.records["m"]
    assert record.seq == 9
    assert record.waiting is not None
    assert (record.waiting.seq, record.waiting.since) == (10, EVENTS[11].at)
    healed = told(EVENTS[10], live=before.records)
    assert [p.seq for p in healed.predictions] == [10, 11, 12, 13]
    assert {p.revision for p in made(healed)} == {0}
    assert healed.records["m"].waiting is None


def test_a_wait_is_told_once_with_the_ball_that_is_due() -> None:
    effects = told(*EVENTS[:10], *EVENTS[11:14])
    (wait,) = (said for said in effects.predictions if isinstance(said, Waiting))
    due = EVENTS[10]
    assert isinstance(due, BallBowled)
    bowled = sum(b.fact.legal for b in BALLS if b.fact.over == due.fact.over and b.seq < due.seq)
    assert (wait.seq, wait.ball) == (10, f"{due.fact.over}.{bowled + 1}")
    assert (wait.since, wait.held) == (EVENTS[11].at, 1)


def late(missing: int, patience: Patience, *, stop: int) -> Effects:
    return advance({}, log_of([*EVENTS[:missing], *EVENTS[missing + 1 : stop]]), models(), patience)


def test_patience_ends_after_so_many_messages_and_what_follows_is_flagged() -> None:
    assert {p.seq for p in made(late(10, Patience(4, 9_999), stop=15))} == {*range(2, 10)}
    effects = late(10, Patience(4, 9_999), stop=16)
    flagged = [p for p in made(effects) if p.missing]
    assert [p.seq for p in flagged] == [11, 12, 13, 14, 15]
    assert {p.missing for p in flagged} == {1}
    waiting = flagged[0].waiting
    assert waiting is not None
    assert (waiting.seq, waiting.since) == (10, EVENTS[11].at)


def test_patience_ends_after_so_much_of_the_feeds_time() -> None:
    spent = (EVENTS[14].at - EVENTS[11].at) // 1_000
    assert not any(p.missing for p in made(late(10, Patience(99, spent), stop=15)))
    assert any(p.missing for p in made(late(10, Patience(99, spent - 1), stop=15)))


def test_the_end_of_a_match_ends_patience() -> None:
    effects = late(len(EVENTS) - 3, Patience(99, 99_999), stop=len(EVENTS))
    state = effects.records["m"].state
    assert state is not None
    assert state.outcome is not None


def test_a_message_that_comes_after_patience_heals_all_that_was_flagged() -> None:
    effects = told(*without(EVENTS[10]), EVENTS[10])
    assert same(effects, *EVENTS)
    assert any(p.missing for p in made(effects))
    assert {p.missing for p in surviving(effects.predictions)} == {0}
    assert effects.records["m"].missing == ()


def test_messages_before_their_start_are_dead_letters_and_played_when_it_comes() -> None:
    effects = told(*EVENTS[1:4], EVENTS[0], *EVENTS[4:])
    assert {letter.reason.partition(":")[0] for letter in effects.dead_letters} == {"unknown match"}
    assert effects.healed == 3
    assert same(effects, *EVENTS)


def test_whatever_the_order_of_arrival_the_match_is_the_same() -> None:
    assert same(told(*EVENTS[::-1]), *EVENTS)


def test_a_forgotten_message_without_the_counted_one_leaves_a_gap() -> None:
    ranked = msgspec.structs.replace(BALLS[5], rank=1)
    record = told(*EVENTS[: BALLS[5].seq], ranked).records["m"]
    assert record.seq == BALLS[5].seq - 1
    assert record.waiting is not None
    assert record.waiting.seq == BALLS[5].seq


# Refused, and healed


def test_a_fact_refused_because_an_earlier_one_was_wrong_is_played_when_it_is_corrected() -> None:
    ball = BALLS[6].fact
    wrong = revised(BALLS[5], 0, over=ball.over, position=ball.position, runs=5)
    live = told(*EVENTS[: BALLS[5].seq], wrong, BALLS[6])
    assert [letter.source.offset for letter in live.dead_letters] == [BALLS[6].seq]
    healed = told(revised(BALLS[5]), live=live.records)
    assert healed.healed == 1
    assert [p.seq for p in made(healed)] == [BALLS[5].seq, BALLS[6].seq]


def test_a_fact_that_a_correction_puts_against_the_laws_is_its_dead_letter() -> None:
    ball = BALLS[6].fact
    wrong = revised(BALLS[5], over=ball.over, position=ball.position)
    effects = told(wrong, live=after(*EVENTS[: BALLS[6].seq + 1]))
    (letter,) = effects.dead_letters
    assert letter.value == encode(BALLS[6])
    assert (letter.source.offset, letter.index) == (FAR, 0)
    assert letter.reason.startswith("against the laws: ball")
    (withdrawal,) = (said for said in effects.predictions if isinstance(said, Withdrawal))
    assert withdrawal.seq == BALLS[6].seq


def test_a_refused_fact_is_told_once_however_often_it_is_played_again() -> None:
    broken = revised(BALLS[8], 0, non_striker=BALLS[8].fact.batter)
    events = [broken if e == BALLS[8] else e for e in EVENTS[:20]]
    effects = told(*events, revised(BALLS[2], 1, runs=3), revised(BALLS[2], 2))
    assert [letter.reason for letter in effects.dead_letters] == [
        "against the laws: batter at both ends"
    ]


# Labels


def labels(effects: Effects) -> list[tuple[str, int, int | None, bool]]:
    return [(m.label.task, m.revision, m.supersedes, m.withdrawn) for m in effects.labels]


def test_a_correction_after_the_end_revises_the_labels() -> None:
    effects = told(revised(BALLS[5], runs=6), live=after(*EVENTS))
    assert ("total", 1, 0, False) in labels(effects)
    runs = sum(b.fact.total for b in BALLS if b.fact.innings == 0) - BALLS[5].fact.runs + 6
    total = next(m for m in effects.labels if m.label.task == "total")
    assert total.label.truth == runs


def test_a_correction_that_moves_no_answer_sends_no_label() -> None:
    last = BALLS[-1]
    effects = told(revised(last, bowler="somebody else"), live=after(*EVENTS))
    assert effects.labels == []


def test_a_cancelled_end_withdraws_the_answer() -> None:
    effects = told(cancelled(ENDED), live=after(*EVENTS))
    assert labels(effects) == [("win", 1, 0, True)]
    again = told(revised(ENDED, 2), live=effects.records)
    assert labels(again) == [("win", 2, 1, False)]


def test_an_answer_that_moves_to_another_place_is_still_known_as_sent() -> None:
    later = msgspec.structs.replace(ENDED, rank=1)
    moved = told(later, cancelled(ENDED), live=after(*EVENTS))
    assert labels(moved) == []
    assert labels(told(cancelled(later), live=moved.records)) == [("win", 1, 0, True)]


def test_the_labels_of_a_log_as_they_stand_are_the_corrected_ones() -> None:
    effects = told(*EVENTS, revised(BALLS[5], runs=6))
    expected = told(*swapped(BALLS[5], revised(BALLS[5], runs=6)))
    assert [m.label for m in corrected(effects.labels)] == [m.label for m in expected.labels]
    assert corrected(told(*EVENTS, cancelled(ENDED)).labels) == [
        m for m in told(*EVENTS).labels if m.label.task == "total"
    ]


# Models, memory and restarts


def renamed(version: str) -> dict[str, Forecaster]:
    snapshot = replace(load_starter()["t20-male"], version=version)
    return {"t20-male": Forecaster(snapshot, served().engine)}


def test_a_correction_is_answered_by_the_installed_model_and_names_it() -> None:
    live = after(*EVENTS[:30])
    effects = advance(live, log_of([revised(BALLS[20], runs=6)], FAR), renamed("newer"))
    assert {p.model for p in made(effects)} == {"newer"}
    assert {p.history for p in made(effects)} == {made(told(*EVENTS[:30]))[0].history}
    memory, before = effects.records["m"].memory, live["m"].memory
    assert memory is not None
    assert before is not None
    assert memory.context == before.context
    assert memory.questions[0] == before.questions[0]


@pytest.mark.parametrize("version", ["installed", "newer"])
def test_a_correction_needs_no_checkpoint(version: str) -> None:
    season_long = messages(short_match("m", "1.4" * 30, "1.2" * 30))
    amended = revised(season_long[70], runs=6)
    live = after(*season_long)
    assert live["m"].checkpoints
    restarted = {"m": decode_record(encode_record(live["m"]))}
    assert not restarted["m"].checkpoints
    serving = models() if version == "installed" else renamed(version)
    one, other = (advance(kept, log_of([amended], FAR), serving) for kept in (live, restarted))
    assert (one.predictions, one.labels) == (other.predictions, other.labels)
    assert encode_record(one.records["m"]) == encode_record(other.records["m"])


def test_revisions_of_a_ball_follow_each_other_without_gaps() -> None:
    corrections = [revised(BALLS[n], r, runs=(n + r) % 5) for r in (1, 2) for n in (4, 9, 2)]
    said = told(*EVENTS[:25], *corrections).predictions
    by_place = groupby(sorted(said, key=_place), key=lambda p: (p.seq, p.rank))
    for _, revisions in by_place:
        found = [(p.revision, p.supersedes) for p in revisions if not isinstance(p, Waiting)]
        assert found == [(n, n - 1 if n else None) for n in range(len(found))]


def _place(said: Said) -> tuple[int, int, int]:
    return said.seq, said.rank, getattr(said, "revision", 0)


def test_a_book_that_is_full_refuses_new_messages_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.pipeline.LONGEST_BOOK", 20)
    effects = told(*EVENTS[:21], revised(BALLS[5], runs=6))
    assert [letter.reason for letter in effects.dead_letters] == [
        "too many messages: the match has 20"
    ]
    assert made(effects)[-1].revision == 1


def test_a_ball_in_order_plays_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr("streams.scorer.rewound", never)
    assert len(told(*EVENTS).predictions) == len(BALLS)
