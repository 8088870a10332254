"""Late, early and missing messages; facts refused because of them, and healed."""

import msgspec

from streams.messages.events import BallBowled, encode
from streams.messages.predictions import Waiting, Withdrawal
from streams.pipeline.advance import advance
from streams.pipeline.canonical import surviving
from streams.pipeline.effects import Effects
from streams.pipeline.gaps import GapLimits
from tests.support.feeds import BALLS, EVENTS, FAR, after, made, revised, same, told, without
from tests.support.matches import log_of, models


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


def late(missing: int, patience: GapLimits, *, stop: int) -> Effects:
    return advance({}, log_of([*EVENTS[:missing], *EVENTS[missing + 1 : stop]]), models(), patience)


def test_patience_ends_after_so_many_messages_and_what_follows_is_flagged() -> None:
    assert {p.seq for p in made(late(10, GapLimits(4, 9_999), stop=15))} == {*range(2, 10)}
    effects = late(10, GapLimits(4, 9_999), stop=16)
    flagged = [p for p in made(effects) if p.missing]
    assert [p.seq for p in flagged] == [11, 12, 13, 14, 15]
    assert {p.missing for p in flagged} == {1}
    waiting = flagged[0].waiting
    assert waiting is not None
    assert (waiting.seq, waiting.since) == (10, EVENTS[11].at)


def test_patience_ends_after_so_much_of_the_feeds_time() -> None:
    spent = (EVENTS[14].at - EVENTS[11].at) // 1_000
    assert not any(p.missing for p in made(late(10, GapLimits(99, spent), stop=15)))
    assert any(p.missing for p in made(late(10, GapLimits(99, spent - 1), stop=15)))


def test_the_end_of_a_match_ends_patience() -> None:
    effects = late(len(EVENTS) - 3, GapLimits(99, 99_999), stop=len(EVENTS))
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
