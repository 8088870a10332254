"""The fold, ball by ball: each rule of the game by its name."""

from dataclasses import FrozenInstanceError, replace

import pytest

from cricket.facts import Ball, Wicket
from cricket.state import BatterLine, BowlerLine, Extras, Fall, Innings
from tests.support.balls import ball, innings_of, over_of, wicket

# What a ball is worth


def test_runs_off_the_bat_are_the_batters_the_bowlers_and_the_sides() -> None:
    innings = innings_of(*over_of(4, 6, 1))
    assert (innings.runs, innings.balls, innings.deliveries) == (11, 3, 3)
    assert innings.batters["a"] == BatterLine(runs=11, balls=3, fours=1, sixes=1)
    assert innings.batters["b"] == BatterLine()
    assert innings.bowlers["x"] == BowlerLine(balls=3, runs=11, fours=1, sixes=1)


def test_four_runs_that_were_all_run_are_no_boundary() -> None:
    innings = innings_of(ball(0, 0, 4, non_boundary=True), ball(0, 1, 6, non_boundary=True))
    assert innings.batters["a"] == BatterLine(runs=10, balls=2)


def test_a_no_ball_is_faced_and_charged_and_not_a_ball_of_the_over() -> None:
    innings = innings_of(ball(0, 0, 4, no_balls=1))
    assert (innings.runs, innings.balls, innings.legal, innings.balls_left) == (5, 0, 0, 120)
    assert innings.batters["a"] == BatterLine(runs=4, balls=1, fours=1)
    assert innings.bowlers["x"] == BowlerLine(runs=5, fours=1, no_balls=1)


def test_a_wide_is_charged_and_neither_faced_nor_a_ball_of_the_over() -> None:
    innings = innings_of(ball(0, 0, wides=5))
    assert (innings.runs, innings.balls, innings.partnership_balls) == (5, 0, 0)
    assert innings.batters["a"] == BatterLine()
    assert innings.bowlers["x"] == BowlerLine(runs=5, wides=5)


def test_byes_and_leg_byes_are_not_charged_to_the_bowler() -> None:
    innings = innings_of(ball(0, 0, byes=2), ball(0, 1, leg_byes=4))
    assert (innings.runs, innings.balls) == (6, 2)
    assert innings.batters["a"] == BatterLine(balls=2)
    assert innings.bowlers["x"] == BowlerLine(balls=2, dots=2)


def test_byes_off_a_no_ball_charge_the_no_ball_only() -> None:
    innings = innings_of(ball(0, 0, no_balls=1, byes=2))
    assert (innings.runs, innings.bowlers["x"].runs) == (3, 1)


def test_five_penalty_runs_are_the_sides_alone() -> None:
    innings = innings_of(ball(0, 0, 1, penalty=5))
    assert (innings.runs, innings.batters["a"].runs, innings.bowlers["x"].runs) == (6, 1, 1)


def test_extras_are_kept_by_their_kind() -> None:
    told = ({"wides": 1}, {"no_balls": 1, "leg_byes": 3}, {"byes": 2}, {"penalty": 5})
    innings = innings_of(*(ball(0, n, **extras) for n, extras in enumerate(told)))
    assert innings.extras == Extras(wides=1, no_balls=1, byes=2, leg_byes=3, penalty=5)
    assert innings.runs == 12


def test_a_dot_is_a_ball_that_cost_the_bowler_nothing() -> None:
    innings = innings_of(ball(0, 0), ball(0, 1, byes=4), ball(0, 2, 1), ball(0, 3, wides=1))
    assert innings.bowlers["x"].dots == 2


def test_a_maiden_is_six_legal_balls_without_a_run_charged() -> None:
    assert innings_of(*over_of(0, 0, 0, 0, 0, 0)).bowlers["x"].maidens == 1
    assert innings_of(*over_of(0, 0, 0, 0, 0)).bowlers["x"].maidens == 0
    assert innings_of(*over_of(0, 0, 0, 1, 0, 0)).bowlers["x"].maidens == 0
    assert innings_of(*over_of(0, 0, 0, 0, 0), ball(0, 5, leg_byes=1)).bowlers["x"].maidens == 1
    wide = [ball(0, 0, wides=1), *(ball(0, n) for n in range(1, 7))]
    assert innings_of(*wide).bowlers["x"].maidens == 0


def test_the_over_is_written_down_and_begun_again() -> None:
    balls = (ball(0, 0, 4), wicket(0, 1), ball(0, 2, wides=1, batter="c"))
    assert innings_of(*balls).marks == ("4", "W", "wd")
    assert innings_of(*balls, ball(1, 0, 1, batter="c")).marks == ("1",)


def test_the_last_thirty_deliveries_are_remembered_a_wicket_as_minus_one() -> None:
    balls = [b for over in range(6) for b in over_of(0, 1, 2, 3, 4, 6, over=over)]
    assert innings_of(*balls).recent == (0, 1, 2, 3, 4, 6) * 5
    assert innings_of(*balls, wicket(6, 0)).recent[-2:] == (6, -1)


def test_an_innings_that_the_fold_made_is_one_like_any_other_and_cannot_be_changed() -> None:
    innings = innings_of(ball(0, 0, 4))
    assert type(innings) is Innings
    assert replace(innings) == innings
    with pytest.raises(FrozenInstanceError):
        innings.runs = 5  # type: ignore[misc]


# Wickets


@pytest.mark.parametrize(
    "kind", ["bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket"]
)
def test_the_bowler_has_the_wicket(kind: str) -> None:
    innings = innings_of(wicket(0, 0, kind))
    assert (innings.wickets, innings.bowlers["x"].wickets) == (1, 1)
    assert innings.batters["a"].out == kind


@pytest.mark.parametrize(
    "kind", ["run out", "obstructing the field", "timed out", "hit the ball twice", "retired out"]
)
def test_the_side_loses_the_wicket_and_the_bowler_has_none(kind: str) -> None:
    innings = innings_of(wicket(0, 0, kind, "b"))
    assert (innings.wickets, innings.bowlers["x"].wickets) == (1, 0)
    assert innings.batters["b"].out == kind


@pytest.mark.parametrize("kind", ["retired hurt", "retired not out"])
def test_a_batter_who_retires_hurt_leaves_and_is_no_wicket(kind: str) -> None:
    innings = innings_of(ball(0, 0, 2), wicket(0, 1, kind))
    assert (innings.wickets, innings.fall, innings.striker) == (0, (), "")
    assert innings.partnership_runs == 2
    assert innings.marks == ("2", ".")


def test_a_batter_who_comes_back_is_no_longer_retired() -> None:
    innings = innings_of(ball(0, 0, 2), wicket(0, 1, "retired hurt"), ball(0, 2, 4))
    assert innings.batters["a"] == BatterLine(runs=6, balls=3, fours=1)


def test_one_ball_can_carry_two_wickets() -> None:
    both = (Wicket("caught", "a"), Wicket("run out", "b"))
    innings = innings_of(ball(0, 0, 1), ball(0, 1, wickets=both))
    assert (innings.wickets, innings.bowlers["x"].wickets) == (2, 1)
    assert innings.fall == (Fall("a", 1, 2), Fall("b", 1, 2))
    assert (innings.striker, innings.non_striker) == ("", "")


def test_a_wicket_falls_at_the_score_its_own_runs_included() -> None:
    run_out = ball(1, 0, 1, wickets=(Wicket("run out", "b"),))
    assert innings_of(*over_of(4, 0, 0, 0, 0, 0), run_out).fall == (Fall("b", 5, 7),)


def test_a_wicket_off_a_wide_falls_without_a_legal_ball() -> None:
    innings = innings_of(wicket(0, 0, "stumped", wides=1))
    assert innings.fall == (Fall("a", 1, 0),)
    assert innings.bowlers["x"] == BowlerLine(runs=1, wickets=1, wides=1)


def test_a_partnership_counts_all_its_runs_and_ends_with_a_wicket() -> None:
    together = (ball(0, 0, 4), ball(0, 1, wides=1), ball(0, 2, byes=1))
    innings = innings_of(*together)
    assert (innings.partnership_runs, innings.partnership_balls) == (6, 2)
    innings = innings_of(*together, wicket(0, 3), ball(0, 4, 2, batter="c"))
    assert (innings.partnership_runs, innings.partnership_balls) == (2, 1)


# Who faces next


@pytest.mark.parametrize(
    ("told", "striker"),
    [
        (ball(0, 0), "a"),
        (ball(0, 0, 1), "b"),
        (ball(0, 0, 2), "a"),
        (ball(0, 0, 3), "b"),
        (ball(0, 0, byes=1), "b"),
        (ball(0, 0, leg_byes=3), "b"),
        (ball(0, 0, wides=1), "a"),  # a wide itself is not run
        (ball(0, 0, wides=2), "b"),
        (ball(0, 0, no_balls=1), "a"),
        (ball(0, 0, 1, no_balls=1), "b"),
        (ball(0, 0, penalty=5), "a"),
    ],
)
def test_the_batters_cross_for_an_odd_number_of_runs_run(told: Ball, striker: str) -> None:
    innings = innings_of(told)
    assert innings.striker == striker
    assert {innings.striker, innings.non_striker} == {"a", "b"}


def test_the_batters_change_ends_with_the_over() -> None:
    assert innings_of(*over_of(0, 0, 0, 0, 0, 0)).striker == "b"
    assert innings_of(*over_of(0, 0, 0, 0, 0, 1)).striker == "a"
    assert innings_of(*over_of(0, 0, 0, 0, 0), ball(0, 5, wides=1)).striker == "a"


def test_the_place_of_a_batter_who_is_out_is_empty() -> None:
    assert (innings_of(wicket(0, 0)).striker, innings_of(wicket(0, 0)).non_striker) == ("", "b")
    ended = innings_of(*over_of(0, 0, 0, 0, 0), wicket(0, 5))
    assert (ended.striker, ended.non_striker) == ("b", "")
