"""How wide the projected total's intervals are: as wide as would lately have been right.

The engine's quantiles follow from the balls and the belief, and ignore how far a side's day differs
from its history. So each of them has a factor for each stage of the innings, by which its distance
from the mean is stretched. Every answer moves it: up if the total fell outside more often than the
quantile's level says, down if less often. This is adaptive conformal inference (Gibbs and
Candes 2021, arXiv 2106.00170) on the logarithm of a factor.
"""

from collections.abc import Sequence
from math import exp

from learning.labels import Question

LEVELS = (0.10, 0.25, 0.75, 0.90)  # the median stays where the engine has it
STAGES = 5  # fifths of the innings
STEP = 0.05  # of a factor's logarithm, in a match; STAGES and STEP were chosen before 2022
MOST = 0.7  # no factor is above 2 or below one half

Widths = tuple[tuple[float, ...], ...]  # [stages, levels], logarithms of the factors
UNTRIED: Widths = ((0.0,) * len(LEVELS),) * STAGES


def stage(left: float) -> int:
    """The stage of an innings of which this share of the balls is left; the last is 0."""
    return min(int(left * STAGES), STAGES - 1)


def stretched(
    quantiles: Sequence[float], mean: float, moved: float, logs: Sequence[float], least: float
) -> tuple[float, ...]:
    """The five quantiles around `moved` instead of `mean`, in order and not below `least`.

    >>> stretched((10.0, 15.0, 20.0, 25.0, 30.0), 20.0, 22.0, (0.0, 0.0, 0.0, 0.0), 14.0)
    (14.0, 17.0, 22.0, 27.0, 32.0)
    """
    low, near, high, far = map(exp, logs)
    factors = (low, near, 1.0, high, far)
    values = [moved + (q - mean) * f for q, f in zip(quantiles, factors, strict=True)]
    return tuple(sorted([max(value, least) for value in values]))


def answered(widths: Widths, questions: Sequence[Question], full: int, truth: float) -> Widths:
    """The widths after a first innings of `full` balls, whose total is `truth`."""
    served: list[list[tuple[float, ...]]] = [[] for _ in widths]
    for q in questions:
        if q.quantiles:
            at = stage(1.0 - q.balls / full)
            served[at].append(stretched(q.quantiles, q.engine_total, q.total, widths[at], 0.0))
    return tuple(_moved(logs, values, truth) for logs, values in zip(widths, served, strict=True))


def _moved(
    logs: tuple[float, ...], served: Sequence[tuple[float, ...]], truth: float
) -> tuple[float, ...]:
    """A stage's factors after a match, which counts once however many questions it was asked."""
    if not served:
        return logs
    moved = []
    for place, (level, log) in enumerate(zip(LEVELS, logs, strict=True)):
        at = place + (place > 1)  # the median, which has no factor, stands between
        share = sum(truth <= quantiles[at] for quantiles in served) / len(served)
        outside = level - share if level > 0.5 else share - level
        moved.append(min(max(log + STEP * outside, -MOST), MOST))
    return tuple(moved)
