"""The quality of the models as gauges: scores of cricket.metrics, decisions of cricket.drift.

They are read from the topics and not from the learner: a process shows them as soon as it starts,
and none goes on showing old ones after the learner has moved elsewhere.
"""

from typing import get_args

import msgspec
from confluent_kafka import Message
from prometheus_client import Gauge

from learning.contest.decisions import AnyDecision, Frozen, Promoted, Raised, Retired, Unfrozen
from learning.keys import KEYS
from learning.model.prequential import Tally
from streams.messages import decisions, metrics

LOG_LOSS = Gauge(
    "overcast_log_loss",
    "Prequential, of the winner, in nats; over the last 100 matches (window) or all",
    ["model_key", "of", "over"],
)
BRIER = Gauge("overcast_brier_score", "Prequential, of the winner", ["model_key", "over"])
TOTAL_ERROR = Gauge(
    "overcast_total_error_runs",
    "Mean error of the first innings' projected total",
    ["model_key", "of", "over"],
)
SCORED = Gauge("overcast_scored_matches", "Matches with a winner, scored", ["model_key", "over"])
SCORED_LABELS = Gauge("overcast_scored_labels", "Answers since the model began", ["model_key"])
DECISIONS = Gauge(
    "overcast_drift_decisions", "Decisions on cricket.drift, by type", ["model_key", "type"]
)
DECIDED = Gauge(
    "overcast_drift_decided_timestamp_seconds",
    "When the last decision of a type was made; 0: never",
    ["model_key", "type"],
)
CHALLENGERS = Gauge("overcast_drift_challengers", "Challengers under trial", ["model_key"])
FROZEN = Gauge("overcast_drift_frozen", "1 while an operator holds promotions back", ["model_key"])

TYPES = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyDecision))


class QualityGauges:
    """Shows what the messages read so far add up to; each topic is read once and in order."""

    def __init__(self) -> None:
        self._trials: dict[str, set[str]] = {key: set() for key in KEYS}
        self._counts = dict.fromkeys(((key, kind) for key in KEYS for kind in TYPES), 0)
        for key, kind in self._counts:  # what has not happened yet shows as 0, not as missing
            DECISIONS.labels(key, kind).set(0)
            DECIDED.labels(key, kind).set(0)
        for key in KEYS:
            CHALLENGERS.labels(key).set(0)
            FROZEN.labels(key).set(0)

    def show_metrics(self, message: Message) -> None:
        """Show the scores in a message of cricket.metrics, if it is of a known model."""
        try:
            scores = metrics.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if scores.model_key not in KEYS:
            return
        SCORED_LABELS.labels(scores.model_key).set(scores.metrics.labels)
        for over, tally in (("window", scores.metrics.window), ("all", scores.metrics.overall)):
            _show(scores.model_key, over, tally)

    def show_decision(self, message: Message) -> None:
        """Show the decision in a message of cricket.drift, if it is of a known model."""
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if decision.model_key in KEYS:
            self._apply(decision, message.timestamp()[1] / 1_000)

    def _apply(self, decision: AnyDecision, when: float) -> None:
        key, kind = decision.model_key, str(decision.__struct_config__.tag)
        self._counts[key, kind] += 1
        DECISIONS.labels(key, kind).set(self._counts[key, kind])
        DECIDED.labels(key, kind).set(when)
        match decision:
            case Raised():
                self._trials[key].add(decision.challenger)
            case Promoted() | Retired():
                self._trials[key].discard(decision.challenger)
            case Frozen() | Unfrozen():
                FROZEN.labels(key).set(isinstance(decision, Frozen))
        CHALLENGERS.labels(key).set(len(self._trials[key]))


def _show(key: str, over: str, tally: Tally) -> None:
    """Show the means of a tally, of those scores only that have a match."""
    SCORED.labels(key, over).set(tally.matches)
    if tally.matches:
        losses = {
            "model": tally.log_loss,
            "engine": tally.engine,
            "run rate": tally.baseline,
            "coin": tally.coin,
        }
        for of, value in losses.items():
            LOG_LOSS.labels(key, of, over).set(value)
        BRIER.labels(key, over).set(tally.brier)
    if tally.totals:
        for of, value in (("model", tally.error), ("engine", tally.engine_error)):
            TOTAL_ERROR.labels(key, of, over).set(value)
