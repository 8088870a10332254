"""The engine's promises that need no recorded match."""

import numpy as np
import pytest

from forecast import belief
from forecast.belief import View, view
from forecast.cells import BASE, cell_count, chances
from forecast.engine import Counts, Engine, Priors
from forecast.outcomes import OUTCOMES, RUNS
from forecast.programme import EXTRA_RUNS, WICKET_RUNS, chase_tables
from forecast.shape import T20, Shape
from forecast.tables import At

PRIORS = Priors((0.1, 0.3), (-0.05, 0.3))
SMALL = Shape(
    balls=6, most=40, tilts=(-0.5, 0.0, 0.5), rates=(4.0, 8.0, 12.0, 20.0), temper=0.3, carried=0.35
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return uncounted(T20)


def uncounted(shape: Shape) -> Engine:
    sizes = (cell_count(shape, chase=chase) for chase in (False, True))
    return Engine(shape, Counts(*(np.zeros((n, len(OUTCOMES)), np.float32) for n in sizes)))


def believed(*means: float) -> View:
    return view(belief.weights(*(belief.prior(T20.grid, mean, 0.25) for mean in means)))


def test_chances_without_counts_are_the_base_shares() -> None:
    grid = chances(T20, np.zeros((cell_count(T20, chase=True), len(OUTCOMES)), np.float32))
    np.testing.assert_allclose(grid, np.broadcast_to(BASE, grid.shape), rtol=1e-5)


def test_the_programme_agrees_with_every_way_an_over_can_go() -> None:
    """One ball, one wicket in hand, at s = 0: enumerated by hand, extras one after another."""
    p = np.broadcast_to(BASE[:, None, None, None], (8, 1, 1, 1)).astype(np.float32)
    reach, tie, _ = chase_tables(lambda _: p, 1, 10)
    for needed in range(1, 9):
        assert reach[1, 0, needed, 0] == pytest.approx(by_hand(needed), rel=1e-5)
        exact = by_hand(needed - 1) - by_hand(needed) if needed > 1 else 1.0 - by_hand(1)
        assert float(tie[1, 0, needed, 0]) == pytest.approx(exact, rel=1e-4)


def by_hand(needed: int, extras: int = 0) -> float:
    """P(at least `needed` runs) of one legal ball and the extras before it, few at a time."""
    if needed <= 0:
        return 1.0
    if extras == 12:
        return 0.0
    p = [float(share) for share in BASE]
    bat = sum(p[k] for k in range(6) if RUNS[k] >= needed)
    out = p[6] * sum(part for runs, part in WICKET_RUNS if runs >= needed)
    return bat + out + p[7] * sum(part * by_hand(needed - r, extras + 1) for r, part in EXTRA_RUNS)


def test_chances_of_a_moment_sum_to_one(engine: Engine) -> None:
    weights = believed(0.1, 0.0)
    at = At(runs=60, wickets=2, left=54, needed=100)
    assert sum(engine.next_ball(engine.regular, at, weights)) == pytest.approx(1.0, abs=1e-5)
    now, total = engine.chasing(engine.regular, at, weights)
    assert 0.0 < now.win[0] < 1.0
    assert 0.0 <= now.tie[0] < 0.1
    assert list(total.quantiles) == sorted(total.quantiles)
    assert total.quantiles[-1] <= 160


def test_the_innings_break_does_not_jump(engine: Engine) -> None:
    """What the side that batted first had at its end is what the chase begins with."""
    belief_now = belief.learned(belief.prior(T20.grid, 0.1, 0.3), [0.1 * i for i in range(9)])
    weights = belief.weights(belief_now, belief_now)
    for runs in (90, 140, 163, 215, 299):
        at = At(runs, 7, 0)
        setting, _ = engine.batting_first(engine.regular, at, view(weights, 0.7), PRIORS, 120)
        carried = belief.logarithms(weights[0] @ engine.kernel(PRIORS))
        at = At(0, 0, 120, runs + 1)
        chasing, _ = engine.chasing(engine.regular, at, view(belief.weights(carried, carried)))
        assert setting.win[0] == pytest.approx(1 - chasing.win[0] - chasing.tie[0], abs=1e-4)
        assert setting.tie[0] == pytest.approx(chasing.tie[0], abs=1e-4)


def test_one_ball_is_worth_what_follows_from_it(engine: Engine) -> None:
    """The forecast before a ball is the mean of the forecasts after it, at a known s."""
    row = np.zeros((1, len(T20.tilts)), np.float32)
    row[0, 4] = 1.0
    known = view(row)
    book = engine.regular
    before, total = engine.batting_first(book, At(80, 3, 50), known, PRIORS, 120)
    after = [(k, At(80 + run, 3, 49)) for k, run in enumerate(RUNS[:6])]
    after += [(6, At(80 + run, 4, 49)) for run, _ in WICKET_RUNS]
    after += [(7, At(80 + run, 3, 50)) for run, _ in EXTRA_RUNS]
    parts = [1.0] * 6 + [part for _, part in (*WICKET_RUNS, *EXTRA_RUNS)]
    later = [engine.batting_first(book, at, known, PRIORS, 120) for _, at in after]
    chances_ = engine.next_ball(book, At(80, 3, 50), known)
    shares = [chances_[k] * part for (k, _), part in zip(after, parts, strict=True)]
    win = sum(p * chances.win[0] for p, (chances, _) in zip(shares, later, strict=True))
    mean = sum(p * t.mean for p, (_, t) in zip(shares, later, strict=True))
    assert before.win[0] == pytest.approx(win, abs=2e-4)
    assert total.mean == pytest.approx(mean, abs=0.02)


def test_a_boundary_teaches_a_higher_tilt_and_a_wicket_a_lower(engine: Engine) -> None:
    start = belief.prior(T20.grid, 0.0, 0.25)
    means = []
    for outcome in (6, 0, 4):
        code = engine.code(At(10, 1, 100), outcome)
        now = belief.learned(start, engine.taught(code, 0.0, chase=False))
        means.append(float(belief.weights(now)[0] @ T20.grid))
    assert means == sorted(means)


def test_a_super_over_is_six_balls_and_two_wickets(engine: Engine) -> None:
    book, weights = engine.super_over(2), believed(0.0, 0.0)
    _, total = engine.batting_first(book, At(0, 0, 6), weights, PRIORS, 6)
    assert 4.0 < total.mean < 20.0
    now, _ = engine.chasing(book, At(3, 1, 1, needed=7), weights)
    assert now.win[0] < 0.05
    out, ended = engine.batting_first(book, At(9, 2, 3), weights, PRIORS, 6)
    assert ended.mean == 9.0
    assert 0.0 < out.win[0] < 1.0


def test_a_table_that_is_moved_stands_where_the_players_are(engine: Engine) -> None:
    """Better batters to come are worth what a higher s is."""
    at, row = At(40, 2, 80), np.zeros((1, len(T20.tilts)), np.float32)
    row[0, 4] = 1.0
    higher = np.roll(row, 1, axis=1)
    moved = engine.batting_first(engine.regular, at, view(row, 1.0), PRIORS, 120)[1]
    assert moved == engine.batting_first(engine.regular, at, view(higher), PRIORS, 120)[1]


def test_a_six_tells_less_of_the_day_when_a_great_batter_hits_it(engine: Engine) -> None:
    code = engine.code(At(10, 1, 100), 5)
    start = belief.prior(T20.grid, 0.0, 0.25)
    by_a_stranger, by_a_great = (
        belief.weights(belief.learned(start, engine.taught(code, own, chase=False)))[0] @ T20.grid
        for own in (0.0, 0.4)
    )
    assert by_a_stranger > by_a_great > 0.0
