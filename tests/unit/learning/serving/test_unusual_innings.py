"""Forecasts where a count is not the usual one: of the over, of the wickets, of the players."""

from dataclasses import replace

import pytest

from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Outcome, Wicket
from learning.serving.forecast import Forecast
from learning.serving.replay import replay, steps
from tests.support.matches import BLUES, FIXTURE, REDS, served


def innings(number: int, batting: str, last_over: list[Ball], **opening: object) -> list[Fact]:
    """Nineteen overs of a run a ball, and a last one."""
    balls = [_ball(number, over, at, runs=1) for over in range(19) for at in range(6)]
    return [InningsOpening(number, batting, **opening), *balls, *last_over]


def _ball(number: int, over: int, at: int, **more: object) -> Ball:
    ends = {"batter": f"{number}a", "non_striker": f"{number}b", "bowler": f"{number}{over % 2}"}
    return Ball(number, over, at, **(ends | more))


def over_of(number: int, *runs: int, over: int = 19) -> list[Ball]:
    return [_ball(number, over, at, runs=each) for at, each in enumerate(runs)]


SIX = over_of(0, 1, 1, 1, 1, 1, 1)
FIRST = [*innings(0, REDS, SIX), InningsClose(0)]  # 120 runs


def forecasts(*facts: Fact, fixture: Fixture = FIXTURE) -> list[Forecast]:
    """The forecast after each ball."""
    answers = [answer.forecast for _, answer in replay(steps(fixture, facts), served())]
    assert len(answers) == len(facts)  # none was refused
    return [forecast for forecast in answers if forecast is not None]


def labels(*facts: Fact) -> list[tuple[str, float, int]]:
    played = replay(steps(FIXTURE, facts), served(), forecasting=False)
    return [(x.task, x.truth, len(x.questions)) for _, answer in played for x in answer.labels]


def test_a_chase_with_a_ball_left_of_its_over_is_open() -> None:
    """Three are needed off the last ball, since the first one was not of the over."""
    uncounted = _ball(1, 19, 0, penalty=5, not_in_over=True)
    rest = [_ball(1, 19, at, runs=0) for at in range(1, 6)]
    chase = innings(1, BLUES, [uncounted, *rest], target=122)
    last = forecasts(*FIRST, *chase)[-1]
    assert 0.05 < last.win < 0.5
    assert last.next_ball
    won = forecasts(*FIRST, *chase, _ball(1, 19, 6, runs=4))[-1]
    assert (won.win, won.tie, won.lose) == (1.0, 0.0, 0.0)


def test_a_ball_that_is_not_of_the_over_costs_the_chase_no_ball() -> None:
    """It is worth its runs: the same as a no-ball that brings as many."""
    needs = {"target": 122}
    uncounted = innings(1, BLUES, [_ball(1, 19, 0, byes=5, not_in_over=True)], **needs)
    no_ball = innings(1, BLUES, [_ball(1, 19, 0, runs=4, no_balls=1)], **needs)
    assert forecasts(*FIRST, *uncounted)[-1].win == pytest.approx(
        forecasts(*FIRST, *no_ball)[-1].win
    )


def called(number: int, *runs: int) -> list[Ball]:
    *balls, last = over_of(number, *runs)
    return [*balls, replace(last, over_called=True)]


def test_the_last_forecast_of_a_chase_whose_last_over_was_called_early_is_exact() -> None:
    chase = innings(1, BLUES, called(1, 1, 1, 0, 0, 0), target=121)
    last = forecasts(*FIRST, *chase)[-1]
    assert (last.win, last.tie, last.lose) == (0.0, 0.0, 1.0)
    tied = innings(1, BLUES, called(1, 1, 1, 1, 1, 2), target=121)
    assert forecasts(*FIRST, *tied)[-1].tie == 1.0
    assert not forecasts(*FIRST, *tied)[-1].next_ball


def test_a_last_over_that_was_called_early_leaves_ordinary_labels() -> None:
    chase = innings(1, BLUES, over_of(1, 1, 1, 1, 1, 0, 0), target=120)
    short = [*innings(0, REDS, called(0, 1, 1, 1, 1, 1)), InningsClose(0)]
    ended = (InningsClose(1), Outcome(REDS, "win", {"runs": 1}))
    answered = labels(*short, *chase, *ended)
    assert [(task, truth) for task, truth, _ in answered] == [("total", 119.0), ("win", 1.0)]
    full = [*innings(0, REDS, over_of(0, 1, 1, 1, 1, 1, 0)), InningsClose(0)]
    usual = labels(*full, *chase, *ended)
    assert [questions for *_, questions in answered] == [questions for *_, questions in usual]


def test_an_innings_closed_after_five_balls_that_nobody_called_has_no_label() -> None:
    assert labels(*innings(0, REDS, SIX[:5]), InningsClose(0)) == []


# Super overs


LEVEL = [*innings(1, BLUES, over_of(1, 1, 1, 1, 1, 1, 1), target=121), InningsClose(1)]
MADE_EIGHT = [
    InningsOpening(2, BLUES, super_over=True),
    *over_of(2, 4, 4, 0, 0, 0, 0, over=0),
    InningsClose(2),
]
OUT = [
    _ball(3, 0, 0, wickets=(Wicket("bowled", "3a"),)),
    _ball(3, 0, 1, batter="3c", wickets=(Wicket("bowled", "3c"),)),
]


def super_over(*balls: Ball, wickets: int | None = None) -> Forecast:
    opening = InningsOpening(3, REDS, super_over=True, wickets=wickets)
    return forecasts(*FIRST, *LEVEL, *MADE_EIGHT, opening, *balls)[-1]


def test_a_super_over_that_two_wickets_do_not_end_is_open_after_them() -> None:
    assert super_over(*OUT).lose == 1.0
    assert 0.0 < super_over(*OUT, wickets=10).win < super_over(OUT[0], wickets=10).win < 1.0
    boundary = _ball(3, 0, 2, batter="3d", runs=6)
    assert 0.0 < super_over(*OUT, boundary).win < 1.0  # the ball itself shows it
    assert super_over(*OUT, boundary, replace(boundary, position=3)).win == 1.0


def test_more_wickets_to_lose_are_no_worse_in_a_super_over() -> None:
    chances = [super_over(OUT[0], wickets=wickets).win for wickets in range(2, 11)]
    assert chances == sorted(chances)
    assert chances[0] < chances[2]


def test_a_super_over_is_lost_when_its_last_wicket_falls() -> None:
    third = _ball(3, 0, 2, batter="3d", wickets=(Wicket("bowled", "3d"),))
    assert super_over(*OUT, third, wickets=3).lose == 1.0


# Sides of fewer than eleven


def test_a_side_of_nine_that_is_all_out_has_lost() -> None:
    fixture = replace(FIXTURE, players={BLUES: tuple(f"p{n}" for n in range(9))})
    gone = [
        _ball(1, n // 6, n % 6, batter=f"p{n}", wickets=(Wicket("bowled", f"p{n}"),))
        for n in range(8)
    ]
    chase = [InningsOpening(1, BLUES, target=121), *gone]
    short, usual = forecasts(*FIRST, *chase, fixture=fixture), forecasts(*FIRST, *chase)
    assert short[-1].lose == 1.0
    assert usual[-1].lose < 1.0
    assert short[-2].win < usual[-2].win
