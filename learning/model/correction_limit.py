"""How far the regression may move the engine's log odds: as far as has lately served best.

A regression that is free to move them overfits where the engine is right, and must move them far
where the engine is not (as in women's chases of the years before 2022). So a few limits are scored
side by side on every answer before it is learned, and the one with the smallest loss is served.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from learning.model.prequential import loss

LIMITS = (0.3, 0.6, 1.0, 1.5)  # log odds
MEMORY = 100.0  # matches over which the losses are remembered; chosen before 2022
FADING = 0.1  # over this last share of an innings the correction vanishes: the ends are exact
TRUSTED = 4000  # answers after which a model has its full weight: about 200 matches

Losses = tuple[float, ...]  # of each limit, a forgetting sum over matches
UNTRIED: Losses = (0.0,) * len(LIMITS)


class Answer(NamedTuple):
    """A question's two log odds, the share of balls left when it was asked, and the truth."""

    engine: float
    regression: float
    ahead: float
    truth: float


def limit(losses: Losses) -> float:
    """The limit to serve with; the smallest one before anything was learned."""
    return LIMITS[losses.index(min(losses))]


def corrected(engine: float, regression: float, ahead: float, most: float, weight: float) -> float:
    """The engine's log odds moved towards the regression's, by `most` at most."""
    gap = min(max(regression - engine, -most), most)
    return engine + gap * min(ahead / FADING, 1.0) * weight


def trust(answers: int) -> float:
    """The weight of a model that has learned so many answers, from 0 to 1."""
    return min(answers / TRUSTED, 1.0)


def weighed(losses: Losses, answers: Sequence[Answer], weight: float) -> Losses:
    """The losses after a match's answers of one innings; the match counts once."""
    if not answers:
        return losses
    return tuple(
        before * (1.0 - 1.0 / MEMORY) + _mean(answers, most, weight) / MEMORY
        for before, most in zip(losses, LIMITS, strict=True)
    )


def _mean(answers: Sequence[Answer], most: float, weight: float) -> float:
    losses = (loss(sigmoid(corrected(*a[:3], most, weight)), a.truth) for a in answers)
    return sum(losses) / len(answers)


def sigmoid(log_odds: float) -> float:
    """The chance of log odds."""
    return 1.0 / (1.0 + exp(-log_odds)) if log_odds > -500.0 else 0.0
