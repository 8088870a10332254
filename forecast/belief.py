"""The belief about s, the tilt of a match's conditions: log weights over the shape's grid.

Weights travel as tuples of float, so that they are written to JSON and read back bit for bit.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp
from operator import add

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
LogWeights = tuple[float, ...]

TEMPER = 0.5  # tau: balls of a match are less independent than the chances say (forecast.md)
CARRIED = 0.5  # the chase starts from this share of what the first innings taught
CHASE_SPREAD = 0.85  # the chase's own spread beside the prior's, once the first innings is known


def prior(grid: NDArray[np.float32], mean: float, spread: float) -> LogWeights:
    """A normal distribution's log density on the grid, without its constant.

    >>> prior(np.array([-1.0, 0.0, 1.0], dtype=np.float32), 0.0, 1.0)
    (-0.5, -0.0, -0.5)
    """
    return tuple((-0.5 * ((grid.astype(np.float64) - mean) / spread) ** 2).tolist())


def logarithms(weights_: Weights) -> LogWeights:
    """Weights as log weights; none is quite impossible."""
    return tuple(np.log(np.maximum(weights_, 1e-30)).tolist())


def learned(belief: LogWeights, taught: Sequence[float]) -> LogWeights:
    """The belief after a ball that tells `taught` = TEMPER * log p_k(s) / p_k(0), S numbers."""
    return tuple(map(add, belief, taught))


def weights(*beliefs: LogWeights) -> NDArray[np.float32]:
    """Each belief as a row of weights that sum to 1, [rows, S]."""
    return np.array([_normal(belief) for belief in beliefs], dtype=np.float32)


@lru_cache(1024)
def _normal(belief: LogWeights) -> tuple[float, ...]:
    """Plain floats: for so few numbers they are faster than arrays."""
    highest = max(belief)
    raised = [exp(value - highest) for value in belief]
    whole = sum(raised)
    return tuple([value / whole for value in raised])


def carried(
    grid: NDArray[np.float32], first: tuple[float, float], second: tuple[float, float]
) -> Weights:
    """How the chase's s follows from the first innings': rows s1, columns s2, [S, S].

    `first` and `second` are (mean, spread) of the two innings' priors.
    """
    s = grid.astype(np.float64)
    means = second[0] + CARRIED * (s - first[0])
    spread = CHASE_SPREAD * second[1]
    kernel = np.exp(-0.5 * ((s[None, :] - means[:, None]) / spread) ** 2)
    result: Weights = kernel / kernel.sum(axis=1, keepdims=True)
    return result
