"""Decisions put into words and numbers: each names the message that it followed from."""

from typing import Any

from learning.contest.confidence_sequence import LIMIT, MARGIN
from learning.contest.decisions import (
    Alarm,
    Cause,
    Evidence,
    Frozen,
    Order,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from learning.contest.detectors import BUDGET, Change
from learning.contest.signals import SIGNALS
from learning.contest.state import ChallengerState
from learning.model.snapshot import Snapshot
from learning.training.policies import POLICIES


class DecisionWriter:
    """Puts decisions into words, all from one message."""

    def __init__(
        self, champion: Snapshot, cause: Cause, at: int, labels: int, operator: str = ""
    ) -> None:
        self.at, self.labels, self.why = at, labels, ""
        self._champion, self._cause, self._operator = champion, cause, operator
        self._count = 0

    def _said(self, reason: str) -> dict[str, Any]:
        place = f"{self._cause.partition}/{self._cause.offset}.{self._count}"
        self._count += 1
        return {
            "id": f"{self._champion.key}@{place}",
            "model_key": self._champion.key,
            "at": self.at,
            "cause": self._cause,
            "labels": self.labels,
            "model": self._champion.version,
            "reason": self.why or reason,
            "operator": self._operator,
        }

    def alarm(self, scope: str, moved: Change) -> Alarm:
        """What moved, since when, by how much."""
        signal, rule = SIGNALS[moved.rule.signal], moved.rule
        where = f"in {scope}" if scope else "in all matches"
        reason = (
            f"{signal.meaning} went from {moved.before:+.2f} to {moved.after:+.2f} {signal.unit} "
            f"{where} since {moved.since}"
        )
        return Alarm(
            **self._said(reason),
            signal=rule.signal,
            scope=scope,
            detector=rule.detector,
            since=moved.since,
            matches=moved.matches,
            before=moved.before,
            after=moved.after,
            unit=signal.unit,
            statistic=moved.statistic,
            threshold=rule.threshold,
            budget=BUDGET,
        )

    def raised(self, rival: ChallengerState, alarm: Alarm, warmed: int) -> Raised:
        """A challenger and the alarm that raised it."""
        return Raised(
            **self._said(f"{POLICIES[rival.policy].why}; {alarm.reason}"),
            challenger=rival.name,
            policy=rival.policy,
            parent=self._champion.version,
            warmed=warmed,
            alarm=alarm.id,
            margin=MARGIN,
            limit=rival.limit,
        )

    def promoted(self, rival: ChallengerState, seen: Evidence) -> Promoted:
        """The winner and the evidence."""
        reason = f"better by {seen.low:.3f} to {seen.high:.3f} {seen.unit} in {seen.matches}"
        return Promoted(
            **self._said(reason),
            challenger=rival.name,
            policy=rival.policy,
            former=self._champion.version,
            probation=LIMIT,
            evidence=seen,
        )

    def rolled_back(self, rival: ChallengerState, seen: Evidence) -> RolledBack:
        """The former champion is back."""
        reason = f"the former was better by {seen.low:.3f} to {seen.high:.3f} {seen.unit}"
        return RolledBack(
            **self._said(reason),
            challenger=self._champion.version,
            former=rival.name,
            evidence=seen,
        )

    def retired(self, rival: ChallengerState, seen: Evidence, outcome: str) -> Retired:
        """A challenger that is tried no longer."""
        reason = f"{outcome} after {seen.matches} matches: gain {seen.low:.3f} to {seen.high:.3f}"
        return Retired(
            **self._said(reason),
            challenger=rival.name,
            policy=rival.policy,
            outcome=outcome,
            evidence=seen,
        )

    def frozen(self) -> Frozen:
        """By an operator."""
        return Frozen(**self._said("frozen"))

    def unfrozen(self) -> Unfrozen:
        """By an operator."""
        return Unfrozen(**self._said("unfrozen"))

    def refused(self, order: Order) -> OrderRefused:
        """An order that could not be followed."""
        return OrderRefused(**self._said(self.why), order=order.action)
