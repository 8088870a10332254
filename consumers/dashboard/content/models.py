"""The models, from `cricket.metrics` and `cricket.drift`."""

from dataclasses import dataclass, field

from consumers.dashboard.content.calibration import Counts, reliability
from consumers.dashboard.content.documents import ModelDocument, Scored
from consumers.phrases import kind_of
from learning.contest.decisions import AnyDecision
from streams.messages.metrics import MetricsMessage

KEPT = 1_000  # points of a chart; older ones are thinned


@dataclass(slots=True)
class Model:
    """One model's history; `settled` holds the calibration counts of its decided matches."""

    key: str
    newest: MetricsMessage | None = None
    history: list[Scored] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, AnyDecision] = field(default_factory=dict)
    settled: dict[str, Counts] = field(default_factory=dict)

    def score(self, message: MetricsMessage) -> None:
        """Add a message of `cricket.metrics`."""
        window = message.metrics.window
        self.newest = message
        self.versions.setdefault(message.model, message.at)
        self.history.append(
            Scored(
                at=message.at,
                labels=message.metrics.labels,
                model=message.model,
                log_loss=window.log_loss,
                baseline=window.baseline,
                brier=window.brier,
                error=window.error,
            )
        )
        if len(self.history) > KEPT:
            half = len(self.history) // 2
            self.history = [*self.history[:half:2], *self.history[half:]]

    def decide(self, decision: AnyDecision) -> None:
        """Add a decision; if it is made again from the same log, it has the same id."""
        self.decisions.setdefault(decision.id, decision)

    def document(self) -> ModelDocument | None:
        """Return the model's page; None before its first metrics."""
        newest = self.newest
        if newest is None:
            return None
        return ModelDocument(
            key=self.key,
            kind=kind_of(self.key),
            model=newest.model,
            learned=newest.metrics.labels,
            overall=newest.metrics.overall,
            window=newest.metrics.window,
            history=tuple(self.history),
            versions=tuple((at, version) for version, at in self.versions.items()),
            decisions=tuple(self.decisions.values()),
            reliability=reliability(self.settled.values()),
        )
