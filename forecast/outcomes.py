"""The eight outcomes of a ball, and how the match's conditions tilt their chances."""

import numpy as np
from numpy.typing import NDArray

from cricket.facts import Ball

Array = NDArray[np.float32]

OUTCOMES = ("dot", "1", "2", "3", "4", "6", "wicket", "extra")
RUNS = (0, 1, 2, 3, 4, 6, 0, 1)
WICKET, EXTRA = 6, 7
TILT = np.array([-0.5, 0.0, 0.3, 0.3, 1.0, 1.2, -1.0, 0.0], dtype=np.float32)
_BY_RUNS = (0, 1, 2, 3, 4, 4)  # a five is nearly always four and an overthrow


def outcome_of(ball: Ball) -> int:
    """The ball's place in OUTCOMES: a wicket before an extra, an extra before its runs.

    An extra is a wide or a no-ball; byes and leg byes count as the runs they bring.
    """
    if ball.wickets and ball.dismissals:
        return WICKET
    if not ball.legal:
        return EXTRA
    runs = ball.total
    return _BY_RUNS[runs] if runs < len(_BY_RUNS) else 5


def tilted(chances: Array, tilts: Array) -> Array:
    """p_k(s) = p_k exp(s a_k) / Z(s): `chances` [..., 8] at each of S tilts, [..., S, 8]."""
    weighed: Array = chances[..., None, :] * np.exp(tilts[:, None] * TILT)
    result: Array = weighed / weighed.sum(axis=-1, keepdims=True)
    return result
