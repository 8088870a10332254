"""The fold, innings by innings: ends, targets, super overs, and what is refused."""

from dataclasses import replace

import pytest

from cricket.facts import Fact, Fixture, InningsClose, InningsOpening, Outcome, Wicket
from cricket.play import format_of, full_balls, start
from cricket.state import Innings
from tests.support.balls import (
    BLUES,
    CHASE,
    FIRST,
    FIXTURE,
    REDS,
    ball,
    chase_of,
    innings_of,
    over_of,
    played,
    refusal,
    ten_down,
    wicket,
)

# When an innings ends


def test_the_tenth_wicket_ends_the_innings() -> None:
    assert innings_of(*ten_down()[:9]).over_reason == ""
    assert innings_of(*ten_down()).over_reason == "all out"


def test_the_last_ball_ends_the_innings() -> None:
    overs = [b for over in range(20) for b in over_of(0, 0, 0, 0, 0, 0, over=over)]
    assert (innings_of(*overs[:-1]).over_reason, innings_of(*overs[:-1]).balls_left) == ("", 1)
    assert (innings_of(*overs).over_reason, innings_of(*overs).balls_left) == ("balls", 0)


def test_the_target_met_ends_the_innings_even_by_a_wide() -> None:
    level = chase_of(ball(0, 0, 6, innings=1))
    assert (level.target, level.needed, level.over_reason) == (7, 1, "")
    won = chase_of(ball(0, 0, 6, innings=1), ball(0, 1, innings=1, wides=1))
    assert (won.needed, won.over_reason) == (0, "target")


def test_the_target_is_met_though_the_tenth_wicket_falls_with_it() -> None:
    last = ball(1, 3, 1, innings=1, wickets=(Wicket("run out", "a"),))
    assert chase_of(*ten_down(1)[:9], last, first=0).over_reason == "target"


def test_an_innings_may_be_closed_before_its_end() -> None:
    innings = innings_of(ball(0, 0, 1), InningsClose(0))
    assert (innings.closed, innings.over_reason) == (True, "closed")


def test_an_over_of_seven_balls_does_not_shift_the_innings() -> None:
    told = (*over_of(0, 0, 0, 0, 0, 0), ball(0, 6, 1, miscounted=True))
    seven = innings_of(*told)
    assert (seven.balls, seven.runs, seven.bowlers["x"].balls) == (6, 1, 7)
    assert innings_of(*told, ball(1, 0)).balls == 7


def test_an_over_of_five_balls_does_not_shift_the_innings() -> None:
    assert innings_of(*over_of(0, 0, 0, 0, 0), ball(1, 0)).balls == 7


def test_a_seventh_ball_of_the_last_over_still_counts() -> None:
    overs = [b for over in range(20) for b in over_of(0, 0, 0, 0, 0, 0, over=over)]
    assert innings_of(*overs, ball(19, 6, 4, miscounted=True)).runs == 4


# Targets, penalties, super overs


def test_a_chase_needs_one_more_than_the_first_innings_penalties_included() -> None:
    state = played(replace(FIRST, penalty=5), ball(0, 0, 4), InningsClose(0, penalty=5), CHASE)
    assert [innings.runs for innings in state.innings] == [14, 0]
    assert (state.innings[0].closed, state.innings[1].target) == (True, 15)


def test_penalty_runs_before_an_innings_are_its_first_runs() -> None:
    assert (chase_of(opening=replace(CHASE, penalty=5)).needed) == 2


def test_a_revised_target_and_length_are_those_that_were_stated() -> None:
    innings = chase_of(opening=replace(CHASE, target=50, balls=33))
    assert (innings.target, innings.limit, innings.balls_left) == (50, 33, 33)


def test_a_multi_day_innings_has_no_length_and_no_target_of_its_own() -> None:
    state = played(FIRST, ball(0, 0, 4), CHASE, fixture=Fixture("Test", "male", (REDS, BLUES)))
    innings = state.innings[1]
    assert (innings.limit, innings.balls_left, innings.target, innings.needed) == (None,) * 4


def super_over(*facts: Fact) -> Innings:
    opening = InningsOpening(2, BLUES, super_over=True)
    innings = played(FIRST, CHASE, opening, *facts).current
    assert innings is not None
    return innings


def test_a_super_over_is_six_balls() -> None:
    assert (super_over().limit, super_over().target) == (6, None)
    assert super_over(*over_of(1, 1, 1, 1, 1, innings=2)).over_reason == ""
    assert super_over(*over_of(1, 1, 1, 1, 1, 1, innings=2)).over_reason == "balls"


def test_a_super_over_is_two_wickets() -> None:
    one, two = wicket(0, 0, innings=2), wicket(0, 1, player="c", batter="c", innings=2)
    assert super_over(one).over_reason == ""
    assert super_over(one, two).over_reason == "all out"


def test_a_super_over_is_chased_by_what_it_made_and_not_by_the_match() -> None:
    answer = InningsOpening(3, REDS, super_over=True)
    assert super_over(ball(0, 0, 6, innings=2), answer).target == 7


# What cannot have happened


ONE_BALL = played(FIRST, ball(0, 1, 1))


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (ball(0, 1, 1), "ball 0.1 is not after 0.1"),
        (ball(0, 0), "ball 0.0 is not after 0.1"),
        (ball(1, 0, innings=1), "ball of innings 1, which is not being played"),
        (ball(20, 0), "over 20 is past the end of the innings (120 balls)"),
        (ball(0, 2, -1), "impossible runs (-1, 0, 0, 0, 0, 0)"),
        (ball(0, 2, wides=-1), "impossible runs (0, -1, 0, 0, 0, 0)"),
        (ball(0, 2, 21), "impossible runs (21, 0, 0, 0, 0, 0)"),
        (ball(1, -1), "a ball's over and position count from 0"),
        (ball(0, 2, batter="b"), "batter at both ends"),
        (InningsClose(1), "innings 1 closed, which is not being played"),
        (InningsClose(0, penalty=-5), "impossible penalty -5"),
        (FIRST, "innings 0 opened, 1 is due"),
        (InningsOpening(2, BLUES), "innings 2 opened, 1 is due"),
        (InningsOpening(1, "Greens"), "'Greens' does not play in this match"),
        (replace(CHASE, penalty=-5), "impossible penalty, balls or target (-5, 0, 0)"),
        (replace(CHASE, balls=-1), "impossible penalty, balls or target (0, -1, 0)"),
        (replace(CHASE, target=10**6), "impossible penalty, balls or target (0, 0, 1000000)"),
        (Outcome("Greens", "win"), "winner 'Greens' does not play in this match"),
    ],
)
def test_what_cannot_have_happened_is_refused_with_its_reason(fact: Fact, reason: str) -> None:
    assert refusal(ONE_BALL, fact) == reason


def test_a_ball_before_any_innings_is_refused() -> None:
    assert refusal(start(FIXTURE), ball(0, 0)) == "ball of innings 0, which is not being played"


def test_a_first_innings_answers_nothing_and_has_no_target() -> None:
    reason = "innings 0 answers no other and cannot have a target"
    assert refusal(start(FIXTURE), replace(FIRST, target=100)) == reason


def test_a_ball_after_the_end_of_an_innings_is_refused() -> None:
    out = played(FIRST, *ten_down())
    assert refusal(out, ball(2, 0)) == "innings 0 is over (all out)"
    closed = played(FIRST, ball(0, 0), InningsClose(0))
    assert refusal(closed, ball(0, 1)) == "innings 0 is over (closed)"
    won = played(FIRST, CHASE, ball(0, 0, 1, innings=1))
    assert refusal(won, ball(0, 1, innings=1)) == "innings 1 is over (target)"


def test_an_innings_closed_twice_is_refused_and_its_penalty_counts_once() -> None:
    closed = played(FIRST, InningsClose(0, penalty=5))
    assert refusal(closed, InningsClose(0, penalty=5)).startswith("innings 0 closed")
    assert closed.innings[0].runs == 5


@pytest.mark.parametrize("fact", [ball(0, 2), CHASE, InningsClose(0), Outcome(None, "tie")])
def test_nothing_happens_after_the_outcome(fact: Fact) -> None:
    ended = played(FIRST, ball(0, 1), Outcome(REDS, "win"))
    assert ended.outcome == Outcome(REDS, "win")
    assert refusal(ended, fact) == "the match has ended"


def test_a_match_knows_its_format_and_its_full_length() -> None:
    assert (format_of(start(FIXTURE)), full_balls(start(FIXTURE))) == ("T20", 120)
    test = start(Fixture("Test", "male", (REDS, BLUES)))
    assert (format_of(test), full_balls(test)) == ("", 0)
