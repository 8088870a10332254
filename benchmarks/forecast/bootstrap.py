"""Intervals by resampling matches: the balls of a match share one answer and count together.

A match is kept as sums and counts, so that a resample is a row of weights and all resamples of
all rungs are one matrix product. Differences are paired: both sides on the same resamples.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DRAWS = 1000
SEED = 2022
ENDS = (0.025, 0.975)  # 95 % intervals


class Estimate(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


def resamples(matches: int, draws: int = DRAWS, seed: int = SEED) -> Array:
    """How often each match is drawn: the sample itself first, then `draws`, [1 + draws, matches].

    >>> resamples(3, draws=2).sum(axis=1).tolist()
    [3.0, 3.0, 3.0]
    """
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(matches, np.full(matches, 1.0 / max(matches, 1)), size=draws)
    return np.vstack([np.ones((1, matches)), drawn.astype(np.float64)])


def by_match(values: Array, match: NDArray[np.int64], matches: int) -> Array:
    """Sums of values [rows, ...] by match, [matches, ...]."""
    flat = values.reshape(len(match), -1)
    sums = [np.bincount(match, weights=column, minlength=matches) for column in flat.T]
    return np.stack(sums, axis=1).reshape(matches, *values.shape[1:])


def means(sums: Array, counts: Array, weights: Array) -> Array:
    """The mean over rows in every resample: sums [matches, K], counts [matches, K or 1].

    [1 + draws, K]; the first row is the sample's. NaN where a resample holds no row.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Array = (weights @ sums) / (weights @ counts)
    return result


def estimates(drawn: Array) -> list[Estimate]:
    """The figures and intervals of [1 + draws, K], one a column; NaN of a group without rows."""
    if len(drawn) == 1:
        return [Estimate(*[float(value)] * 3) for value in drawn[0]]
    none = np.isnan(drawn[1:]).all(axis=0)  # a group without rows
    low, high = np.nanquantile(np.where(none, 0.0, drawn[1:]), ENDS, axis=0)
    return [Estimate(*map(float, each)) for each in zip(drawn[0], low, high, strict=True)]


def differences(drawn: Array, place: int) -> list[Estimate]:
    """Of [1 + draws, K], column `place` less each column, on the same resamples."""
    return estimates(drawn[:, [place]] - drawn)
