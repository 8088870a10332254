"""The models as `cricket.metrics` and `cricket.drift` tell them."""

from dataclasses import dataclass, field

from consumers.dashboard.calibration import Counts, reliability
from consumers.dashboard.documents import ModelDocument, Scored
from learning.contest.decisions import AnyDecision
from streams.messages.metrics import MetricsMessage

KEPT = 1_000  # points of a chart; older ones are thinned


@dataclass(slots=True)
class Model:
    """One model's history. `settled` are the calibration counts of its matches, by match."""

    key: str
    newest: MetricsMessage | None = None
    history: list[Scored] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, AnyDecision] = field(default_factory=dict)
    settled: dict[str, Counts] = field(default_factory=dict)

    def score(self, said: MetricsMessage) -> None:
        """One more message of the learner."""
        window = said.metrics.window
        self.newest = said
        self.versions.setdefault(said.model, said.at)
        self.history.append(
            Scored(
                at=said.at,
                labels=said.metrics.labels,
                model=said.model,
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
        """One more decision; made again from the same log it has the same id."""
        self.decisions.setdefault(decision.id, decision)

    def document(self) -> ModelDocument | None:
        """The model's page; None before its first metrics."""
        said = self.newest
        if said is None:
            return None
        return ModelDocument(
            key=self.key,
            model=said.model,
            learned=said.metrics.labels,
            overall=said.metrics.overall,
            window=said.metrics.window,
            history=tuple(self.history),
            versions=tuple((at, version) for version, at in self.versions.items()),
            decisions=tuple(self.decisions.values()),
            reliability=reliability(self.settled.values()),
        )
