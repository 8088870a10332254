"""From losses a row to figures with intervals: pooled, by group, and the online model's lead."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.forecast.bootstrap import (
    Array,
    Estimate,
    by_match,
    differences,
    estimates,
    means,
    resamples,
)
from benchmarks.forecast.field import Field, Mask, Places
from features.effects import competition

ONLINE = "online"
FEWEST_MATCHES = 20  # of a competition that gets rows of its own
DIGITS = 5
Losses = dict[str, Array]  # by rung, [rows]
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """The matches of judged rows, and the resamples of them: the same for all rungs."""

    match: Places
    matches: int
    weights: Array

    @classmethod
    def of(cls, field: Field) -> "Sample":
        """The sample of a field's rows."""
        match, matches = field.compact()
        return cls(match, matches, resamples(matches))

    def drawn(self, losses: Losses) -> Array:
        """The mean of every rung in every resample, [1 + draws, rungs]."""
        counts = by_match(np.ones((len(self.match), 1)), self.match, self.matches)
        sums = by_match(np.stack(list(losses.values()), axis=1), self.match, self.matches)
        return means(sums, counts, self.weights)

    def drawn_by(self, loss: Array, group: Places, groups: int) -> Array:
        """The mean of one rung by group of rows, [1 + draws, groups]."""
        sums, counts = (self.spread(each, group, groups) for each in (loss, np.ones(len(loss))))
        return means(sums, counts, self.weights)

    def spread(self, values: Array, group: Places, groups: int) -> Array:
        """Sums of values by match and group, [matches, groups]."""
        places = self.match * groups + group
        flat = np.bincount(places, weights=values, minlength=self.matches * groups)
        result: Array = flat.reshape(self.matches, groups)
        return result


def pooled(sample: Sample, losses: Losses) -> tuple[Figures, Figures]:
    """Every rung's mean, and the online model's less every rung's, each with its interval."""
    return pair(sample.drawn(losses), list(losses))


def pair(drawn: Array, names: list[str]) -> tuple[Figures, Figures]:
    """The same of means that were drawn already, [1 + draws, rungs]."""
    values = dict(zip(names, map(told, estimates(drawn)), strict=True))
    leads = differences(drawn, names.index(ONLINE))
    lead = dict(zip(names, map(told, leads), strict=True))
    return values, {name: value for name, value in lead.items() if name != ONLINE}


def by_group(sample: Sample, losses: Losses, group: Places, groups: int) -> tuple[Figures, Figures]:
    """Both by rung and group; None where a group has no rows."""
    drawn = {name: sample.drawn_by(loss, group, groups) for name, loss in losses.items()}
    values = {name: [told(e) for e in estimates(means_)] for name, means_ in drawn.items()}
    leads = {
        name: [told(e) for e in estimates(drawn[ONLINE] - means_)]
        for name, means_ in drawn.items()
        if name != ONLINE
    }
    return values, leads


def competitions(field: Field) -> dict[str, Mask]:
    """The rows of each competition that has enough matches, the largest first."""
    names = np.array([competition(match.event) for match in field.matches])
    used = np.unique(field.match)
    found, counts = np.unique(names[used], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    large = [found[place] for place in order if counts[place] >= FEWEST_MATCHES and found[place]]
    return {str(name): (names == name)[field.match] for name in large}


def told(estimate: Estimate) -> list[float] | None:
    """[value, low, high] for the file; None if there is none."""
    if not np.isfinite(estimate.value):
        return None
    return [round(part, DIGITS) for part in estimate]
