"""Writes decisions in words and numbers, each with the message that caused it."""

from typing import Any

from learning.contest.confidence_sequence import LIMIT, MARGIN
from learning.contest.decisions import (
    Alarm,
    Cause,
    Evidence,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from learning.contest.detectors import BUDGET, Change
from learning.contest.orders import CheckedOrder, Order
from learning.contest.signals import SIGNALS
from learning.contest.state import ChallengerState
from learning.model.snapshot import Snapshot
from learning.training.policies import POLICIES


class DecisionWriter:
    """Writes the decisions that follow from one message; `why` replaces the reason if it is set."""

    def __init__(
        self,
        champion: Snapshot,
        cause: Cause,
        at: int,
        labels: int,
        order: CheckedOrder | None = None,
    ) -> None:
        self.at, self.labels, self.why = at, labels, ""
        self._champion, self._cause = champion, cause
        self._ordered = _ordered(order) if order else {}
        self._count = 0

    def _common(self, reason: str) -> dict[str, Any]:
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
            **self._ordered,
        }

    def alarm(self, scope: str, change: Change) -> Alarm:
        """A detector's alarm: what changed, since when, by how much."""
        signal, rule = SIGNALS[change.rule.signal], change.rule
        where = f"in {scope}" if scope else "in all matches"
        reason = (
            f"{signal.meaning} went from {change.before:+.2f} to {change.after:+.2f} {signal.unit} "
            f"{where} since {change.since}"
        )
        return Alarm(
            **self._common(reason),
            signal=rule.signal,
            scope=scope,
            detector=rule.detector,
            since=change.since,
            matches=change.matches,
            before=change.before,
            after=change.after,
            unit=signal.unit,
            statistic=change.statistic,
            threshold=rule.threshold,
            budget=BUDGET,
        )

    def raised(self, challenger: ChallengerState, alarm: Alarm, warmed: int) -> Raised:
        """The decision to raise a challenger after an alarm."""
        return Raised(
            **self._common(f"{POLICIES[challenger.policy].why}; {alarm.reason}"),
            challenger=challenger.name,
            policy=challenger.policy,
            parent=self._champion.version,
            warmed=warmed,
            alarm=alarm.id,
            margin=MARGIN,
            limit=challenger.limit,
        )

    def promoted(self, challenger: ChallengerState, evidence: Evidence) -> Promoted:
        """The decision to promote a challenger on this evidence."""
        gain = f"{evidence.low:.3f} to {evidence.high:.3f} {evidence.unit}"
        reason = f"better by {gain} in {evidence.matches}"
        return Promoted(
            **self._common(reason),
            challenger=challenger.name,
            policy=challenger.policy,
            former=self._champion.version,
            probation=LIMIT,
            evidence=evidence,
        )

    def rolled_back(self, challenger: ChallengerState, evidence: Evidence) -> RolledBack:
        """The decision to let the former champion serve again."""
        reason = (
            f"the former was better by {evidence.low:.3f} to {evidence.high:.3f} {evidence.unit}"
        )
        return RolledBack(
            **self._common(reason),
            challenger=self._champion.version,
            former=challenger.name,
            evidence=evidence,
        )

    def retired(self, challenger: ChallengerState, evidence: Evidence, outcome: str) -> Retired:
        """The decision to end the trial of a challenger."""
        gain = f"{evidence.low:.3f} to {evidence.high:.3f}"
        reason = f"{outcome} after {evidence.matches} matches: gain {gain}"
        return Retired(
            **self._common(reason),
            challenger=challenger.name,
            policy=challenger.policy,
            outcome=outcome,
            evidence=evidence,
        )

    def frozen(self) -> Frozen:
        """An operator's decision to freeze the contest."""
        return Frozen(**self._common("frozen"))

    def unfrozen(self) -> Unfrozen:
        """An operator's decision to let the contest go on."""
        return Unfrozen(**self._common("unfrozen"))

    def refused(self, order: Order, why: str) -> OrderRefused:
        """The answer to an order that is not carried out."""
        self.why = why
        return OrderRefused(**self._common(why), order=order.action)


def _ordered(checked: CheckedOrder) -> dict[str, str]:
    """What a decision says of the order that it followed from."""
    order = checked.order
    fields = {"operator": order.operator, "order_id": order.id, "via": order.via}
    return fields | {"proof": checked.proof}
