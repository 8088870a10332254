"""The projected total judged: error, CRPS and coverage; pooled and at fixed moments."""

import numpy as np

from benchmarks.forecast.bootstrap import Array, estimates
from benchmarks.forecast.field import Field, Mask
from benchmarks.forecast.ladder_total import Projection
from benchmarks.forecast.scores import covered, crps
from benchmarks.forecast.tables import (
    Figures,
    Losses,
    Sample,
    by_group,
    competitions,
    pooled,
    told,
)

MOMENTS = {20: (6, 10, 15, 18), 50: (10, 25, 40)}  # overs after which the error is told
EVERY = 5  # overs between two moments at which coverage is told
Said = dict[str, Projection]
INTERVALS = {"coverage_50": (1, 3), "coverage_80": (0, 4)}  # places among the five quantiles


def judged(field: Field, said: Said) -> Figures:
    """Everything about the rows of test years."""
    sample = Sample.of(field)
    figures: Figures = {"matches": sample.matches, "rows": len(field.truth)}
    for metric, losses in _losses(field, said).items():
        figures[metric], figures[f"{metric}_lead"] = pooled(sample, losses)
    figures["by_over"] = _by_over(sample, field, said)
    figures["mae_after"] = {
        str(over): _at(field, said, over, "mae") for over in MOMENTS[field.shape.overs]
    }
    figures["coverage_after"] = {
        str(over): {name: _at(field, said, over, name) for name in INTERVALS}
        for over in range(EVERY, field.shape.overs, EVERY)
    }
    figures["by_competition"] = {
        name: _short(field.where(kept), _kept(said, kept))
        for name, kept in competitions(field).items()
    }
    return figures


def _losses(field: Field, said: Said) -> dict[str, Losses]:
    truth = field.truth
    found: dict[str, Losses] = {
        "mae": {name: np.abs(total - truth) for name, (total, _) in said.items()},
        "crps": {name: crps(quantiles, truth) for name, (_, quantiles) in said.items()},
    }
    for interval, (low, high) in INTERVALS.items():
        found[interval] = {
            name: covered(quantiles[:, low], quantiles[:, high], truth)
            for name, (_, quantiles) in said.items()
        }
    return found


def _by_over(sample: Sample, field: Field, said: Said) -> Figures:
    figures: Figures = {}
    for metric, losses in _losses(field, said).items():
        found = by_group(sample, losses, field.over, field.shape.overs)
        figures[metric], figures[f"{metric}_lead"] = found
    return figures


def moment(field: Field, overs: int) -> Mask:
    """The row of each match at which so many overs were bowled."""
    at = np.flatnonzero(field.columns["balls"] == overs * 6)
    _, first = np.unique(field.match[at], return_index=True)
    kept = np.zeros(len(field.match), dtype=bool)
    kept[at[first]] = True
    return kept


def _at(field: Field, said: Said, overs: int, metric: str) -> Figures:
    """One metric after so many overs: a row a match that got so far."""
    kept = moment(field, overs)
    if not kept.any():
        return {"matches": 0}
    there = field.where(kept)
    sample, losses = Sample.of(there), _losses(there, _kept(said, kept))[metric]
    values, leads = pooled(sample, losses)
    return {"matches": sample.matches, "rungs": values, "lead": leads}


def _short(field: Field, said: Said) -> Figures:
    sample, figures = Sample.of(field), Figures()
    figures["matches"] = sample.matches
    for metric in ("mae", "crps"):
        figures[metric], figures[f"{metric}_lead"] = pooled(sample, _losses(field, said)[metric])
    return figures


def _kept(said: Said, kept: Mask) -> Said:
    return {name: Projection(total[kept], q[kept]) for name, (total, q) in said.items()}


def bias(field: Field, total: Array) -> list[float] | None:
    """The mean of the projected total less the truth, in runs, with its interval."""
    drawn = Sample.of(field).drawn({"bias": total - field.truth})
    return told(estimates(drawn)[0])
