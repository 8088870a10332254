"""The terms of a match changed in its course: targets, lengths, ends and players."""

from dataclasses import replace

import pytest

from cricket.facts import (
    Fact,
    InningsClose,
    InningsReopened,
    Outcome,
    PlayerReplaced,
    TargetRevised,
)
from cricket.play import start
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
)

ELEVENS = replace(FIXTURE, players={REDS: ("a", "b"), BLUES: ("x", "y")})
SWAP = PlayerReplaced(REDS, "a", "s", "impact_player")


def test_a_target_revised_in_mid_chase_is_the_one_to_make() -> None:
    innings = chase_of(ball(0, 0, 2, innings=1), TargetRevised(1, target=5, balls=30))
    assert (innings.needed, innings.balls_left, innings.revised) == (3, 29, True)
    assert chase_of(TargetRevised(1, target=2), ball(0, 0, 2, innings=1)).over_reason == "target"


def test_a_length_can_be_revised_without_the_target_and_the_target_without_the_length() -> None:
    shorter = chase_of(TargetRevised(1, balls=60))
    assert (shorter.target, shorter.limit) == (7, 60)
    assert (chase_of(TargetRevised(1, target=9)).limit) == 120
    assert innings_of(ball(0, 0), TargetRevised(0, balls=90)).balls_left == 89


def test_an_innings_that_is_cut_to_the_balls_bowled_is_over() -> None:
    assert innings_of(*over_of(1, 1, 1), TargetRevised(0, balls=3)).over_reason == "balls"


def test_a_reopened_innings_goes_on_without_the_penalty_runs_of_its_close() -> None:
    again = innings_of(ball(0, 0, 1), InningsClose(0, penalty=5, declared=True), InningsReopened(0))
    assert (again.runs, again.closed, again.declared) == (1, False, False)
    told = (ball(0, 0, 1), InningsClose(0, penalty=5), InningsReopened(0))
    assert innings_of(*told, ball(0, 1, 4), InningsClose(0, penalty=5)).runs == 10


def test_a_reopened_innings_takes_the_result_back() -> None:
    ended = (FIRST, ball(0, 0, 1), InningsClose(0), Outcome(REDS, "win"))
    assert played(*ended, InningsReopened(0), ball(0, 1)).outcome is None


def test_a_replaced_player_is_remembered_with_the_reason() -> None:
    assert played(FIRST, SWAP, ball(0, 0)).replaced == (SWAP,)
    assert played(SWAP, fixture=ELEVENS).replaced == (SWAP,)


def test_a_bowler_who_takes_over_for_the_moment_may_do_so_again() -> None:
    once = PlayerReplaced(BLUES, "x", "y", "injury", "bowler")
    assert played(once, once, fixture=ELEVENS).replaced == (once, once)
    assert played(replace(once, out=""), fixture=ELEVENS).replaced[0].in_ == "y"


def test_a_batter_who_is_replaced_in_that_role_has_retired_hurt_and_may_come_back() -> None:
    hurt = PlayerReplaced(REDS, "a", "c", "injury", "batter")
    innings = innings_of(ball(0, 0, 4), hurt)
    assert (innings.batters["a"].out, innings.wickets) == ("retired hurt", 0)
    assert (innings.striker, innings.non_striker) == ("", "b")
    told = (ball(0, 0, 4), hurt, ball(0, 1, batter="c"))
    assert innings_of(*told, ball(0, 2, 2)).batters["a"].runs == 6
    assert innings_of(*told, ball(0, 2, 2)).batters["a"].out == ""


def test_a_replacement_in_the_field_leaves_the_batters_alone() -> None:
    before = played(FIRST, ball(0, 0, 4))
    after = played(FIRST, ball(0, 0, 4), PlayerReplaced(BLUES, "x", "y", "injury", "bowler"))
    assert after.innings == before.innings


ONE_BALL = played(FIRST, ball(0, 0, 1))
CHASING = played(FIRST, ball(0, 0, 1), InningsClose(0), CHASE, ball(0, 0, innings=1))
SWAPPED = played(FIRST, SWAP)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (TargetRevised(0), "target of innings 0 revised, which is not being played"),
        (TargetRevised(1), "a revision without a target and without a length"),
        (TargetRevised(1, target=0), "impossible target 0"),
        (TargetRevised(1, target=10_001), "impossible target 10001"),
        (TargetRevised(1, balls=0), "impossible length of 0 balls, 1 are bowled"),
        (InningsReopened(1), "innings 1 reopened, which is not the one closed last"),
        (InningsReopened(0), "innings 0 reopened, which is not the one closed last"),
    ],
)
def test_an_impossible_change_of_a_chase_is_refused(fact: Fact, reason: str) -> None:
    assert refusal(CHASING, fact) == reason


def test_a_first_innings_has_no_target_to_revise() -> None:
    reason = "innings 0 answers no other and cannot have a target"
    assert refusal(ONE_BALL, TargetRevised(0, target=100)) == reason
    assert refusal(start(FIXTURE), TargetRevised(0, balls=60)).startswith("target of innings 0")


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (replace(SWAP, team="Greens"), "'Greens' does not play in this match"),
        (replace(SWAP, in_=""), "'a' replaced by ''"),
        (replace(SWAP, in_="a"), "'a' replaced by 'a'"),
        (replace(SWAP, in_="x"), "x plays for the other side"),
        (replace(SWAP, out=""), "a replacement names nobody who leaves"),
    ],
)
def test_an_impossible_replacement_is_refused(fact: Fact, reason: str) -> None:
    assert refusal(start(ELEVENS), fact) == reason


def test_nobody_is_replaced_twice() -> None:
    assert refusal(SWAPPED, replace(SWAP, in_="t")) == "a has been replaced already"


def test_who_comes_back_for_another_can_be_replaced_again() -> None:
    back = PlayerReplaced(REDS, "s", "a", "unknown")
    assert len(played(FIRST, SWAP, back, replace(SWAP, in_="t")).replaced) == 3


def test_no_change_comes_after_the_outcome() -> None:
    ended = played(FIRST, ball(0, 0), Outcome(REDS, "win"))
    assert refusal(ended, TargetRevised(0, balls=60)) == "the match has ended"
    assert refusal(ended, SWAP) == "the match has ended"
