"""How a chase is likely to end, if it is won and if it fails."""

from functools import cache

import numpy as np
import pytest

from forecast import belief
from forecast.belief import View, view
from forecast.cells import BASE, cell_count
from forecast.engine import Counts, Engine
from forecast.outcomes import EXTRA, OUTCOMES, RUNS, WICKET
from forecast.programme import EXTRA_RUNS, WICKET_RUNS, chase_tables
from forecast.shape import Shape
from forecast.tables import At

SMALL = Shape(
    balls=6, most=40, tilts=(-0.5, 0.0, 0.5), rates=(4.0, 8.0, 12.0, 20.0), temper=0.3, carried=0.35
)
EXTRAS = 6  # in a row: the share of more is below 1e-8


@pytest.fixture(scope="module")
def engine() -> Engine:
    sizes = (cell_count(SMALL, chase=chase) for chase in (False, True))
    return Engine(SMALL, Counts(*(np.zeros((n, len(OUTCOMES)), np.float32) for n in sizes)))


def believed() -> View:
    return view(belief.weights(belief.prior(SMALL.grid, 0.0, 0.25)))


@cache
def ends(needed: int, wickets: int, left: int, extras: int = 0) -> tuple[float, float]:
    """By hand: P(win), and the mean of the balls left at it, none where it fails."""
    if needed <= 0:
        return 1.0, float(left)
    if left == 0 or wickets == 0 or extras == EXTRAS:
        return 0.0, 0.0
    p = [float(share) for share in BASE]
    after = [(p[k], ends(needed - RUNS[k], wickets, left - 1)) for k in range(WICKET)]
    after += [(p[WICKET] * q, ends(needed - r, wickets - 1, left - 1)) for r, q in WICKET_RUNS]
    after += [(p[EXTRA] * q, ends(needed - r, wickets, left, extras + 1)) for r, q in EXTRA_RUNS]
    win, spare = (sum(share * end[k] for share, end in after) for k in range(2))
    return win, spare


def test_the_balls_left_at_a_win_agree_with_every_way_an_over_can_go() -> None:
    p = np.broadcast_to(BASE[:, None, None, None], (8, 2, 1, 1)).astype(np.float32)
    tables = chase_tables(lambda _: p, 6, 20)
    for left in (1, 3, 6):
        for down in (0, 1):
            for needed in (1, 2, 5, 9):
                win, spare = ends(needed, 2 - down, left)
                assert tables.win[left, down, needed, 0] == pytest.approx(win, rel=1e-3)
                assert tables.spare[left, down, needed, 0] == pytest.approx(spare, rel=3e-3)


def test_a_chase_ends_with_balls_left_or_short_of_its_target(engine: Engine) -> None:
    for needed in range(1, 37):
        for left in range(1, 7):
            at = At(runs=150, wickets=2, left=left, needed=needed)
            end = engine.chase_end(engine.regular, at, believed())
            assert end.balls_left is None or 0.0 <= end.balls_left <= left
            assert end.total is None or 150.0 <= end.total <= 150 + needed - 1 + 1e-4


def test_the_two_ends_of_a_chase_add_up_to_its_projected_total(engine: Engine) -> None:
    at, now = At(runs=100, wickets=3, left=6, needed=9), believed()
    chances, total = engine.chasing(engine.regular, at, now)
    end = engine.chase_end(engine.regular, at, now)
    assert end.total is not None
    won = chances.win[0]
    assert won * (at.runs + 9) + (1 - won) * end.total == pytest.approx(total.mean, abs=1e-3)


def test_an_easier_chase_ends_earlier(engine: Engine) -> None:
    def left(needed: int) -> float:
        end = engine.chase_end(engine.regular, At(0, 2, 6, needed), believed())
        assert end.balls_left is not None
        return end.balls_left

    assert [left(n) for n in range(1, 20)] == sorted((left(n) for n in range(1, 20)), reverse=True)


def test_an_end_that_can_hardly_come_is_not_told(engine: Engine) -> None:
    def end(**at: int) -> tuple[bool, bool]:
        found = engine.chase_end(engine.regular, At(runs=0, **at), believed())
        return found.balls_left is None, found.total is None

    assert end(wickets=0, left=6, needed=40) == (True, False)
    assert end(wickets=0, left=6, needed=8) == (False, False)
