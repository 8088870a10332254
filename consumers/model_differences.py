"""What differs between two snapshots of a model: what they learned, and what follows from it."""

from collections.abc import Iterator
from typing import NamedTuple

from features.catalogue import NAMES
from learning.model.prequential import Tally, metrics
from learning.model.snapshot import Snapshot

SHOWN = 8  # of what has moved most


class Difference(NamedTuple):
    """A thing of both, as text; the same in both if nothing differs."""

    what: str
    first: str
    second: str


def differences(first: Snapshot, second: Snapshot) -> Iterator[Difference]:
    """Every difference: origin, training, scores, then what moved most in the numbers."""
    for what in ("version", "parent", "digest", "feature_version", "format_version"):
        yield from _if_changed(what, str(getattr(first, what)), str(getattr(second, what)))
    for what in ("matches", "balls", "first", "last"):
        texts = (str(getattr(each.trained, what)) for each in (first, second))
        yield from _if_changed(f"trained {what}", *texts)
    yield from _scores(metrics(first.scores).window, metrics(second.scores).window)
    yield from _weights(first, second)
    yield from _ratings(first, second)


def _if_changed(what: str, first: str, second: str) -> Iterator[Difference]:
    if first != second:
        yield Difference(what, first, second)


def _scores(first: Tally, second: Tally) -> Iterator[Difference]:
    for what in ("matches", "log_loss", "first", "chase", "baseline", "brier", "error"):
        texts = (f"{getattr(tally, what):.4g}" for tally in (first, second))
        yield from _if_changed(f"last matches: {what.replace('_', ' ')}", *texts)


def _weights(first: Snapshot, second: Snapshot) -> Iterator[Difference]:
    """The inputs whose weights have moved most, of all linear models."""
    moved = [
        (abs(b - a), f"{model}: {name}", a, b)
        for model in sorted(first.models.keys() & second.models.keys())
        for name, a, b in zip(
            NAMES, first.models[model].weights, second.models[model].weights, strict=False
        )
        if a != b and len(first.models[model].weights) == len(NAMES)
    ]
    for _, what, a, b in sorted(moved, reverse=True)[:SHOWN]:
        yield Difference(what, f"{a:+.4f}", f"{b:+.4f}")


def _ratings(first: Snapshot, second: Snapshot) -> Iterator[Difference]:
    """The teams whose Elo ratings have moved most."""
    before, after = first.history.ratings, second.history.ratings
    moved = [
        (abs(after[team][0] - before[team][0]), team)
        for team in before.keys() & after.keys()
        if after[team] != before[team]
    ]
    for _, team in sorted(moved, reverse=True)[:SHOWN]:
        yield Difference(f"rating of {team}", f"{before[team][0]:.0f}", f"{after[team][0]:.0f}")
