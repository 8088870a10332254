"""Milestones: what a ball brought to a round number, and hat-tricks that were ones."""

from dataclasses import replace

from cricket.facts import Ball, Wicket
from cricket.milestones import milestones
from tests.support.balls import FIXTURE, ball, innings_of, wicket


def reached(*balls: Ball) -> tuple[str, ...]:
    """The milestones of the last ball."""
    return milestones(FIXTURE, innings_of(*balls), balls[-1])


def bowled_out(position: int, batter: str, **more: object) -> Ball:
    return wicket(0, position, player=batter, batter=batter, **more)


def test_three_wickets_with_three_balls_are_a_hat_trick() -> None:
    three = [bowled_out(n, f"a{n}") for n in range(3)]
    assert reached(*three) == ("x 3 wickets", "hat-trick: x")
    assert reached(*three[:2]) == ()


def test_a_run_out_between_two_wickets_makes_no_hat_trick_whoever_is_out_later() -> None:
    """The striker of the run-out falls to the bowler with the next ball: his line says so then."""
    run_out = ball(0, 1, batter="d", wickets=(Wicket("run out", "b"),))
    last = bowled_out(2, "d", non_striker="c")
    assert reached(bowled_out(0, "a"), run_out, last) == ()
    first = ball(0, 0, wickets=(Wicket("run out", "b"),))
    then = bowled_out(1, "a", non_striker="c"), bowled_out(2, "d", non_striker="c")
    assert reached(first, *then) == ()


def test_a_hat_trick_may_span_two_overs_of_its_bowler() -> None:
    other = [ball(1, n, batter="p") for n in range(6)]
    early = [ball(0, n) for n in range(4)], bowled_out(4, "a"), bowled_out(5, "c")
    late = replace(bowled_out(0, "d"), over=2)
    assert "hat-trick: x" in reached(*early[0], *early[1:], *other, late)


def test_a_wicket_that_is_not_the_bowlers_reaches_no_haul() -> None:
    two = [bowled_out(n, f"a{n}") for n in range(2)]
    run_out = ball(0, 2, batter="d", wickets=(Wicket("run out", "d"),))
    assert reached(*two, run_out) == ()
