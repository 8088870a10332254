"""River's detectors on the signals, tuned to a false-alarm budget, and the changes they report.

The stored state of a detector is the values since it last began. It is rebuilt from these, so that
a learner that was killed continues with an identical one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

BUDGET = 1.0  # false alarms in 1,000 matches, of all signals and scopes together
LONGEST = 600  # values that a detector takes in; then it begins again with the last RECENT
RECENT = 300
WARM_UP = 30  # values before the first alarm
EVERYWHERE, COMPETITION = "", "competition"


@dataclass(frozen=True, slots=True)
class Rule:
    """A detector of one signal in one kind of scope.

    `scale` makes the values' standard deviation 1; `allowance` is half the shift in deviations that
    Page-Hinkley looks for; `threshold` is in the detector's own terms: summed
    standard deviations for Page-Hinkley, a probability for ADWIN and KSWIN.
    """

    signal: str
    detector: str
    threshold: float
    scale: float
    scope: str = EVERYWHERE
    allowance: float = 0.25

    @property
    def name(self) -> str:
        """The detector's name in the contest's state."""
        return f"{self.signal}/{self.detector}"


# Thresholds are from `python -m benchmarks.drift.calibrate`, on simulated matches without drift.
# Those of "level", "total", "win_loss" and "calibration" are higher, since whole seasons give more
# alarms of these than rows that are resampled in blocks.
RULES = (
    Rule("level", "page-hinkley", 14.5, 0.917, allowance=0.4),
    Rule("level", "page-hinkley", 14.5, 0.917, COMPETITION, allowance=0.4),
    Rule("level", "adwin", 0.0042, 0.917),
    Rule("next_ball", "page-hinkley", 26.0, 0.921),
    Rule("total", "page-hinkley", 20.0, 25.8),
    Rule("total", "page-hinkley", 19.0, 25.8, COMPETITION),
    Rule("total_loss", "page-hinkley", 18.0, 0.375),
    Rule("win_loss", "page-hinkley", 21.0, 0.303),
    Rule("calibration", "page-hinkley", 18.0, 0.372),
    Rule("inputs", "kswin", 1e-4, 0.634),
)


def _river() -> ModuleType:
    """River's detectors, imported when a learner first needs them, since serving needs none."""
    return import_module("river.drift")


KINDS: dict[str, Callable[[Rule], Any]] = {
    "page-hinkley": lambda rule: _river().PageHinkley(
        min_instances=WARM_UP, delta=rule.allowance, threshold=rule.threshold, alpha=1.0
    ),
    "adwin": lambda rule: _river().ADWIN(delta=rule.threshold, clock=1),
    "kswin": lambda rule: _river().KSWIN(
        alpha=rule.threshold, window_size=150, stat_size=30, seed=1
    ),
}

DatedValue = tuple[str, float]  # the date of a match and a signal's value


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a detector reports; the `matches` values after it begin on date `since`."""

    rule: Rule
    since: str
    matches: int
    before: float
    after: float
    statistic: float


class Detector:
    """A detector with the values it has been given since it began."""

    def __init__(self, rule: Rule, values: Sequence[DatedValue] = ()) -> None:
        self.rule = rule
        self._begin(values)

    def _begin(self, values: Sequence[DatedValue]) -> None:
        self.values: list[DatedValue] = []
        self._detector = KINDS[self.rule.detector](self.rule)
        for value in values:
            self.update(value)

    def update(self, value: DatedValue) -> Change | None:
        """Take in a value; return the change if this value raises an alarm."""
        if len(self.values) >= LONGEST:
            self._begin(self.values[-RECENT:])
        self.values.append(value)
        self._detector.update(value[1] / self.rule.scale)
        if not self._detector.drift_detected:
            return None
        return locate_change(self.rule, self.values)


def locate_change(rule: Rule, values: Sequence[DatedValue]) -> Change:
    """The most likely change of the values' mean: where it lies, and how large it is.

    The change is where the sum of deviations from the mean is furthest from zero; the statistic is
    the difference of the means over its standard error.
    """
    series = np.array([value for _, value in values])
    sums = np.cumsum(series - series.mean())[:-1]
    n = len(series)
    if not len(sums):
        return Change(rule, values[0][0], n, 0.0, float(series.mean()), 0.0)
    places = np.arange(1, n)
    at = int(np.argmax(np.abs(sums) / np.sqrt(places * (n - places) / n))) + 1
    before, after = float(series[:at].mean()), float(series[at:].mean())
    error = rule.scale * float(np.sqrt(1.0 / at + 1.0 / (n - at)))
    return Change(rule, values[at][0], n - at, before, after, abs(after - before) / error)
