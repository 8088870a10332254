"""Losses of forecasts, a row each, and calibration. Chances in 0 to 1, totals in runs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SURE = 1e-6  # chances are kept this far from 0 and 1 before their logarithm is taken
LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)  # of the quantiles that the system publishes
# What each level stands for in the integral over all levels: the midpoints between neighbours.
SHARES = (0.175, 0.2, 0.25, 0.2, 0.175)
BINS = 10


def log_loss(chance: Array, truth: Array) -> Array:
    """Minus the logarithm of the chance given to what came, in nats; both [rows].

    >>> log_loss(np.array([0.5]), np.array([1.0])).round(4).tolist()
    [0.6931]
    """
    kept = np.clip(np.asarray(chance, np.float64), SURE, 1.0 - SURE)
    result: Array = -np.where(np.asarray(truth) > 0.5, np.log(kept), np.log1p(-kept))
    return result


def brier(chance: Array, truth: Array) -> Array:
    """The squared error of a chance, [rows]."""
    return (np.asarray(chance, np.float64) - truth) ** 2


def right(chance: Array, truth: Array) -> Array:
    """1 where the likelier side won, one half where neither was the likelier, [rows]."""
    return np.where(chance == 0.5, 0.5, (chance > 0.5) == (truth > 0.5))


def choice_loss(chances: Array, came: NDArray[np.int64]) -> Array:
    """Log loss of chances [rows, outcomes] for the outcome that came, [rows], in nats."""
    given = np.take_along_axis(chances, came[:, None], axis=1)[:, 0]
    result: Array = -np.log(np.maximum(given.astype(np.float64), SURE))
    return result


def crps(quantiles: Array, truth: Array) -> Array:
    """The continuous ranked probability score from five quantiles [rows, 5], in runs.

    CRPS is twice the integral of the quantile loss over all levels. Here five levels stand for
    the whole: no tail and no shape between them is assumed, and all rungs are judged alike.
    """
    gap = np.asarray(truth, np.float64)[:, None] - quantiles
    losses = np.maximum(gap * LEVELS, gap * (np.array(LEVELS) - 1.0))
    result: Array = 2.0 * losses @ np.array(SHARES)
    return result


def covered(low: Array, high: Array, truth: Array) -> Array:
    """1 where the truth lies within an interval, its ends included, [rows]."""
    result: Array = ((truth >= low) & (truth <= high)).astype(np.float64)
    return result


class Bins(NamedTuple):
    """Which bin each row's chance falls into, [rows], and how many there are."""

    places: NDArray[np.int64]
    number: int


def deciles(chance: Array) -> Bins:
    """Ten bins of equally many rows, by the chance."""
    edges = np.quantile(chance, np.arange(1, BINS) / BINS)
    return Bins(np.searchsorted(edges, chance, side="right"), BINS)


def tenths(chance: Array) -> Bins:
    """Ten bins of equal width."""
    return Bins(np.clip((np.asarray(chance) * BINS).astype(np.int64), 0, BINS - 1), BINS)


def calibration_error(counts: Array, said: Array, came: Array) -> Array:
    """The expected calibration error: |mean forecast - mean answer| over bins, by their rows.

    Sums over rows by bin, [..., bins]; the result is [...].
    """
    result: Array = np.abs(said - came).sum(axis=-1) / np.maximum(counts.sum(axis=-1), 1.0)
    return result
