"""Is the challenger better? Evidence that stays valid however often it is looked at.

The confidence sequence of Waudby-Smith and Ramdas, "Estimating means of bounded random variables
by betting" (JRSS B 86, 2024): two gamblers bet against every candidate mean, one that the truth is
higher, one that it is lower; a mean that made one of them rich is ruled out. The chance that the
true mean is ever ruled out is at most 1 - CONFIDENCE, however often and whenever one looks. If the
mean drifts, this holds for the average of the conditional means so far.
"""

from collections.abc import Sequence
from math import log

import numpy as np

from learning.contest.decisions import Evidence

CONFIDENCE = (
    0.90  # of both bounds: at most 5 % of challengers no better than the champion are promoted
)
MARGIN = 0.005  # nats a match: a smaller gain is not worth a promotion
LIMIT = 200  # paired matches
BOUND = 1.0  # nats: a larger difference is clipped, so that no single match decides
CANDIDATES = 401  # means on the unit scale that are bet against
STAKE = 0.9  # largest share of the wealth that a bet may lose on one match
PRIOR_MATCHES = 2.0  # the bets begin as if this many matches without a difference had been played
PRIOR_VARIANCE = 0.01  # of a match's difference, on the unit scale

Pair = tuple[float, float]  # the champion's loss and the challenger's, of one match


class Comparison:
    """Collects paired losses, and gives the evidence that they amount to."""

    def __init__(self, pairs: Sequence[Pair], limit: int = LIMIT, margin: float = MARGIN) -> None:
        self._limit, self._margin = limit, margin
        self._bets = Bets()
        self._matches = 0
        self._gains = self._champion = self._challenger = 0.0
        for pair in pairs:
            self.add(pair)

    def add(self, pair: Pair) -> None:
        """Add the losses of one more match."""
        champion, challenger = pair
        gain = min(max(champion - challenger, -BOUND), BOUND)
        self._bets.update((gain / BOUND + 1.0) / 2.0)
        self._matches += 1
        self._gains += gain
        self._champion += champion
        self._challenger += challenger

    def evidence(self) -> Evidence:
        """The evidence of the pairs so far, as a decision records it."""
        low, high = self._bets.interval()
        n = max(self._matches, 1)
        return Evidence(
            matches=self._matches,
            gain=self._gains / n,
            low=(2.0 * low - 1.0) * BOUND,
            high=(2.0 * high - 1.0) * BOUND,
            margin=self._margin,
            confidence=CONFIDENCE,
            champion=self._champion / n,
            challenger=self._challenger / n,
            limit=self._limit,
            unit="nats a match",
        )


class Bets:
    """Two gamblers' log wealth against each candidate mean of numbers within 0 and 1.

    The bets are the aGRAPA of the paper: approximately those that make the wealth grow fastest, as
    estimated from the numbers before.

    >>> Bets().interval()
    (0.0, 1.0)
    """

    def __init__(self) -> None:
        self._means = np.linspace(0.0, 1.0, CANDIDATES)
        self._up = np.zeros(CANDIDATES)
        self._down = np.zeros(CANDIDATES)
        self._best = np.zeros(CANDIDATES)
        self._weight, self._total = PRIOR_MATCHES, PRIOR_MATCHES * 0.5
        self._spread = PRIOR_MATCHES * PRIOR_VARIANCE

    def update(self, share: float) -> None:
        """Bet on the next number, which lies within 0 and 1."""
        means, mean = self._means, self._total / self._weight
        bet = (mean - means) / (self._spread / self._weight + (mean - means) ** 2)
        rise = np.clip(bet, 0.0, STAKE / np.maximum(means, 1e-9))
        fall = np.clip(-bet, 0.0, STAKE / np.maximum(1.0 - means, 1e-9))
        self._up += np.log1p(rise * (share - means))
        self._down += np.log1p(-fall * (share - means))
        self._best = np.maximum(self._best, np.maximum(self._up, self._down))
        self._weight += 1.0
        self._total += share
        self._spread += (share - self._total / self._weight) ** 2

    def interval(self) -> tuple[float, float]:
        """The lowest and the highest mean that are not ruled out; (0, 1) if all are."""
        kept = self._means[self._best < log(2.0 / (1.0 - CONFIDENCE))]
        return (float(kept[0]), float(kept[-1])) if len(kept) else (0.0, 1.0)
