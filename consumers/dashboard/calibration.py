"""Of all the times it said 70 %: how often did it happen? Counted from settled matches."""

from collections.abc import Iterable

import msgspec

BINS = 20  # of 5 points each


class Bin(msgspec.Struct, frozen=True):
    """Forecasts from `low` to `high`: the mean of what was said, how often it happened."""

    low: float
    high: float
    said: float
    happened: float
    balls: int


class Reliability(msgspec.Struct, frozen=True):
    """A calibration chart and the matches that it rests on, as settled while the page looked."""

    matches: int
    balls: int
    bins: tuple[Bin, ...]


Counts = tuple[tuple[int, float, int], ...]  # of each bin: balls, sum of chances, times it happened
NONE: Counts = ((0, 0.0, 0),) * BINS


def counted(chances: Iterable[float], *, won: bool) -> Counts:
    """One settled match: each ball said p of one side and 1 - p of the other."""
    found = [list(empty) for empty in NONE]
    for chance in chances:
        for said, happened in ((chance, won), (1.0 - chance, not won)):
            bin_ = found[bin_of(said)]
            bin_[0] += 1
            bin_[1] += said
            bin_[2] += happened
    return tuple((int(n), total, int(times)) for n, total, times in found)


def bin_of(chance: float) -> int:
    """The bin of a chance; 1.0 lies in the last."""
    return min(int(chance * BINS), BINS - 1)


def reliability(matches: Iterable[Counts]) -> Reliability:
    """The chart of settled matches; bins that nothing was said in are left out."""
    told = list(matches)
    columns = zip(*told, strict=True)  # one of each bin
    sums = [[sum(parts) for parts in zip(*column, strict=True)] for column in columns]
    bins = tuple(
        Bin(i / BINS, (i + 1) / BINS, total / n, times / n, int(n))
        for i, (n, total, times) in enumerate(sums)
        if n
    )
    return Reliability(len(told), sum(b.balls for b in bins) // 2, bins)
