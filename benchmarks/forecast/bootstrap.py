"""Intervals by resampling matches: the balls of a match share one answer and count together.

A match is kept as sums and counts, so that a resample is a row of weights and all resamples of
all rungs are one matrix product. Differences are paired: both sides on the same resamples.
"""

import numpy as np
from numpy.typing import NDArray

from learning.model.resampling import DRAWS, Array, Estimate, estimates, resamples

__all__ = ["DRAWS", "Array", "Estimate", "by_match", "differences", "estimates", "means"]
__all__ += ["resamples"]


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


def differences(drawn: Array, place: int) -> list[Estimate]:
    """Of [1 + draws, K], column `place` less each column, on the same resamples."""
    return estimates(drawn[:, [place]] - drawn)
