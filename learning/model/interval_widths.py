"""How wide the projected total's intervals are: as wide as lately held what they should.

The engine's quantiles know the balls and the belief, not how much a side's day differs from its
history. So each of them has a factor by which its distance from the mean is stretched, one for
each stage of the innings, that every answer moves: up if the total fell outside more often than
the quantile's level says, down if less often. This is adaptive conformal inference (Gibbs and
Candes 2021, arXiv 2106.00170) on the logarithm of a factor.
"""

from collections.abc import Sequence
from math import exp

from learning.labels import Question

LEVELS = (0.10, 0.25, 0.75, 0.90)  # the median stays where the engine has it
STAGES = 5  # fifths of the innings
STEP = 0.05  # of a factor's logarithm, a match; both were chosen before 2022
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
    told = [moved + (q - mean) * f for q, f in zip(quantiles, factors, strict=True)]
    return tuple(sorted([max(value, least) for value in told]))


def answered(widths: Widths, questions: Sequence[Question], full: int, truth: float) -> Widths:
    """The widths after a first innings of `full` balls ended on `truth`, asked so many times."""
    told: list[list[tuple[float, ...]]] = [[] for _ in widths]
    for q in filter(lambda asked: asked.quantiles, questions):
        at = stage(1.0 - q.balls / full)
        told[at].append(stretched(q.quantiles, q.engine_total, q.total, widths[at], 0.0))
    return tuple(_moved(logs, said, truth) for logs, said in zip(widths, told, strict=True))


def _moved(
    logs: tuple[float, ...], said: Sequence[tuple[float, ...]], truth: float
) -> tuple[float, ...]:
    """However many questions a stage had, the match is one answer."""
    if not said:
        return logs
    moved = []
    for place, (level, log) in enumerate(zip(LEVELS, logs, strict=True)):
        at = place + (place > 1)  # the median stands between
        share = sum(truth <= told[at] for told in said) / len(said)
        outside = level - share if level > 0.5 else share - level
        moved.append(min(max(log + STEP * outside, -MOST), MOST))
    return tuple(moved)
