"""Four ways to live through the same matches; each is told the same labels of its own answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Protocol

from cricket.cricsheet import RecordedMatch
from forecast.engine import Engine
from learning.contest.contest import Contest
from learning.contest.decisions import AnyDecision, Cause, publishes
from learning.contest.detectors import RULES
from learning.contest.drift_monitor import DriftMonitor
from learning.contest.received_label import ReceivedLabel
from learning.contest.state import ContestState
from learning.labels import Label
from learning.model.prequential import score
from learning.model.snapshot import Snapshot
from learning.serving.forecaster import Forecaster
from learning.serving.replay import Step, replayed_labels
from learning.training.learner import Learner
from learning.training.policies import doubted
from learning.training.schedule import EVERY, HURRY, HURRY_EVERY, MOVED

SHIPPED_EVERY = 50  # labels between two snapshots of the learner before there was a contest
MATCH_MS = 10  # of made-up time: a match begins at 10 n and ends at 10 n + 5


@dataclass(frozen=True, slots=True)
class Scored:
    """A match as one arm answered it: log loss in nats, score error in runs; nan if not asked."""

    log_loss: float
    error: float


class Arm(Protocol):
    """One way."""

    def play(self, number: int, match: RecordedMatch, played: Sequence[Step]) -> Scored:
        """Answers a match, then learns of it what this arm learns."""
        ...


def scored(labels: Sequence[Label]) -> Scored:
    """The two tasks' scores of a match."""
    by_task = {label.task: score(label) for label in labels}
    win, total = by_task.get("win"), by_task.get("total")
    return Scored(win.log_loss if win else nan, total.error if total else nan)


class Frozen:
    """The model as it was."""

    def __init__(self, snapshot: Snapshot, engine: Engine) -> None:
        self._forecaster = Forecaster(snapshot, engine)

    def play(self, number: int, match: RecordedMatch, played: Sequence[Step]) -> Scored:
        """Answers."""
        del number, match
        return scored(list(replayed_labels(played, self._forecaster)))


class Always:
    """The learner that was shipped before there was a contest: a snapshot every 50 labels.

    `told` are matches at which it is told that everything is new, as an oracle is.
    """

    def __init__(
        self, snapshot: Snapshot, engine: Engine, told: Sequence[int] = (), scope: str = ""
    ) -> None:
        self.learner = Learner(snapshot)
        self._engine = engine
        self.served = snapshot
        self._forecaster = Forecaster(snapshot, engine)
        self._told, self._scope, self._hurried = frozenset(told), scope, 0

    def followed_by_an_oracle(self, told: Sequence[int], scope: str) -> "Always":
        """Another that goes on from here and is told when scoring changes."""
        oracle = Always(self.learner.snapshot("before", {}), self._engine, told, scope)
        oracle.served, oracle._forecaster = self.served, self._forecaster
        return oracle

    def play(self, number: int, match: RecordedMatch, played: Sequence[Step]) -> Scored:
        """Answers and learns."""
        del match
        if number in self._told:
            snapshot = self.learner.snapshot(f"told-{number}", {})
            self.learner = Learner(doubted(snapshot, self._scope))
            self._hurried = HURRY
            self._publish()
        labels = list(replayed_labels(played, self._forecaster))
        for label in labels:
            self.learn(label)
        return scored(labels)

    def learn(self, label: Label) -> None:
        """One label; a snapshot if it is due."""
        self.learner.learn(label)
        self._hurried = max(self._hurried - 1, 0)
        if self.learner.labels % (HURRY_EVERY if self._hurried else SHIPPED_EVERY) == 0:
            self._publish()

    def _publish(self) -> None:
        self.served = self.learner.snapshot(f"a+{self.learner.labels}", {})
        self._forecaster = Forecaster(self.served, self._engine)


class System:
    """The contest, as a worker runs it; `decisions` and `alone` by number of match."""

    def __init__(self, snapshot: Snapshot, engine: Engine, policies: Sequence[str]) -> None:
        self._engine = engine
        self.contest = Contest(ContestState(snapshot), lambda _: engine, policies)
        self._forecaster = Forecaster(snapshot, engine)
        self.decisions: list[tuple[int, AnyDecision]] = []
        self._watches = {f"{r.name}/{r.scope}": DriftMonitor({}, [r]) for r in RULES}
        self.alone: dict[str, list[int]] = {name: [] for name in self._watches}

    def play(self, number: int, match: RecordedMatch, played: Sequence[Step]) -> Scored:
        """Answers and learns."""
        labels = list(replayed_labels(played, self._forecaster))
        for index, label in enumerate(labels):
            self._learn(number, index, label, match if label is labels[-1] else None)
        return scored(labels)

    def _learn(self, number: int, index: int, label: Label, match: RecordedMatch | None) -> None:
        answer = ReceivedLabel(
            label,
            Cause("made-up", 0, 2 * number + index),
            at=MATCH_MS * number + 5,
            began=MATCH_MS * number,
        )
        if match is not None:
            answer = replace(answer, fixture=match.fixture, facts=match.facts)
        self._watch(number, label)
        made = self.contest.learn(answer)
        self.decisions += [(number, decision) for decision in made]
        if publishes(made) or self.contest.due(EVERY, MOVED):
            version = f"s+{number}.{index}"
            standing = self.contest.checkpoint(version, {})
            self._forecaster = Forecaster(standing.champion, self._engine)

    def _watch(self, number: int, label: Label) -> None:
        """Each rule by itself too: what it would have seen had no other gone off before it."""
        seen = self.contest.signal_values(label)
        for name, watch in self._watches.items():
            if watch.update(label, seen) is not None:
                self.alone[name].append(number)
