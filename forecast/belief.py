"""The belief about s, the tilt of a match's conditions: log weights over the shape's grid.

Weights travel as tuples of float, so that they are written to JSON and read back bit for bit.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, floor
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cricket.identity_cache import IdentityCache

Weights = NDArray[np.float64]
LogWeights = tuple[float, ...]

CHASE_SPREAD = 0.85  # the chase's own spread beside the prior's, once the first innings is known


def prior(grid: NDArray[np.float32], mean: float, spread: float) -> LogWeights:
    """A normal distribution's log density on the grid, without its constant.

    >>> prior(np.array([-1.0, 0.0, 1.0], dtype=np.float32), 0.0, 1.0)
    (-0.5, -0.0, -0.5)
    """
    return tuple((-0.5 * ((grid.astype(np.float64) - mean) / spread) ** 2).tolist())


def logarithms(weights_: Weights) -> LogWeights:
    """Weights as log weights, none of them minus infinity."""
    return tuple(np.log(np.maximum(weights_, 1e-30)).tolist())


def learned(belief: LogWeights, logs: Sequence[float]) -> LogWeights:
    """The belief after a ball of these log likelihoods (`forecast.engine.Engine.taught`), [S]."""
    return tuple(map(add, belief, logs))


class View(NamedTuple):
    """Beliefs, and how far the players still to come shift the tables that these weigh.

    `weights` are beliefs about s as rows, [rows, S]: first the belief, then, if given, the prior
    it grew from. `shift` [S, S] shifts tables; `moved` are the weights for unshifted tables.
    """

    weights: NDArray[np.float32]
    shift: NDArray[np.float32]
    moved: NDArray[np.float32]


def view(weights_: NDArray[np.float32], steps: float = 0.0) -> View:
    """The beliefs with the players moving s by `steps` of its grid."""
    matrix = shift(steps, weights_.shape[1])
    return View(weights_, matrix, weights_ @ matrix.T)


def shift(steps: float, size: int) -> NDArray[np.float32]:
    """The matrix that shifts a table of `size` tilts by `steps` of its grid: table @ shift, [S, S].

    The value at s becomes the one at s + steps, interpolated between the two nearest; a table goes
    on beyond its ends with their values.

    >>> shift(0.5, 3).tolist()
    [[0.5, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.5, 1.0]]
    """
    whole = floor(steps)
    near, further = _between(whole, size)
    result: NDArray[np.float32] = near + further * np.float32(steps - whole)
    return result


@lru_cache(256)
def _between(whole: int, size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The shift by `whole` steps, and what one step more adds to it."""
    near = _by(whole, size)
    return near, _by(whole + 1, size) - near


def _by(whole: int, size: int) -> NDArray[np.float32]:
    matrix = np.zeros((size, size), dtype=np.float32)
    places = np.arange(size)
    matrix[np.clip(places + whole, 0, size - 1), places] = 1.0
    return matrix


def weights(belief: LogWeights, *priors: LogWeights) -> NDArray[np.float32]:
    """Each belief as a row of weights that sum to 1, [rows, S]; priors are cached by identity."""
    return np.array([_normal(belief), *map(_prior, priors)], dtype=np.float32)


def _normal(belief: LogWeights) -> tuple[float, ...]:
    """Weights that sum to 1; plain floats, faster than arrays for so few numbers."""
    highest = max(belief)
    raised = [exp(value - highest) for value in belief]
    total = sum(raised)
    return tuple([value / total for value in raised])


_prior = IdentityCache(_normal)


def carried(
    grid: NDArray[np.float32],
    first: tuple[float, float],
    second: tuple[float, float],
    share: float,
) -> Weights:
    """How the chase's s follows from the first innings': rows s1, columns s2, [S, S].

    `first` and `second` are (mean, spread) of the two innings' priors, `share` the part of what
    the first innings taught that holds in the second.
    """
    s = grid.astype(np.float64)
    means = second[0] + share * (s - first[0])
    spread = CHASE_SPREAD * second[1]
    kernel = np.exp(-0.5 * ((s[None, :] - means[:, None]) / spread) ** 2)
    result: Weights = kernel / kernel.sum(axis=1, keepdims=True)
    return result
