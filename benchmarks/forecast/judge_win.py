"""The win task judged: log loss, Brier, accuracy, calibration; pooled, by over, by competition."""

from typing import Any

import numpy as np

from benchmarks.forecast.bootstrap import Array, estimates
from benchmarks.forecast.field import Field
from benchmarks.forecast.scores import (
    Bins,
    brier,
    calibration_error,
    deciles,
    log_loss,
    right,
    tenths,
)
from benchmarks.forecast.tables import (
    DIGITS,
    Figures,
    Losses,
    Sample,
    by_group,
    competitions,
    pair,
    pooled,
    told,
)

METRICS = {"log_loss": log_loss, "brier": brier, "accuracy": right}
Chances = dict[str, Array]  # by rung, [rows]


def judged(field: Field, said: Chances) -> Figures:
    """Everything about the rows of test years; `said` is in the rows of `field`."""
    sample = Sample.of(field)
    losses = {metric: _losses(field, said, metric) for metric in METRICS}
    figures: Figures = {"matches": sample.matches, "rows": len(field.truth)}
    for metric, each in losses.items():
        figures[metric], figures[f"{metric}_lead"] = pooled(sample, each)
    binned = {name: _binned(sample, c, field.truth, deciles(c)) for name, c in said.items()}
    errors = np.stack([calibration_error(*each) for each in binned.values()], axis=1)
    figures["ece"], figures["ece_lead"] = pair(errors, list(said))
    figures["ece_by_chance"] = {name: _by_chance(*each) for name, each in binned.items()}
    figures["calibration"] = {name: _calibration(sample, c, field) for name, c in said.items()}
    figures["by_over"] = _by_over(sample, field, losses) | {
        "ece": _ece_by_over(sample, field, said)
    }
    figures["by_competition"] = {
        name: _short(field.where(kept), {rung: c[kept] for rung, c in said.items()})
        for name, kept in competitions(field).items()
    }
    return figures


def _losses(field: Field, said: Chances, metric: str) -> Losses:
    return {name: METRICS[metric](chance, field.truth) for name, chance in said.items()}


def _short(field: Field, said: Chances) -> Figures:
    """A competition's: log loss and Brier."""
    sample = Sample.of(field)
    figures: Figures = {"matches": sample.matches}
    for metric in ("log_loss", "brier"):
        found = pooled(sample, _losses(field, said, metric))
        figures[metric], figures[f"{metric}_lead"] = found
    return figures


def _by_over(sample: Sample, field: Field, losses: dict[str, Losses]) -> Figures:
    figures: Figures = {}
    for metric, each in losses.items():
        found = by_group(sample, each, field.over, field.shape.overs)
        figures[metric], figures[f"{metric}_lead"] = found
    return figures


def _by_chance(rows: Array, said: Array, came: Array) -> float:
    """The calibration error that a calibrated forecast of these matches exceeds once in twenty.

    The gaps of the resamples about those of the sample, as if the sample had none. The error
    itself and its resamples are biased upwards: they sum sizes, and chance has a size.
    """
    gaps = came - said
    errors = np.abs(gaps[1:] - gaps[0]).sum(axis=1) / rows[0].sum()
    return round(float(np.quantile(errors, 0.95)), DIGITS)


def _binned(sample: Sample, chance: Array, truth: Array, bins: Bins) -> tuple[Array, Array, Array]:
    """Rows, forecasts and answers summed by bin in every resample, [1 + draws, bins] each."""
    rows, said, came = (
        sample.weights @ sample.spread(values, *bins)
        for values in (np.ones(len(truth)), chance, truth)
    )
    return rows, said, came


def _calibration(sample: Sample, chance: Array, field: Field) -> dict[str, Any]:
    """Ten bins by the forecast: what was said, how often it came with its interval, the gap."""
    result: dict[str, Any] = {}
    for name, bins in (("deciles", deciles(chance)), ("tenths", tenths(chance))):
        rows, said, came = _binned(sample, chance, field.truth, bins)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares, forecasts = came / rows, said / rows
        parts = zip(rows[0], forecasts[0], estimates(shares), strict=True)
        result[name] = [
            {"rows": int(n), "said": round(float(mean), DIGITS), "came": told(share)}
            for n, mean, share in parts
            if n
        ]
        gaps = shares - forecasts
        result[f"largest_gap_of_{name}"] = round(float(np.nanmax(np.abs(gaps[0]))), DIGITS)
        result[f"largest_gap_of_{name}_by_chance"] = _largest_by_chance(gaps)
    return result


def _largest_by_chance(gaps: Array) -> float:
    """The largest gap of a bin that a calibrated forecast of these matches exceeds once in twenty.

    As `_by_chance`: the resamples' gaps [1 + draws, bins] about the sample's.
    """
    moved = np.nan_to_num(np.abs(gaps[1:] - gaps[0])).max(axis=1)
    return round(float(np.quantile(moved, 0.95)), DIGITS)


def _ece_by_over(sample: Sample, field: Field, said: Chances) -> Figures:
    """The calibration error by over, bins of equal width."""
    overs, figures = field.shape.overs, {}
    for name, chance in said.items():
        bins = tenths(chance)
        places = Bins(field.over * bins.number + bins.places, overs * bins.number)
        sums = _binned(sample, chance, field.truth, places)
        errors = calibration_error(*(s.reshape(len(s), overs, bins.number) for s in sums))
        figures[name] = [told(estimate) for estimate in estimates(errors)]
    return figures
