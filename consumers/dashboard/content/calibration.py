"""Calibration: how often what was forecast at 70 % came true, counted from decided matches.

The balls of a match have one winner, so they are one piece of evidence and not a hundred: intervals
are by match. Below LEAST_MATCHES they would say next to nothing, and nothing is shown.
"""

from collections.abc import Iterable, Sequence
from math import sqrt

import msgspec

BINS = 20  # of 5 points each
LEAST_MATCHES = 30
Z = 1.96  # of a 95 % interval

Counted = tuple[int, float, int]  # of a bin: balls, sum of chances, times it happened
Counts = tuple[Counted, ...]  # of each bin
NONE: Counts = ((0, 0.0, 0),) * BINS


class Bin(msgspec.Struct, frozen=True):
    """Forecasts from `low` to `high`: their mean (`said`), and how often they came true.

    The truth lies between `least` and `most` in 95 of 100 such bins, by match.
    """

    low: float
    high: float
    said: float
    happened: float
    least: float
    most: float
    balls: int
    matches: int


class Reliability(msgspec.Struct, frozen=True):
    """A calibration chart and the number of decided matches that it rests on.

    There are no bins while there are fewer than `least` matches.
    """

    matches: int
    balls: int
    least: int
    bins: tuple[Bin, ...]


class Confidence(msgspec.Struct, frozen=True):
    """The bin of a forecast; none while fewer than `least` of the model's matches are decided."""

    matches: int
    least: int
    bin: Bin | None


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
    balls = sum(n for match in counts for n, _, _ in match) // 2
    bins = filter(None, (_bin(counts, number) for number in range(BINS)))
    shown = tuple(bins) if len(counts) >= LEAST_MATCHES else ()
    return Reliability(len(counts), balls, LEAST_MATCHES, shown)


def confidence(matches: Iterable[Counts], chance: float) -> Confidence:
    """Return how often forecasts of about `chance` came true in decided matches."""
    counts = list(matches)
    found = _bin(counts, bin_of(chance)) if len(counts) >= LEAST_MATCHES else None
    return Confidence(len(counts), LEAST_MATCHES, found)


def _bin(matches: Sequence[Counts], number: int) -> Bin | None:
    """Return a bin over the matches that had forecasts in it; None if none had."""
    parts = [match[number] for match in matches if match[number][0]]
    if not parts:
        return None
    balls, said, times = (sum(column) for column in zip(*parts, strict=True))
    least, most = interval([(n, times) for n, _, times in parts])
    ends = number / BINS, (number + 1) / BINS
    return Bin(*ends, said / balls, times / balls, least, most, int(balls), len(parts))


def interval(matches: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the 95 % interval of a share, from (balls, times it happened) of each match.

    Wilson's interval for as many independent forecasts as have the variance that the share has
    between matches, and for as many as there are matches at most.
    """
    balls, count = sum(n for n, _ in matches), len(matches)
    share = sum(times for _, times in matches) / balls
    scatter = sum((times - share * n) ** 2 for n, times in matches) / balls**2
    variance = scatter * count / max(count - 1, 1)
    size = min(count, share * (1.0 - share) / variance) if variance else float(count)
    middle = (share + Z * Z / (2 * size)) / (1 + Z * Z / size)
    half = Z / (1 + Z * Z / size) * sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
    return max(middle - half, 0.0), min(middle + half, 1.0)
