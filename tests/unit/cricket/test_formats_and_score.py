"""Which cricket is forecast, and the numbers on the board."""

from dataclasses import replace

import pytest

from cricket.facts import Ball, Fixture, Wicket
from cricket.formats import Unsupported, format_of
from cricket.score import balls_of, mark, overs, rate
from tests.support.balls import ball

T20 = Fixture("T20", "male", ("Reds", "Blues"), overs=20)


@pytest.mark.parametrize(
    ("match_type", "length", "name"),
    [("T20", 20, "T20"), ("IT20", 20, "T20"), ("ODI", 50, "ODI"), ("ODM", 50, "ODI")],
)
def test_twenty_and_fifty_overs_are_forecast(match_type: str, length: int, name: str) -> None:
    assert format_of(replace(T20, match_type=match_type, overs=length)) == name


@pytest.mark.parametrize(
    ("fixture", "reason"),
    [
        (replace(T20, match_type="Test"), "Test: multi-day matches are not forecast"),
        (replace(T20, match_type="MDM"), "MDM: multi-day matches are not forecast"),
        (replace(T20, match_type="T10"), "unknown match type 'T10'"),
        (replace(T20, balls_per_over=5), "5 balls an over (The Hundred): not forecast"),
        (replace(T20, balls_per_over=8), "8 balls an over: not forecast"),
        (
            replace(T20, match_type="ODI", balls_per_over=8, overs=40),
            "8 balls an over: not forecast",
        ),
        (replace(T20, balls_per_over=5, overs=50), "5 balls an over: not forecast"),
        (replace(T20, overs=10), "T20 of 10 overs: only 20 are forecast"),
        (replace(T20, overs=None), "T20 of None overs: only 20 are forecast"),
        (replace(T20, match_type="ODM", overs=45), "ODI of 45 overs: only 50 are forecast"),
    ],
)
def test_other_cricket_is_refused_with_its_reason(fixture: Fixture, reason: str) -> None:
    assert format_of(fixture) == Unsupported(reason)


@pytest.mark.parametrize(
    ("balls", "per_over", "printed"),
    [
        (0, 6, "0.0"),
        (5, 6, "0.5"),
        (6, 6, "1.0"),
        (119, 6, "19.5"),
        (300, 6, "50.0"),
        (9, 5, "1.4"),
    ],
)
def test_overs_and_balls_are_one_count(balls: int, per_over: int, printed: str) -> None:
    assert overs(balls, per_over) == printed
    assert balls_of(printed, per_over) == balls


def test_whole_overs_need_no_point() -> None:
    assert balls_of("43") == 258


def test_a_rate_is_runs_an_over_and_none_before_the_first_ball() -> None:
    assert rate(18, 12) == 9.0
    assert rate(18, 10, 5) == 9.0
    assert rate(5, 0) == 0.0


@pytest.mark.parametrize(
    ("told", "written"),
    [
        (ball(0, 0), "."),
        (ball(0, 0, 4), "4"),
        (ball(0, 0, wides=1), "wd"),
        (ball(0, 0, wides=5), "5wd"),
        (ball(0, 0, no_balls=1), "nb"),
        (ball(0, 0, 6, no_balls=1), "6nb"),
        (ball(0, 0, byes=4), "4b"),
        (ball(0, 0, leg_byes=2), "2lb"),
        (ball(0, 0, penalty=5), "5"),
        (ball(0, 0, 1, wickets=(Wicket("run out", "b"),)), "W"),
        (ball(0, 0, wides=1, wickets=(Wicket("stumped", "a"),)), "W"),
        (ball(0, 0, 1, wickets=(Wicket("retired hurt", "a"),)), "1"),
    ],
)
def test_a_ball_is_written_down_as_a_scorer_does(told: Ball, written: str) -> None:
    assert mark(told) == written
