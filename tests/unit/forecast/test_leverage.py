"""How much hangs on the next ball."""

from functools import cache

import pytest

from forecast.belief import View, prior, view, weights
from forecast.engine import Engine, Priors
from forecast.leverage import spread
from forecast.outcomes import OUTCOMES
from forecast.shape import T20
from forecast.tables import At
from learning.model.engine_cache import engine_of
from learning.model.snapshot import blank

EVEN = Priors((0.0, 0.25), (0.0, 0.25))


@cache
def engine() -> Engine:
    return engine_of(blank("t20-male"))


def seen(steps: float = 0.0) -> View:
    flat = prior(T20.grid, 0.0, 0.25)
    return view(weights(flat, flat), steps)


def after(at: At, steps: float = 0.0) -> dict[str, float]:
    """The chance after each outcome."""
    told = engine().leverage(engine().regular, at, seen(steps), EVEN, T20.balls)
    return dict(zip(OUTCOMES, told, strict=True))


def leverage(at: At) -> float:
    balls = engine().next_ball(engine().regular, at, seen())
    return spread(balls, list(after(at).values()))


def served(at: At, steps: float) -> float:
    """The engine's own chance of a moment, ties half."""
    book, now = engine().regular, seen(steps)
    told, _ = (
        engine().chasing(book, at, now)
        if at.needed is not None
        else engine().batting_first(book, at, now, EVEN, T20.balls)
    )
    return told.win[0] + told.tie[0] / 2.0


@pytest.mark.parametrize("steps", [0.0, 0.6])
@pytest.mark.parametrize(("at", "runs", "outcome"), [
    (At(40, 2, 70, 100), 4, "4"),
    (At(40, 2, 70, 100), 0, "dot"),
    (At(90, 3, 50), 0, "dot"),
    (At(90, 3, 50), 6, "6"),
])  # fmt: skip
def test_what_follows_is_what_the_engine_says_there(
    at: At, runs: int, outcome: str, steps: float
) -> None:
    needed = None if at.needed is None else at.needed - runs
    there = At(at.runs + runs, at.wickets, at.left - 1, needed)
    assert after(at, steps)[outcome] == pytest.approx(served(there, steps), abs=2e-6)


def test_runs_in_between_are_as_good_as_exact() -> None:
    at = At(90, 3, 50)
    for outcome, runs in (("1", 1), ("2", 2), ("4", 4)):
        there = At(at.runs + runs, at.wickets, at.left - 1)
        assert after(at)[outcome] == pytest.approx(served(there, 0.0), abs=2e-3)


def test_the_last_ball_decides_by_what_is_needed() -> None:
    told = after(At(100, 9, 1, 2))
    assert told == {
        "dot": 0.0, "1": 0.5, "2": 1.0, "3": 1.0, "4": 1.0, "6": 1.0, "wicket": 0.0,
        "extra": told["extra"],
    }  # fmt: skip
    assert 0.5 < told["extra"] < 1.0


def test_the_last_wicket_with_the_scores_level_ties() -> None:
    assert after(At(100, 9, 20, 1))["wicket"] == 0.5
    assert after(At(100, 9, 20, 2))["wicket"] == 0.0


def test_more_hangs_on_a_ball_of_a_close_end_than_on_one_of_a_lost_chase() -> None:
    assert leverage(At(150, 5, 3, 6)) > 4 * leverage(At(60, 2, 90, 100))
    assert leverage(At(50, 9, 6, 100)) < 1e-3
