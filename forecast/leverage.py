"""Leverage: how far the ball that is due can move the batting side's chance.

It is the standard deviation of that chance, ties counted half, over the outcomes of the next ball,
by the belief before that ball. The name is Tom Tango's, whose leverage in baseball is such a spread
divided by its average.
"""

from collections.abc import Sequence
from operator import mul

import numpy as np

from forecast.belief import View
from forecast.outcomes import EXTRA, RUNS, WICKET, Array
from forecast.tables import At, Tables

_SIX = max(RUNS)


def spread(chances: Sequence[float], values: Sequence[float]) -> float:
    """The standard deviation of values that come with these chances.

    >>> spread((0.5, 0.5), (0.2, 0.4))
    0.1
    """
    mean = sum(map(mul, chances, values))
    squares = [(value - mean) ** 2 for value in values]
    return float(round(sum(map(mul, chances, squares)) ** 0.5, 12))


def of_chase(book: Tables, at: At, view: View) -> list[float]:
    """The chance after each of OUTCOMES in a chase that is not decided."""
    assert at.needed is not None
    downs, needed = book.win.shape[1], min(at.needed, book.shape.most)
    left, wickets = min(at.left, book.shape.balls), min(at.wickets, downs - 1)
    fewest = max(needed - _SIX, 0)

    def chances(balls: int, down: int, runs: slice) -> list[float]:
        place = (balls, down, runs)
        by_runs: list[float] = ((book.win[place] + book.tie[place] / 2.0) @ view.moved[0]).tolist()
        return by_runs

    by_needed = chances(left - 1, wickets, slice(fewest, needed + 1))
    values = [by_needed[max(needed - scored, 0) - fewest] for scored in RUNS]
    if wickets + 1 < downs:
        values[WICKET] = chances(left - 1, wickets + 1, slice(needed, needed + 1))[0]
    else:  # all out: one short is a tie
        values[WICKET] = 0.5 if needed == 1 else 0.0
    values[EXTRA] = chances(left, wickets, slice(needed - 1, needed))[0]
    return values


def of_innings(book: Tables, at: At, view: View, worth: tuple[Array, Array]) -> list[float]:
    """The chance after each of OUTCOMES in an innings that sets a target.

    `worth` is what a total is worth, [totals, S], and its steps from run to run. Runs between none
    and six are worth their share of a six, an extra what a single is: off by less than 0.002.
    """
    left, runs = min(at.left, book.shape.balls) - 1, min(at.runs, book.shape.most - _SIX)
    most, belief = book.shape.most, view.weights[0]
    value, steps = worth
    ended = (value[runs : runs + _SIX + 1 : _SIX] @ belief).tolist()
    moved = steps[runs + 1 : runs + 1 + most + _SIX] @ (view.shift * belief).T
    reach = book.reach[left, at.wickets, 1:]
    none = ended[0] + float(np.vdot(reach, moved[:most]))
    six = ended[1] + float(np.vdot(reach, moved[_SIX:]))
    values = [none + (six - none) * scored / _SIX for scored in RUNS]
    values[WICKET] = ended[0]
    if at.wickets + 1 < book.reach.shape[1]:
        values[WICKET] += float(np.vdot(book.reach[left, at.wickets + 1, 1:], moved[:most]))
    return values
