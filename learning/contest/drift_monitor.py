"""All detectors of one model: those of all matches, and those of each competition."""

from collections.abc import Iterable, Mapping

from features.effects import competition
from learning.contest.detectors import (
    COMPETITION,
    EVERYWHERE,
    RULES,
    Change,
    DatedValue,
    Detector,
    Rule,
)
from learning.contest.signals import Value
from learning.labels import Label

MOST_COMPETITIONS = 64  # with detectors of their own: those that had labels last


class DriftMonitor:
    """Gives each label's values to the detectors that they concern."""

    def __init__(
        self, values: Mapping[str, tuple[DatedValue, ...]], rules: Iterable[Rule] = RULES
    ) -> None:
        self._rules = tuple(rules)
        self._detectors: dict[tuple[str, str, str], Detector] = {}
        by_name = {(rule.name, rule.scope): rule for rule in self._rules}
        for name, dated in values.items():
            kind, scope = name.split("@", 1)
            rule = by_name.get((kind, COMPETITION if scope else EVERYWHERE))
            if rule is not None:
                self._detectors[kind, rule.scope, scope] = Detector(rule, dated)

    def update(self, label: Label, values: Iterable[Value]) -> tuple[str, Change] | None:
        """Take in a label's values; return the largest change that raises an alarm, with its scope.

        After an alarm the detectors of its signal and scope begin anew, with the new state as the
        normal one.
        """
        alarms = [
            (scope, change)
            for value in values
            for rule in self._rules
            if rule.signal == value.signal
            for scope in (_scope(rule, label),)
            if (change := self._detector(rule, scope).update((label.date, value.value))) is not None
        ]
        self._forget()
        if not alarms:
            return None
        scope, largest = max(alarms, key=lambda alarm: alarm[1].statistic)
        self._begin_anew(scope, largest.rule.signal)
        return scope, largest

    def _detector(self, rule: Rule, scope: str) -> Detector:
        key = (rule.name, rule.scope, scope)
        detector = self._detectors.pop(key, None) or Detector(rule)
        self._detectors[key] = detector  # keeps the detectors in the order of their last update
        return detector

    def _forget(self) -> None:
        """Drop the detectors of competitions beyond the MOST_COMPETITIONS updated last."""
        scopes = dict.fromkeys(scope for _, _, scope in reversed(self._detectors) if scope)
        for old in list(scopes)[MOST_COMPETITIONS:]:
            self._detectors = {k: d for k, d in self._detectors.items() if k[2] != old}

    def _begin_anew(self, scope: str, signal: str) -> None:
        """Drop a signal's detectors in a scope; a change in all matches is one in every scope."""
        for key, detector in list(self._detectors.items()):
            if scope in {EVERYWHERE, key[2]} and detector.rule.signal == signal:
                del self._detectors[key]

    def values(self) -> dict[str, tuple[DatedValue, ...]]:
        """The values of each detector since it began, by signal, detector and scope."""
        return {f"{n}@{scope}": tuple(d.values) for (n, _, scope), d in self._detectors.items()}


def _scope(rule: Rule, label: Label) -> str:
    return competition(label.event) if rule.scope == COMPETITION else EVERYWHERE
