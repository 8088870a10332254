"""How much hangs on the ball that is due: the spread of the answer over what it can be.

The standard deviation of the batting side's chance, ties counted half, over the outcomes of the
next ball, by the belief as it is before that ball. Tom Tango's leverage of baseball, which is the
same spread over its average, gave the name.
"""

from collections.abc import Sequence

import numpy as np

from forecast.belief import View
from forecast.outcomes import EXTRA, OUTCOMES, RUNS, WICKET, Array
from forecast.tables import At, Tables

_RUNS = np.array(RUNS)
_LEGAL = np.array([int(number != EXTRA) for number in range(len(OUTCOMES))])
_OUT = np.array([int(number == WICKET) for number in range(len(OUTCOMES))])
_SIX = max(RUNS)


def spread(chances: Sequence[float], values: Sequence[float]) -> float:
    """The standard deviation of values that come with these chances.

    >>> spread((0.5, 0.5), (0.2, 0.4))
    0.1
    """
    mean = sum(map(float.__mul__, chances, values))
    square = sum(c * (v - mean) ** 2 for c, v in zip(chances, values, strict=True))
    return float(round(square**0.5, 12))


def of_chase(book: Tables, at: At, seen: View) -> list[float]:
    """The chance after each of OUTCOMES in a chase that is not decided."""
    assert at.needed is not None
    downs = book.win.shape[1]
    left, wickets = min(at.left, book.shape.balls) - _LEGAL, min(at.wickets, downs - 1) + _OUT
    needed = np.maximum(min(at.needed, book.shape.most) - _RUNS, 0)
    place = (left, np.minimum(wickets, downs - 1), needed)
    values = (book.win[place] + book.tie[place] / 2.0) @ seen.moved[0]
    if wickets[WICKET] == downs:  # all out: one short is a tie
        values[WICKET] = 0.5 if at.needed == 1 else 0.0
    result: list[float] = values.tolist()
    return result


def of_innings(book: Tables, at: At, seen: View, worth: tuple[Array, Array]) -> list[float]:
    """The chance after each of OUTCOMES while a target is set.

    `worth` is what a total is worth, [totals, S], and its steps from run to run. Runs between none
    and six are worth their share of a six, an extra what a single is: off by less than 0.002.
    """
    left, runs = min(at.left, book.shape.balls) - 1, min(at.runs, book.shape.most - _SIX)
    most = book.shape.most
    weighed = seen.shift * seen.weights[0]
    value, steps = worth

    def chance(reach: Array, scored: int) -> float:
        start = runs + scored
        ahead = np.vdot(steps[start + 1 : start + 1 + most], reach)
        return float(value[start] @ seen.weights[0] + ahead)

    reach = book.reach[left, at.wickets : at.wickets + 2, 1:] @ weighed
    none, six = chance(reach[0], 0), chance(reach[0], _SIX)
    values = [none + (six - none) * scored / _SIX for scored in RUNS]
    last = at.wickets + 1 == book.reach.shape[1]
    values[WICKET] = float(value[runs] @ seen.weights[0]) if last else chance(reach[1], 0)
    return values
