"""Laws of a chase: more runs or fewer wickets never lower the chance, whatever was counted."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.belief import View, view
from forecast.cells import cell_count
from forecast.engine import Counts, Engine
from forecast.outcomes import OUTCOMES
from forecast.shape import Shape
from forecast.tables import At

SMALL = Shape(
    balls=24,
    most=120,
    tilts=(-0.6, 0.0, 0.6),
    rates=(4.0, 7.0, 10.0, 14.0, 20.0),
    temper=0.3,
    carried=0.35,
)


def counted(seed: int) -> Engine:
    """An engine whose sides behave oddly: counts at random, thinly and unevenly spread."""
    random = np.random.default_rng(seed)
    first, chase = (
        random.gamma(0.3, 40.0, (cell_count(SMALL, chase=c), len(OUTCOMES))).astype(np.float32)
        for c in (False, True)
    )
    return Engine(SMALL, Counts(first, chase))


ENGINES = [counted(seed) for seed in range(4)]
balls = st.integers(1, SMALL.balls)
needs = st.integers(1, 119)
wickets = st.integers(0, 9)
beliefs = st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3)


def seen(weights: list[float], steps: float = 0.0) -> View:
    row = np.array([weights], dtype=np.float32) / np.float32(sum(weights))
    return view(row, steps)


def win(engine: Engine, at: At, weights: list[float]) -> float:
    return engine.chasing(engine.regular, at, seen(weights))[0].win[0]


def half_tied(engine: Engine, at: At, weights: list[float]) -> float:
    """Win, and ties counted half."""
    now, _ = engine.chasing(engine.regular, at, seen(weights))
    return now.win[0] + now.tie[0] / 2.0


@settings(deadline=None)
@given(st.sampled_from(ENGINES), balls, needs, wickets, beliefs)
def test_a_run_scored_never_lowers_the_chance(
    engine: Engine, left: int, needed: int, down: int, weights: list[float]
) -> None:
    at, worse = At(0, down, left, needed), At(0, down, left, needed + 1)
    for chance in (win, half_tied):
        assert chance(engine, worse, weights) <= chance(engine, at, weights) + 1e-6


@settings(deadline=None)
@given(st.sampled_from(ENGINES), balls, needs, st.integers(0, 8), beliefs)
def test_a_wicket_lost_never_raises_the_chance(
    engine: Engine, left: int, needed: int, down: int, weights: list[float]
) -> None:
    at, worse = At(0, down, left, needed), At(0, down + 1, left, needed)
    for chance in (win, half_tied):
        assert chance(engine, worse, weights) <= chance(engine, at, weights) + 1e-6


@settings(deadline=None)
@given(st.sampled_from(ENGINES), balls, needs, wickets, beliefs, st.floats(-4.0, 4.0))
def test_chances_are_chances(  # noqa: PLR0917  a moment has so many sides
    engine: Engine, left: int, needed: int, down: int, weights: list[float], steps: float
) -> None:
    at = At(5, down, left, needed)
    now, total = engine.chasing(engine.regular, at, seen(weights, steps))
    assert 0.0 <= now.win[0] <= 1.0 + 1e-6
    assert 0.0 <= now.tie[0] <= 1.0 - now.win[0] + 1e-3
    assert 5.0 - 1e-3 <= total.mean <= 5.0 + needed + 1e-3
