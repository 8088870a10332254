"""All that is computed once from a format's counts and looked up for every ball."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.cells import chances
from forecast.outcomes import OUTCOMES, TILT, Array, tilted
from forecast.programme import chase_tables, reaching
from forecast.shape import Shape

MARGIN = 4  # tilts beyond the grid: no two players together are further from the mean
SUPER_OVER_BALLS = 6
SUPER_OVER_MOST = 60  # runs; the record is far below
SUPER_OVER_LIKE = 3  # wickets down in a last over with such batters: the best of the side
SUPER_OVER_WICKETS = 7  # at most in the tables, which go to ten down: six balls rarely cost more


class At(NamedTuple):
    """Where an innings stands: its runs, wickets down, legal balls left, runs needed."""

    runs: int
    wickets: int
    left: int
    needed: int | None = None


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one format, or of its super over.

    `reach` [balls + 1, wickets, most + 1, S]: P(at least n more runs) in the first innings;
    `win`, `tie` and `spare`, the same shape, in a chase that needs n (see `ChaseTables`). `first`
    [phases, wickets, 1, S, 8] and `chase` [.., buckets, S, 8]: the next ball's chances. `first_log`
    and `chase_log` [cell * 8 + outcome, S + 2 MARGIN]: a ball's log likelihoods of s, on a grid
    that goes MARGIN tilts further on both sides, since the two players' tilt is added to s.
    """

    shape: Shape
    first: Array
    chase: Array
    reach: Array
    win: Array
    tie: Array
    spare: Array
    first_log: Array
    chase_log: Array


def regular(shape: Shape, first_counts: Array, chase_counts: Array) -> Tables:
    """The tables of an ordinary innings."""
    first = tilted(chances(shape, first_counts), shape.grid)
    return _solved(shape, first, tilted(chances(shape, chase_counts), shape.grid))


def super_over(regulars: Tables, wickets: int) -> Tables:
    """The tables of a super over that so many wickets end: the last over's chances, six balls."""
    shape = replace(regulars.shape, balls=SUPER_OVER_BALLS, most=SUPER_OVER_MOST)
    phases = slice(-shape.phases, None)
    like = slice(SUPER_OVER_LIKE, SUPER_OVER_LIKE + wickets)
    return _solved(shape, regulars.first[phases, like], regulars.chase[phases, like])


def _solved(shape: Shape, first: Array, chase: Array) -> Tables:
    @lru_cache(1)
    def opening(phase: int) -> Array:
        return np.repeat(np.moveaxis(first[phase], -1, 0), shape.most, axis=2)

    def chasing(left: int) -> Array:
        return _by_needed(shape, chase, left)

    win, tie, spare = chase_tables(chasing, shape.balls, shape.most)
    return Tables(
        shape=shape,
        first=first,
        chase=chase,
        reach=reaching(lambda left: opening(shape.phase(left)), shape.balls, shape.most),
        win=win,
        tie=tie,
        spare=spare,
        first_log=_taught(shape, first),
        chase_log=_taught(shape, chase),
    )


def _by_needed(shape: Shape, chase: Array, left: int) -> Array:
    """The chances [8, wickets, most, S] by runs needed, between the two nearest buckets."""
    place = shape.position[left, 1:]
    low = np.minimum(place.astype(np.intp), len(shape.rates) - 2)
    part = np.repeat(place - low, len(shape.tilts)).reshape(-1, len(shape.tilts))
    by_bucket = np.ascontiguousarray(chase[shape.phase(left)].transpose(3, 0, 1, 2))
    steps = by_bucket[:, :, 1:] - by_bucket[:, :, :-1]
    result: Array = part * steps.take(low, axis=2)
    result += by_bucket.take(low, axis=2)
    return result


def _taught(shape: Shape, chances_: Array) -> Array:
    """Temper times log p_k(s) / p_k(0), [cell * 8 + outcome, S + 2 MARGIN]."""
    middle = int(np.argmin(np.abs(shape.grid)))
    further = shape.step * np.arange(1, MARGIN + 1, dtype=np.float32)
    grid = np.concatenate((shape.grid[0] - further[::-1], shape.grid, shape.grid[-1] + further))
    logs = np.log(tilted(chances_[..., middle, :], grid)).swapaxes(-1, -2)
    logs = logs - logs[..., middle + MARGIN, None]
    return np.ascontiguousarray(np.float32(shape.temper) * logs.reshape(-1, logs.shape[-1]))


def surprises(
    codes: np.ndarray, chances_: Array, tilts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far played balls depart from the tilts expected of them: a_k - E[a] and Var[a].

    Both are [balls]: the gradient and the curvature of the log likelihood p_k ~ p_k exp(s a_k).
    """
    width, worth = len(OUTCOMES), TILT.astype(np.float64)
    chances_ = chances_.reshape(-1, width)[codes // width]
    weighed = chances_ * np.exp(tilts[:, None] * worth)
    weighed /= weighed.sum(axis=1, keepdims=True)
    mean = weighed @ worth
    return worth[codes % width] - mean, weighed @ worth**2 - mean**2
