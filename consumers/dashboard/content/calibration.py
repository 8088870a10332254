"""Calibration: how often what was forecast at 70 % came true, counted from decided matches."""

from collections.abc import Iterable

import msgspec

BINS = 20  # of 5 points each


class Bin(msgspec.Struct, frozen=True):
    """Forecasts from `low` to `high`: their mean (`said`), and how often they came true."""

    low: float
    high: float
    said: float
    happened: float
    balls: int


class Reliability(msgspec.Struct, frozen=True):
    """A calibration chart and the number of decided matches that it rests on."""

    matches: int
    balls: int
    bins: tuple[Bin, ...]


Counts = tuple[tuple[int, float, int], ...]  # of each bin: balls, sum of chances, times it happened
NONE: Counts = ((0, 0.0, 0),) * BINS


def counted(chances: Iterable[float], *, won: bool) -> Counts:
    """Count a decided match: each ball gave one side the chance p and the other 1 - p."""
    bins = [list(empty) for empty in NONE]
    for chance in chances:
        for forecast, happened in ((chance, won), (1.0 - chance, not won)):
            bin_ = bins[bin_of(forecast)]
            bin_[0] += 1
            bin_[1] += forecast
            bin_[2] += happened
    return tuple((int(n), total, int(times)) for n, total, times in bins)


def bin_of(chance: float) -> int:
    """Return the bin of a chance; 1.0 lies in the last."""
    return min(int(chance * BINS), BINS - 1)


def reliability(matches: Iterable[Counts]) -> Reliability:
    """Return the chart of decided matches; empty bins are left out."""
    counts = list(matches)
    columns = zip(*counts, strict=True)  # one of each bin
    sums = [[sum(parts) for parts in zip(*column, strict=True)] for column in columns]
    bins = tuple(
        Bin(i / BINS, (i + 1) / BINS, total / n, times / n, int(n))
        for i, (n, total, times) in enumerate(sums)
        if n
    )
    return Reliability(len(counts), sum(b.balls for b in bins) // 2, bins)
