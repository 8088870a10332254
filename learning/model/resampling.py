"""Intervals by resampling matches: the balls of a match share one answer and count together."""

from collections.abc import Sequence
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


def estimates(drawn: Array) -> list[Estimate]:
    """The figures and intervals of [1 + draws, K], one a column; NaN of a group without rows."""
    if len(drawn) == 1:
        return [Estimate(*[float(value)] * 3) for value in drawn[0]]
    none = np.isnan(drawn[1:]).all(axis=0)  # a group without rows
    low, high = np.nanquantile(np.where(none, 0.0, drawn[1:]), ENDS, axis=0)
    return [Estimate(*map(float, each)) for each in zip(drawn[0], low, high, strict=True)]


def mean_over_matches(values: Sequence[float]) -> Estimate:
    """The mean of one value a match, with its interval; of one match, the value alone.

    >>> mean_over_matches([0.5])
    Estimate(value=0.5, low=0.5, high=0.5)
    """
    column = np.array(values, dtype=np.float64)[:, None]
    return estimates(resamples(len(values)) @ column / len(values))[0]
