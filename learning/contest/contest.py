"""The contest for one model: the champion learns, drift raises challengers, evidence promotes.

A contest is a function of its state and the label log: two learners that read the same labels make
the same decisions, and a contest that is restored from its stored state gives the same bytes as one
that was never stopped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from learning.contest.challenger import Challenger
from learning.contest.decision_writer import DecisionWriter
from learning.contest.decisions import Alarm, AnyDecision, Cause, Evidence, Raised
from learning.contest.detectors import Change
from learning.contest.drift_monitor import DriftMonitor
from learning.contest.orders import CheckedOrder, is_meant, refusal, remembered
from learning.contest.received_label import ReceivedLabel
from learning.contest.signals import Value, values
from learning.contest.state import ChallengerState, ContestState, DatedModel
from learning.labels import Label
from learning.model.engine_cache import Engines, shared
from learning.model.snapshot import Snapshot, blank, sealed
from learning.serving.replay import steps
from learning.training.learner import Learner
from learning.training.level_change import level_change
from learning.training.policies import POLICIES, SHIPPED, doubted
from learning.training.schedule import HURRY, HURRY_EVERY

RECENT = 60  # last labels, on which a fresh challenger is warmed
MOST_CHALLENGERS = 3


class Contest:
    """Learns labels in order, and returns the decisions that follow from them."""

    def __init__(
        self,
        state: ContestState,
        engines: Engines | None = None,
        policies: Sequence[str] = SHIPPED,
    ) -> None:
        self._engines = engines or shared()
        self._policies = tuple(policies)
        self._begin(state)

    def _begin(self, state: ContestState) -> None:
        self._state = state
        self.learner = Learner(state.champion, POLICIES[state.policy].pace)
        self._monitor = DriftMonitor(state.detector_values)
        self._challengers = [Challenger(c, self._engines) for c in state.challengers]
        self._level_change = 0.0

    @property
    def champion(self) -> Snapshot:
        """The model that serves, as of the last checkpoint."""
        return self._state.champion

    def challengers(self) -> tuple[Challenger, ...]:
        """All challengers on trial, including a former champion on probation."""
        return tuple(self._challengers)

    def due(self, every: int, moved_by: float) -> bool:
        """Whether a snapshot is due: after `every` labels, or once the level moved by `moved_by`.

        This is asked after each label. The level is that of the label's competition, in tilt; its
        change is measured from the champion of the last checkpoint.
        """
        step = min(HURRY_EVERY, every) if self._state.hurry_left else every
        return self.learner.labels % step == 0 or self._level_change > moved_by

    def learn(self, received: ReceivedLabel) -> list[AnyDecision]:
        """Score and learn a label; return the decisions that follow from it."""
        writer = DecisionWriter(
            self._state.champion, received.cause, received.at, self.learner.labels + 1
        )
        label = received.label
        alarm = self._monitor.update(label, self.signal_values(label))
        self.learner.learn(label)
        self._level_change = level_change(
            label, self.learner.effects, self.champion.history.effects
        )
        self._remember(label)
        self._pair_match(received)
        decisions = self._decide(writer)
        if alarm is not None and not self._state.frozen:
            decisions += self._raise_alarm(writer, *alarm)
        return decisions

    def signal_values(self, label: Label) -> tuple[Value, ...]:
        """The values that the detectors get of a label, which must not have been learned yet."""
        if not self._state.reference_effects:
            self._measure_from_here()
        return tuple(values(label, self.learner, self._state.reference_effects))

    def _measure_from_here(self) -> None:
        """Measure later changes of level from the effects that the champion knows now."""
        effects = self._state.champion.history.effects
        self._state = structs.replace(self._state, reference_effects=effects)

    def _remember(self, label: Label) -> None:
        recent = (*self._state.recent, replace(label, questions=()))[-RECENT:]
        hurry_left = max(self._state.hurry_left - 1, 0)
        self._state = structs.replace(self._state, recent=recent, hurry_left=hurry_left)

    def _pair_match(self, received: ReceivedLabel) -> None:
        """Let every challenger replay a finished match, and pair its losses with the champion's."""
        if received.fixture is None or not received.facts or not self._challengers:
            return
        match = steps(received.fixture, received.facts)
        for challenger in self._challengers:
            challenger.play(received.label, received.at, received.began, match)

    def _raise_alarm(self, writer: DecisionWriter, scope: str, change: Change) -> list[AnyDecision]:
        """The decisions on an alarm: the alarm itself, and challengers if there is room for them.

        The champion goes on serving; its snapshots are only published more often for a while.
        """
        self._state = structs.replace(self._state, hurry_left=HURRY)
        if not scope and change.rule.signal == "level":
            self._measure_from_here()
        alarm = writer.alarm(scope, change)
        decisions: list[AnyDecision] = [alarm]
        for name in self._policies:
            on_trial = {c.state.policy for c in self._challengers if not c.state.on_probation}
            if name not in on_trial and len(self._challengers) < MOST_CHALLENGERS:
                decisions.append(self._raise_challenger(writer, alarm, name))
        return decisions

    def _raise_challenger(self, writer: DecisionWriter, alarm: Alarm, policy: str) -> Raised:
        name = f"{base_version(self._state.champion.version)}~{policy}@{writer.labels}"
        parent = self.learner.snapshot(name, {})
        snapshot, warmed = self._starting_model(parent, policy, alarm.scope)
        state = ChallengerState(name, policy, snapshot, (DatedModel(writer.at, snapshot),))
        self._challengers.append(Challenger(state, self._engines))
        return writer.raised(state, alarm, warmed)

    def _starting_model(self, parent: Snapshot, policy: str, scope: str) -> tuple[Snapshot, int]:
        """A challenger's first snapshot, and the number of labels that it was warmed on."""
        if not POLICIES[policy].fresh:
            return doubted(parent, scope), 0
        learner = Learner(blank(parent.key, parent.version), POLICIES[policy].pace)
        for label in self._state.recent:
            learner.learn(label)
        return learner.snapshot(parent.version, {}), len(self._state.recent)

    def _decide(self, writer: DecisionWriter) -> list[AnyDecision]:
        """The decisions that the evidence calls for; none while the contest is frozen."""
        decisions: list[AnyDecision] = []
        if self._state.frozen:
            return decisions
        for challenger in tuple(self._challengers):
            evidence = challenger.evidence()
            if evidence.low > evidence.margin:
                return decisions + self._promote(writer, challenger)
            outcome = _outcome(evidence, on_probation=challenger.state.on_probation)
            if outcome:
                self._challengers.remove(challenger)
                decisions.append(writer.retired(challenger.state, evidence, outcome))
        return decisions

    def _promote(self, writer: DecisionWriter, winner: Challenger) -> list[AnyDecision]:
        """Make the winner the champion, its predecessor a challenger on probation; retire the rest.

        A champion that is rolled back gets no probation: the two might replace each other forever.
        """
        before, state = self._state, winner.checkpoint()
        losers = [c for c in self._challengers if c is not winner]
        former, evidence = self._champion_on_probation(writer), winner.evidence()
        champion = replace(
            state.snapshot, parent=before.champion.version, scores=former.snapshot.scores
        )
        self._begin(
            structs.replace(
                before,
                champion=sealed(champion),
                policy=state.policy,
                challengers=() if state.on_probation else (former,),
                detector_values={},
                reference_effects={},
                hurry_left=HURRY,
            )
        )
        announce = writer.rolled_back if state.on_probation else writer.promoted
        decisions: list[AnyDecision] = [announce(state, evidence)]
        decisions += [writer.retired(c.state, c.evidence(), "replaced") for c in losers]
        return decisions

    def _champion_on_probation(self, writer: DecisionWriter) -> ChallengerState:
        """The present champion as a challenger on probation, for when it has been replaced."""
        name, policy = self._state.champion.version, self._state.policy
        snapshot = self.learner.snapshot(name, {})
        models = (DatedModel(writer.at, snapshot),)
        return ChallengerState(name, policy, snapshot, models, on_probation=True)

    def apply_order(self, checked: CheckedOrder, cause: Cause) -> list[AnyDecision]:
        """Carry out an order, or refuse it with a reason; what it led to before is not repeated."""
        order, known = checked.order, self._state.orders
        if checked.place in known:
            return []
        why, champion = refusal(known, checked), self._state.champion
        self._state = structs.replace(self._state, orders=remembered(known, checked, why))
        writer = DecisionWriter(champion, cause, checked.at, self.learner.labels, checked)
        if why:
            return [writer.refused(order, why)]
        writer.why = order.reason
        if order.action in {"freeze", "unfreeze"}:
            frozen = order.action == "freeze"
            self._state = structs.replace(self._state, frozen=frozen)
            return [writer.frozen() if frozen else writer.unfrozen()]
        for challenger in self._challengers:
            if is_meant(order, challenger.state):
                return self._promote(writer, challenger)
        names = ", ".join(c.state.name for c in self._challengers) or "none"
        why = f"nothing to {order.action} {order.challenger}: there are {names}"
        return [writer.refused(order, why)]

    def checkpoint(self, version: str, positions: Mapping[str, int]) -> ContestState:
        """Return the whole state, and continue from it; the champion gets this version."""
        champion = self.learner.snapshot(version, dict(positions))
        self._state = structs.replace(
            self._state,
            champion=champion,
            challengers=tuple(challenger.checkpoint() for challenger in self._challengers),
            detector_values=self._monitor.values(),
        )
        self.learner = Learner(champion, POLICIES[self._state.policy].pace)
        self._level_change = 0.0
        return self._state


def base_version(version: str) -> str:
    """The version that a model began as, without what it learned and the promotions since.

    >>> base_version("starter~fresh@400+30")
    'starter'
    """
    return version.split("~", maxsplit=1)[0].split("+", maxsplit=1)[0]


def _outcome(evidence: Evidence, *, on_probation: bool) -> str:
    """How a trial ended; "" while it goes on."""
    worse, over = evidence.high < 0.0, evidence.matches >= evidence.limit
    if not worse and not over:
        return ""
    return "probation" if on_probation else "worse" if worse else "limit"
