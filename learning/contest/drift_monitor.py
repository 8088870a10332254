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

MOST_COMPETITIONS = 64  # with detectors of their own: the ones that were played in last


class DriftMonitor:
    """Tells the detectors each label's values."""

    def __init__(
        self, told: Mapping[str, tuple[DatedValue, ...]], rules: Iterable[Rule] = RULES
    ) -> None:
        self._rules = tuple(rules)
        self._watched: dict[tuple[str, str, str], Detector] = {}
        by_name = {(rule.name, rule.scope): rule for rule in self._rules}
        for name, values in told.items():
            kind, scope = name.split("@", 1)
            rule = by_name.get((kind, COMPETITION if scope else EVERYWHERE))
            if rule is not None:
                self._watched[kind, rule.scope, scope] = Detector(rule, values)

    def tell(self, label: Label, values: Iterable[Value]) -> tuple[str, Change] | None:
        """The scope that moved and how; of several, the one that is furthest out.

        After an alarm the detectors of its signal and scope begin anew: the new state is normal.
        """
        found = [
            (scope, seen)
            for value in values
            for rule in self._rules
            if rule.signal == value.signal
            for scope in (_scope(rule, label),)
            if (seen := self._of(rule, scope).tell((label.date, value.value))) is not None
        ]
        self._forget()
        if not found:
            return None
        scope, moved = max(found, key=lambda one: one[1].statistic)
        self._begin_anew(scope, moved.rule.signal)
        return scope, moved

    def _of(self, rule: Rule, scope: str) -> Detector:
        key = (rule.name, rule.scope, scope)
        watched = self._watched.pop(key, None) or Detector(rule)
        self._watched[key] = watched  # the one that was told last stands last
        return watched

    def _forget(self) -> None:
        scopes = dict.fromkeys(scope for _, _, scope in reversed(self._watched) if scope)
        for old in list(scopes)[MOST_COMPETITIONS:]:
            self._watched = {k: w for k, w in self._watched.items() if k[2] != old}

    def _begin_anew(self, scope: str, signal: str) -> None:
        """What moved everywhere moved in each competition too."""
        for key, watched in list(self._watched.items()):
            if scope in {EVERYWHERE, key[2]} and watched.rule.signal == signal:
                del self._watched[key]

    def told(self) -> dict[str, tuple[DatedValue, ...]]:
        """The values of each detector since it began, by signal, detector and scope."""
        return {f"{n}@{scope}": tuple(w.told) for (n, _, scope), w in self._watched.items()}


def _scope(rule: Rule, label: Label) -> str:
    return competition(label.event) if rule.scope == COMPETITION else EVERYWHERE
