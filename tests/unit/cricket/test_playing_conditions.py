"""Playing conditions of the shorter game: the ICC's for T20 and one-day matches, The Hundred's."""

from dataclasses import replace

import pytest

from cricket.facts import (
    Fact,
    Fixture,
    InningsClose,
    InningsOpening,
    Outcome,
    PlayerReplaced,
    Powerplay,
)
from cricket.results import result_of
from cricket.state import MatchState
from tests.support.balls import (
    BLUES,
    CHASE,
    FIRST,
    REDS,
    ball,
    innings_of,
    over_of,
    played,
    refusal,
    wicket,
)

HUNDRED = Fixture("T20", "male", (REDS, BLUES), overs=20, balls_per_over=5)


# Free hits: ICC T20I and ODI playing conditions, 21.19


def test_condition_21_19_after_a_no_ball_comes_a_free_hit_until_a_legal_ball() -> None:
    no_ball, wide = ball(0, 0, no_balls=1), ball(0, 1, wides=1)
    assert innings_of(no_ball).free_hit
    assert innings_of(no_ball, wide).free_hit
    assert not innings_of(no_ball, wide, ball(0, 2)).free_hit
    assert not innings_of(wide).free_hit


def test_condition_21_19_a_multi_day_match_has_no_free_hits() -> None:
    test = Fixture("Test", "male", (REDS, BLUES))
    assert not played(FIRST, ball(0, 0, no_balls=1), fixture=test).innings[0].free_hit


@pytest.mark.parametrize("kind", ["bowled", "caught", "lbw", "stumped", "hit wicket"])
def test_condition_21_19_a_wicket_off_a_free_hit_must_be_one_of_a_no_ball(kind: str) -> None:
    state = played(FIRST, ball(0, 0, no_balls=1))
    reason = f"{kind} off a free hit (Law 21.18)"
    assert refusal(state, wicket(0, 1, kind, free_hit=True)) == reason
    run_out = wicket(0, 1, "run out", free_hit=True)
    assert played(FIRST, ball(0, 0, no_balls=1), run_out).innings[0].wickets == 1


# Powerplays: 28.7; their bounds are places in the over, every delivery counted


def test_condition_28_7_a_powerplay_ends_with_the_place_that_is_stated() -> None:
    opening = replace(FIRST, powerplays=(Powerplay("mandatory", (0, 1), (1, 7)),))
    first = over_of(0, 0, 0, 0, 0, 0)
    wide = [ball(1, 0, wides=1), *(ball(1, n) for n in range(1, 6))]
    assert played(opening).innings[0].powerplay == "mandatory"
    assert played(opening, *first).innings[0].powerplay == "mandatory"
    assert played(opening, *first, *wide).innings[0].powerplay == "mandatory"  # 1.7 is to come
    assert not played(opening, *first, *wide, ball(1, 6)).innings[0].powerplay


# A tie: 16.3.1 and the appendix on super overs


def tied(*facts: Fact) -> MatchState:
    level = (FIRST, ball(0, 0, 1), InningsClose(0), CHASE, ball(0, 0, 1, innings=1))
    rest = [b for over in range(20) for b in over_of(0, 0, 0, 0, 0, 0, over=over, innings=1)]
    return played(*level, *rest[1:], InningsClose(1), *facts)


def super_over(number: int, batting: str, *runs: int) -> tuple[Fact, ...]:
    balls = over_of(*runs, *[0] * (6 - len(runs)), innings=number)
    return (InningsOpening(number, batting, super_over=True), *balls, InningsClose(number))


def test_condition_16_3_a_tie_goes_to_a_super_over() -> None:
    assert result_of(tied()) == Outcome(None, "tie")
    first = super_over(2, BLUES, 4)
    assert result_of(tied(*first)) == Outcome(None, "tie")
    chase = (InningsOpening(3, REDS, super_over=True), ball(0, 0, 6, innings=3))
    assert result_of(tied(*first, *chase)) == Outcome(REDS, "tie")
    assert result_of(tied(*first, *super_over(3, REDS, 3))) == Outcome(BLUES, "tie")


def test_condition_16_3_a_super_over_that_is_tied_too_is_followed_by_another() -> None:
    once = (*super_over(2, BLUES, 4), *super_over(3, REDS, 4))
    assert result_of(tied(*once)) == Outcome(None, "tie")
    again = (*super_over(4, REDS, 6), *super_over(5, BLUES, 1))
    assert result_of(tied(*once, *again)) == Outcome(REDS, "tie")
    assert tied(*once, *again).innings[5].target == 7


def test_condition_16_3_a_super_over_ends_with_two_wickets() -> None:
    opening = InningsOpening(2, BLUES, super_over=True)
    one = wicket(0, 0, innings=2)
    two = wicket(0, 1, player="c", batter="c", innings=2)
    assert not tied(opening, one).innings[2].over_reason
    assert tied(opening, one, two).innings[2].over_reason == "all out"


# Players replaced: concussion substitutes (1.2.8), the impact player of the IPL


def test_condition_1_2_a_substitute_makes_a_twelfth_batter_possible() -> None:
    hurt = [wicket(n // 6, n % 6, "retired hurt", f"a{n}", batter=f"a{n}") for n in range(10)]
    swap = PlayerReplaced(REDS, "a0", "z", "concussion_substitute")
    state = played(FIRST, *hurt, swap, ball(1, 4, batter="z"))
    assert len(state.innings[0].batters) == 12


# The Hundred: sets of five, ten balls of one bowler, no-balls of two runs


def five(over: int, bowler: str) -> list[Fact]:
    return [ball(over, n, bowler=bowler) for n in range(5)]


def test_the_hundred_is_a_hundred_balls_in_sets_of_five() -> None:
    state = played(FIRST, *five(0, "x"), fixture=HUNDRED)
    assert (state.innings[0].limit, state.innings[0].balls, state.innings[0].striker) == (
        100,
        5,
        "b",
    )
    assert refusal(state, ball(0, 5)).startswith("over 0 has its 5 balls")


def test_the_hundred_allows_a_bowler_ten_balls_running_and_not_fifteen() -> None:
    ten = (*five(0, "x"), *five(1, "x"))
    assert played(FIRST, *ten, *five(2, "y"), *five(3, "x"), fixture=HUNDRED)
    reason = "x bowled the over before too (Law 17.6)"
    assert refusal(played(FIRST, *ten, fixture=HUNDRED), ball(2, 0, bowler="x")) == reason


def test_the_hundred_has_no_balls_of_two_runs_that_nobody_ran() -> None:
    two = ball(0, 0, no_balls=2)
    assert played(FIRST, two, fixture=HUNDRED).innings[0].striker == "a"
    assert innings_of(two).striker == "b"  # elsewhere one of the two was run
