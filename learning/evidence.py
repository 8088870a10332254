"""Is the challenger better? An answer that holds at whatever moment it is looked at.

The confidence sequence of Waudby-Smith and Ramdas, "Estimating means of bounded random variables
by betting" (JRSS B 86, 2024): two gamblers bet against every candidate mean, one that the truth is
higher, one that it is lower; a mean that made one of them rich is ruled out. The chance that the
true mean is ever ruled out is at most 1 - CONFIDENCE, however often and whenever one looks. For a
mean that moves this holds of the mean of the means so far, given the past.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from learning.decisions import Evidence

CONFIDENCE = 0.90  # both sides: 5 % of challengers that are no better are ever promoted
MARGIN = 0.005  # nats a match: for less nothing is moved
LIMIT = 200  # paired matches
BOUND = 1.0  # nats: a match's difference is cut there, so that no one match decides
CANDIDATES = 401
STAKE = 0.5  # of the wealth that may be lost on one match
PRIOR_MATCHES = 4.0  # the bets begin as if so many matches without difference had been seen
PRIOR_VARIANCE = 0.02  # of a difference on the unit scale

Pair = tuple[float, float]  # the champion's loss and the challenger's, of one match
Numbers = NDArray[np.float64]


def evidence(pairs: Sequence[Pair], limit: int = LIMIT, margin: float = MARGIN) -> Evidence:
    """What the paired losses show so far."""
    gains = np.array([_cut(champion - challenger) for champion, challenger in pairs])
    low, high = interval(gains)
    n = max(len(pairs), 1)
    return Evidence(
        matches=len(pairs),
        gain=float(gains.sum()) / n,
        low=low,
        high=high,
        margin=margin,
        confidence=CONFIDENCE,
        champion=sum(pair[0] for pair in pairs) / n,
        challenger=sum(pair[1] for pair in pairs) / n,
        limit=limit,
        unit="nats a match",
    )


def interval(gains: Numbers) -> tuple[float, float]:
    """Bounds of the mean gain, which lies within -BOUND and BOUND.

    >>> interval(np.zeros(0))
    (-1.0, 1.0)
    """
    means = np.linspace(0.0, 1.0, CANDIDATES)
    rich = np.log(2.0 / (1.0 - CONFIDENCE))
    up, down = _wealth((gains / BOUND + 1.0) / 2.0, means)
    kept = np.flatnonzero((up < rich) & (down < rich))
    if not len(kept):  # the gamblers contradict each other: nothing is known
        return -BOUND, BOUND
    low, high = means[kept[0]], means[kept[-1]]
    return float(2.0 * low - 1.0) * BOUND, float(2.0 * high - 1.0) * BOUND


def _wealth(shares: Numbers, means: Numbers) -> tuple[Numbers, Numbers]:
    """The gamblers' log wealth against each mean, their highest so far (aGRAPA bets)."""
    up = np.zeros_like(means)
    down, best_up, best_down = up.copy(), up.copy(), up.copy()
    weight, total, spread = PRIOR_MATCHES, PRIOR_MATCHES * 0.5, PRIOR_MATCHES * PRIOR_VARIANCE
    for share in shares:
        mean, variance = total / weight, spread / weight
        bet = (mean - means) / (variance + (mean - means) ** 2)
        rise = np.clip(bet, 0.0, STAKE / np.maximum(means, 1e-9))
        fall = np.clip(-bet, 0.0, STAKE / np.maximum(1.0 - means, 1e-9))
        up += np.log1p(rise * (share - means))
        down += np.log1p(-fall * (share - means))
        best_up, best_down = np.maximum(best_up, up), np.maximum(best_down, down)
        weight += 1.0
        total += share
        spread += (share - total / weight) ** 2
    return best_up, best_down


def _cut(gain: float) -> float:
    return min(max(gain, -BOUND), BOUND)
