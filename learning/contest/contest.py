"""The contest for one model: the champion learns, drift raises challengers, evidence promotes.

A pure function of the standing and the label log: two learners that read the same labels decide
the same, and a standing that was written down and read back goes on to the last byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cricket.facts import Fact, Fixture
from learning.contest.challenger import Challenger
from learning.contest.decision_writer import DecisionWriter
from learning.contest.decisions import (
    Alarm,
    AnyDecision,
    Cause,
    Order,
    Promoted,
    Raised,
    RolledBack,
)
from learning.contest.detectors import Change
from learning.contest.drift_monitor import DriftMonitor
from learning.contest.signals import Value, values
from learning.contest.state import ChallengerState, ContestState, DatedModel
from learning.labels import Label
from learning.model.engine_cache import Engines, shared
from learning.model.snapshot import Snapshot, blank, sealed
from learning.recall import steps
from learning.training.learner import Learner
from learning.training.policies import POLICIES, SHIPPED, doubted
from learning.training.schedule import HURRY, HURRY_EVERY, moved

RECENT = 60  # labels that a fresh challenger is warmed on
MOST_RIVALS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A label as it came: from which message, when, and of what match.

    `at` and `began` are the feed's time of the answer and of the match's beginning, in ms;
    `facts` are the whole match, with its last label only.
    """

    label: Label
    cause: Cause
    at: int
    began: int = 0
    fixture: Fixture | None = None
    facts: Sequence[Fact] = ()


class Contest:
    """Learns labels in order; what it decides is returned."""

    def __init__(
        self,
        standing: ContestState,
        engines: Engines | None = None,
        policies: Sequence[str] = SHIPPED,
    ) -> None:
        self._engines = engines or shared()
        self._policies = tuple(policies)
        self._begin(standing)

    def _begin(self, standing: ContestState) -> None:
        self._standing = standing
        self.learner = Learner(standing.champion, POLICIES[standing.policy].pace)
        self._watch = DriftMonitor(standing.told)
        self._challengers = [Challenger(rival, self._engines) for rival in standing.rivals]
        self._moved = 0.0

    @property
    def champion(self) -> Snapshot:
        """The model that serves, as it was settled last."""
        return self._standing.champion

    def challengers(self) -> tuple[Challenger, ...]:
        """Who is tried, former champions on probation included."""
        return tuple(self._challengers)

    def due(self, every: int, moved_by: float) -> bool:
        """Whether a snapshot is due: after `every` labels, or since the level moved so far.

        Asked after each label. The level is that of the label's competition, in tilt, and has moved
        from the champion's as it was settled last.
        """
        step = min(HURRY_EVERY, every) if self._standing.hurried else every
        return self.learner.labels % step == 0 or self._moved > moved_by

    def learn(self, answer: Answer) -> list[AnyDecision]:
        """Scores and learns a label; returns what followed from it."""
        says = DecisionWriter(
            self._standing.champion, answer.cause, answer.at, self.learner.labels + 1
        )
        label = answer.label
        alarm = self._watch.tell(label, self.observed(label))
        self.learner.learn(label)
        self._moved = moved(label, self.learner.effects, self.champion.history.effects)
        self._remember(label)
        self._meet(answer)
        made = self._judged(says)
        if alarm is not None and not self._standing.frozen:
            made += self._alarmed(says, *alarm)
        return made

    def observed(self, label: Label) -> tuple[Value, ...]:
        """What the detectors are told of a label that has not been learned."""
        if not self._standing.began:
            self._look_from_here()
        return tuple(values(label, self.learner, self._standing.began))

    def _look_from_here(self) -> None:
        """The watch begins: what is known now is what changes are measured from."""
        effects = self._standing.champion.history.effects
        self._standing = replace(self._standing, began=effects)

    def _remember(self, label: Label) -> None:
        recent = (*self._standing.recent, replace(label, questions=()))[-RECENT:]
        hurried = max(self._standing.hurried - 1, 0)
        self._standing = replace(self._standing, recent=recent, hurried=hurried)

    def _meet(self, answer: Answer) -> None:
        if answer.fixture is None or not answer.facts or not self._challengers:
            return
        played = steps(answer.fixture, answer.facts)
        for challenger in self._challengers:
            challenger.meet(answer.label, answer.at, answer.began, answer.fixture, played)

    def _alarmed(self, says: DecisionWriter, scope: str, moved: Change) -> list[AnyDecision]:
        """The alarm, and the challengers that it raises if there is room.

        What serves stays the same model; it is only published sooner for a while.
        """
        self._standing = replace(self._standing, hurried=HURRY)
        if not scope and moved.rule.signal == "level":
            self._look_from_here()
        alarm = says.alarm(scope, moved)
        made: list[AnyDecision] = [alarm]
        for name in self._policies:
            trying = {c.rival.policy for c in self._challengers if not c.rival.former}
            if name not in trying and len(self._challengers) < MOST_RIVALS:
                made.append(self._raised(says, alarm, name))
        return made

    def _raised(self, says: DecisionWriter, alarm: Alarm, policy: str) -> Raised:
        name = f"{line(self._standing.champion.version)}~{policy}@{says.labels}"
        parent = self.learner.snapshot(name, {})
        begun, warmed = self._warmed(parent, policy, alarm.scope)
        rival = ChallengerState(name, policy, begun, (DatedModel(says.at, begun),))
        self._challengers.append(Challenger(rival, self._engines))
        return says.raised(rival, alarm, warmed)

    def _warmed(self, parent: Snapshot, policy: str, scope: str) -> tuple[Snapshot, int]:
        """What a challenger begins as, and how many labels it was warmed on."""
        if not POLICIES[policy].fresh:
            return doubted(parent, scope), 0
        learner = Learner(blank(parent.key, parent.version), POLICIES[policy].pace)
        for label in self._standing.recent:
            learner.learn(label)
        return learner.snapshot(parent.version, {}), len(self._standing.recent)

    def _judged(self, says: DecisionWriter) -> list[AnyDecision]:
        """What the evidence says by now; nothing while the contest is frozen."""
        made: list[AnyDecision] = []
        if self._standing.frozen:
            return made
        for challenger in tuple(self._challengers):
            rival = challenger.rival
            seen = challenger.evidence()
            if seen.low > seen.margin:
                return made + self._crowned(says, challenger)
            outcome = "worse" if seen.high < 0.0 else "limit" if seen.matches >= seen.limit else ""
            if outcome:
                self._challengers.remove(challenger)
                named = "probation" if rival.former else outcome
                made.append(says.retired(rival, seen, named))
        return made

    def _crowned(self, says: DecisionWriter, winner: Challenger) -> list[AnyDecision]:
        """The winner serves; the old champion stays beside it on probation, the others go.

        Who is rolled back has had its trial and goes too, or the two would take turns.
        """
        standing, rival = self._standing, winner.settled()
        others = [c for c in self._challengers if c is not winner]
        former, seen = self._former(says), winner.evidence()
        champion = replace(
            rival.snapshot, parent=standing.champion.version, scores=former.snapshot.scores
        )
        self._begin(
            replace(
                standing,
                champion=sealed(champion),
                policy=rival.policy,
                rivals=() if rival.former else (former,),
                told={},
                began={},
                hurried=HURRY,
            )
        )
        crowned = says.rolled_back(rival, seen) if rival.former else says.promoted(rival, seen)
        gone = [says.retired(c.rival, c.evidence(), "replaced") for c in others]
        return [crowned, *gone]

    def _former(self, says: DecisionWriter) -> ChallengerState:
        snapshot = self.learner.snapshot(self._standing.champion.version, {})
        name, policy = self._standing.champion.version, self._standing.policy
        return ChallengerState(
            name, policy, snapshot, (DatedModel(says.at, snapshot),), former=True
        )

    def obey(self, order: Order, cause: Cause) -> list[AnyDecision]:
        """Follows an operator's order, or says why not."""
        says = DecisionWriter(
            self._standing.champion, cause, order.at, self.learner.labels, order.operator
        )
        says.why = order.reason
        if order.action in {"freeze", "unfreeze"}:
            frozen = order.action == "freeze"
            self._standing = replace(self._standing, frozen=frozen)
            return [says.frozen() if frozen else says.unfrozen()]
        for challenger in self._challengers:
            if _is_meant(order, challenger.rival):
                return self._crowned(says, challenger)
        names = ", ".join(c.rival.name for c in self._challengers) or "none"
        says.why = f"nothing to {order.action} {order.challenger}: there are {names}"
        return [says.refused(order)]

    def settled(self, version: str, positions: dict[str, int]) -> ContestState:
        """All of it, from which it goes on as after a restart; the champion gets its version."""
        champion = self.learner.snapshot(version, positions)
        rivals = tuple(challenger.settled() for challenger in self._challengers)
        told = self._watch.told()
        self._standing = replace(self._standing, champion=champion, rivals=rivals, told=told)
        self.learner = Learner(champion, POLICIES[self._standing.policy].pace)
        self._moved = 0.0
        return self._standing


def publishes(made: Sequence[AnyDecision]) -> bool:
    """Whether another model serves from here on: its snapshot must be published at once."""
    return any(isinstance(decision, Promoted | RolledBack) for decision in made)


def line(version: str) -> str:
    """A version without what was learned since, nor the challenges that led to it."""
    return version.split("~", maxsplit=1)[0].split("+", maxsplit=1)[0]


def _is_meant(order: Order, rival: ChallengerState) -> bool:
    if order.action == "rollback":
        return rival.former
    return order.action == "promote" and order.challenger == rival.name
