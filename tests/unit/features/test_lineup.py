"""Who bats and bowls the rest of an innings, and what that is worth."""

from dataclasses import replace

import pytest

from cricket.state import BatterLine, BowlerLine, Innings
from features.lineup import Strength, ahead, at_the_start, due, shares, to_bowl

BATTING = tuple(Strength(f"a{n}", 0.1 - 0.02 * n, 0.0, float(n), 0.0) for n in range(11))
BOWLING = tuple(Strength(f"b{n}", 0.0, 0.05 * n, 9.0, 24.0) for n in range(5))
START = Innings(0, "A", limit=120)


@pytest.mark.parametrize("full", [120, 300])
def test_every_ball_is_faced_by_somebody(full: int) -> None:
    for row in shares(full)[1:]:
        assert sum(row) == pytest.approx(1.0)
    assert shares(full)[1][:3] == (0.5, 0.5, 0.0)


def test_an_innings_that_has_not_begun_has_the_elevens_strength() -> None:
    assert ahead(START, BATTING, BOWLING, 120) == at_the_start(BATTING, BOWLING, 120)


def test_without_its_best_batters_an_innings_has_less_ahead() -> None:
    gone = {s.player: BatterLine(out="bowled") for s in BATTING[:4]}
    after = replace(START, balls=60, batters=gone)
    early = replace(START, balls=60, batters={}, striker="a0", non_striker="a1")
    assert ahead(after, BATTING, BOWLING, 120) < ahead(early, BATTING, BOWLING, 120)


def test_a_bowler_who_is_through_counts_no_more() -> None:
    """The one most runs are taken off has bowled his overs."""
    lines = {"b4": BowlerLine(balls=24)}
    assert to_bowl(replace(START, bowlers=lines), BOWLING, 120) == pytest.approx(0.075, abs=1e-6)
    assert to_bowl(START, BOWLING, 120) == pytest.approx(0.1)


def test_the_next_ball_is_between_two_who_are_known_in_mid_over() -> None:
    going = replace(START, striker="a0", position=2, legal=2, bowler="b3")
    assert due(going, BATTING, BOWLING, 120) == pytest.approx(0.1 + 0.15)
    ended = replace(going, legal=6)
    assert due(ended, BATTING, BOWLING, 120) == pytest.approx(0.1 + 0.1)


def test_where_an_end_is_empty_the_next_man_of_the_order_comes_in() -> None:
    out = {"a0": BatterLine(out="bowled"), "a1": BatterLine()}
    going = replace(START, striker="", non_striker="a1", batters=out, position=2, bowler="b0")
    assert due(going, BATTING, BOWLING, 120) == pytest.approx(BATTING[2].batting)


def test_a_side_of_strangers_changes_nothing() -> None:
    assert ahead(replace(START, balls=30), (), (), 120) == 0.0
