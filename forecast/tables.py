"""All that is computed once from a format's counts and looked up for every ball."""

from dataclasses import dataclass, replace

import numpy as np

from forecast.belief import TEMPER
from forecast.cells import chances
from forecast.outcomes import OUTCOMES, TILT, Array, tilted
from forecast.programme import reaching, reaching_and_tying
from forecast.shape import Shape

SUPER_OVER_BALLS = 6
SUPER_OVER_MOST = 60  # runs; the record is far below
SUPER_OVER_WICKETS = 2
SUPER_OVER_LIKE = 3  # its batters are the best of the side: as the last over three down


@dataclass(frozen=True, eq=False)
class Tables:
    """Of one format, or of its super over.

    `reach` [balls + 1, wickets, most + 1, S]: P(at least n more runs) in the first innings;
    `win` and `tie`, the same shape, in a chase that needs n. `first` [overs, wickets, 1, S, 8]
    and `chase` [.., buckets, S, 8]: the next ball's chances. `first_log` and `chase_log`
    [cell * 8 + outcome, S]: what a ball tells about s.
    """

    shape: Shape
    first: Array
    chase: Array
    reach: Array
    win: Array
    tie: Array
    first_log: Array
    chase_log: Array


def regular(shape: Shape, first_counts: Array, chase_counts: Array) -> Tables:
    """The tables of an ordinary innings."""
    first = tilted(chances(shape, first_counts), shape.grid)
    return _solved(shape, first, tilted(chances(shape, chase_counts), shape.grid))


def super_over(regulars: Tables) -> Tables:
    """The tables of a super over: the last over's chances, two wickets, six balls."""
    shape = replace(regulars.shape, balls=SUPER_OVER_BALLS, most=SUPER_OVER_MOST)
    like = slice(SUPER_OVER_LIKE, SUPER_OVER_LIKE + SUPER_OVER_WICKETS)
    return _solved(shape, regulars.first[-1:, like], regulars.chase[-1:, like])


def _solved(shape: Shape, first: Array, chase: Array) -> Tables:
    def opening(left: int) -> Array:
        return np.ascontiguousarray(np.moveaxis(first[shape.over(left)], -1, 0))

    def chasing(left: int) -> Array:
        return _by_needed(shape, chase, left)

    win, tie = reaching_and_tying(chasing, shape.balls, shape.most)
    return Tables(
        shape=shape,
        first=first,
        chase=chase,
        reach=reaching(opening, shape.balls, shape.most),
        win=win,
        tie=tie,
        first_log=_taught(shape, first),
        chase_log=_taught(shape, chase),
    )


def _by_needed(shape: Shape, chase: Array, left: int) -> Array:
    """The chances [8, wickets, most, S] by runs needed, between the two nearest buckets."""
    place = shape.position[left, 1:]
    low = np.minimum(place.astype(np.intp), len(shape.rates) - 2)
    part = (place - low)[None, None, :, None]
    by_bucket = np.ascontiguousarray(chase[shape.over(left)].transpose(3, 0, 1, 2))
    lower, upper = by_bucket[:, :, low], by_bucket[:, :, low + 1]
    result: Array = lower + part * (upper - lower)
    return result


def _taught(shape: Shape, chances_: Array) -> Array:
    """Log p_k(s) / p_k(0), [cell * 8 + outcome, S]: what a ball tells about s."""
    logs = np.log(chances_).swapaxes(-1, -2)
    logs = logs - logs[..., int(np.argmin(np.abs(shape.grid))), None]
    return np.ascontiguousarray(TEMPER * logs.reshape(-1, logs.shape[-1]))


def tilt_shown(codes: np.ndarray, chances_: Array) -> tuple[float, float]:
    """What played balls show of s: the sum of a_k - E[a] and of Var[a], both at s = 0.

    Their ratio is one Newton step to the likeliest s; the second is its precision.
    """
    width = len(OUTCOMES)
    expected = chances_.reshape(-1, width)
    mean = expected @ TILT
    variance = expected @ TILT**2 - mean**2
    cells = codes // width
    return float((TILT[codes % width] - mean[cells]).sum()), float(variance[cells].sum())
