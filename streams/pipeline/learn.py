"""The pure pipeline of labels: messages of one label partition in, their effects out.

`learn` is to the learner what `advance` is to the forecasts: the label partition calls it with a
batch and sends the effects, and a restart calls it with the labels since the last checkpoint. The
states that it is given stay as they are: it may be called with the same ones again.

A label is learned once: a state holds how far its label partition has been read and, for each
partition of balls, the last source it has learned from, so that repeated labels are known. With
each position it holds when that message was appended: a log of the same name that took the place of
another counts its offsets anew, but not the time (ADR-18). A revised label comes too late for an
online learner, which cannot unlearn: it is counted, and reported with the scores.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec

from learning.contest.contest import Contest
from learning.contest.decisions import AnyDecision, Cause, publishes
from learning.contest.learner_state import LearnerState
from learning.contest.orders import CheckedOrder
from learning.contest.received_label import ReceivedLabel
from learning.contest.state import ContestState
from learning.keys import KEYS, model_key
from learning.model.engine_cache import Engines
from learning.model.snapshot import Snapshot
from learning.training.label_checks import wrong
from streams.messages.labels import LabelMessage, LabelOrOrder, decode_label_or_order, model_key_of
from streams.messages.metrics import MetricsMessage
from streams.pipeline.packed_match import UnreadableMatchError, unpack

SOURCE_STEP = 64  # above the labels of one message: (offset, index) as one number
APPENDED = "/appended"  # ends the name under which a position's append time is held


class LabelRecord(NamedTuple):
    """A message of a label partition; `appended` is its timestamp in ms, 0 if unknown."""

    offset: int
    value: bytes
    appended: int = 0


@dataclass(frozen=True, slots=True)
class LearnRules:
    """Which label partition is learned, when snapshots are due, and what makes engines.

    A snapshot is due after `snapshot_every` labels, or when the level of scoring has moved by
    `snapshot_moved` in tilt.
    """

    topic: str
    partition: int
    snapshot_every: int
    snapshot_moved: float
    engines: Engines

    @property
    def position(self) -> str:
        """The name by which a snapshot holds how far this partition has been learned."""
        return f"{self.topic}/{self.partition}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the message at an offset, which is not learned, or without its match."""

    offset: int
    reason: str


@dataclass(slots=True)
class LearnEffects:
    """What a batch of labels did, in order: states to go on from, and what is to be sent.

    `contests` are the states to be written, the last one of each model key; `learned` and `revised`
    count the labels by model key.
    """

    states: dict[str, LearnerState] = field(default_factory=dict)
    metrics: list[MetricsMessage] = field(default_factory=list)
    decisions: list[AnyDecision] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    contests: dict[str, ContestState] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    learned: Counter[str] = field(default_factory=Counter)
    revised: Counter[str] = field(default_factory=Counter)


def learn(
    states: Mapping[str, LearnerState], labels: Iterable[LabelRecord], rules: LearnRules
) -> LearnEffects:
    """The effects of messages of one label partition on its learners.

    A message that was absorbed before changes nothing; one that cannot be learned is a problem.
    `states` must hold every model key that a message may name.
    """
    effects = LearnEffects()
    learners: dict[str, _Learner] = {}
    for record in labels:
        message = _decoded(record.offset, record.value, effects)
        if message is None:
            continue
        key = model_key_of(message)
        if key not in learners:
            learners[key] = _Learner(states[key], rules, effects)
        learners[key].absorb(record, message)
    for key, learner in learners.items():
        learner.finish(key)
    return effects


def _decoded(offset: int, value: bytes, effects: LearnEffects) -> LabelOrOrder | None:
    """The message; None, and a problem, if it cannot be learned."""
    try:
        message = decode_label_or_order(value)
        reason = _wrong(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message, reason = None, str(error)
    if reason:
        effects.problems.append(Problem(offset, reason))
        return None
    return message


def _wrong(message: LabelOrOrder) -> str:
    """Why a message cannot be learned or followed; "" if it can."""
    if isinstance(message, LabelMessage):
        return wrong(message.label)
    return "" if model_key_of(message) in KEYS else f"no model {model_key_of(message)!r}"


def _moved_on(positions: dict[str, int], message: LabelMessage) -> bool:
    """Whether a label's source is past the last one of its partition; that is then moved on."""
    source = message.source
    origin = f"{source.topic}/{source.partition}"
    place = source.offset * SOURCE_STEP + message.index
    if place <= positions.get(origin, -1) and source.appended <= positions.get(
        origin + APPENDED, 0
    ):
        return False
    _set_position(positions, origin, place, source.appended)
    return True


def _set_position(positions: dict[str, int], name: str, place: int, appended: int) -> None:
    positions[name] = place
    if appended:
        positions[name + APPENDED] = max(appended, positions.get(name + APPENDED, 0))


class _Learner:
    """Moves one model's learner on by the messages of a batch, and collects the effects."""

    def __init__(self, state: LearnerState, rules: LearnRules, effects: LearnEffects) -> None:
        self._state = state
        self._rules = rules
        self._effects = effects
        self._contest: Contest | None = None
        self._newest: LabelMessage | None = None

    def absorb(self, record: LabelRecord, message: LabelOrOrder) -> None:
        """Learn a label, or follow an order, unless that was done before."""
        positions = dict(self._state.positions)
        own, (offset, _, appended) = self._rules.position, record
        if isinstance(message, CheckedOrder):
            if offset < positions.get(own, 0) and appended <= positions.get(own + APPENDED, 0):
                return
        elif not _moved_on(positions, message):
            return
        _set_position(positions, own, offset + 1, appended)
        self._state = replace(self._state, positions=positions)
        if isinstance(message, CheckedOrder):
            self._follow(offset, message)
        else:
            self._newest = message
            self._learn(offset, message)

    def _learn(self, offset: int, message: LabelMessage) -> None:
        key = message.label.key
        if message.revision:
            self._effects.revised[key] += 1
            self._state = replace(self._state, revised=self._state.revised + 1)
            return
        contest, rules = self._contest_now(), self._rules
        received = self._received(offset, message, contest)
        decisions = contest.learn(received)
        self._effects.learned[key] += 1
        self._effects.decisions += decisions
        self._state = replace(self._state, learned=(*self._state.learned, received))
        if publishes(decisions) or contest.due(rules.snapshot_every, rules.snapshot_moved):
            self._checkpoint(contest)

    def _follow(self, offset: int, order: CheckedOrder) -> None:
        """Follow an operator's order, at its place in the log."""
        contest = self._contest_now()
        cause = Cause(self._rules.topic, self._rules.partition, offset)
        self._effects.decisions += contest.apply_order(order, cause)
        self._checkpoint(contest)

    def _contest_now(self) -> Contest:
        if self._contest is None:
            self._contest = self._state.take_contest(self._rules.engines)
        return self._contest

    def _received(self, offset: int, message: LabelMessage, contest: Contest) -> ReceivedLabel:
        """The label as the contest takes it, with its match if challengers are to play it."""
        cause = Cause(self._rules.topic, self._rules.partition, offset, message.match_id)
        received = ReceivedLabel(message.label, cause, message.at)
        if not message.match or not contest.challengers():
            return received
        try:
            match = unpack(message.match)
        except UnreadableMatchError as error:
            self._effects.problems.append(Problem(offset, str(error)))
            return received
        if model_key(match.fixture) != message.label.key:
            self._effects.problems.append(Problem(offset, "its match is of another format"))
            return received
        return replace(received, began=match.began, fixture=match.fixture, facts=match.facts)

    def _checkpoint(self, contest: Contest) -> None:
        """Store the contest, and publish its champion unless the contest is frozen."""
        version = f"{contest.champion.version.split('+')[0]}+{contest.learner.labels}"
        written = contest.checkpoint(version, self._state.positions)
        champion, published = written.champion, self._state.published
        if not written.frozen and published != champion.version:
            published = champion.version
            self._effects.snapshots.append(champion)
        self._effects.contests[champion.key] = written
        self._state = replace(self._state, written=written, learned=(), published=published)

    def finish(self, key: str) -> None:
        """Add the state to continue from to the effects, and the scores if labels came."""
        if self._newest is not None:
            message = MetricsMessage(
                model_key=key,
                model=self._newest.model,
                at=self._newest.at,
                metrics=self._contest_now().learner.metrics,
                revised=self._state.revised,
            )
            self._effects.metrics.append(message)
        if self._contest is not None:
            self._state = self._state.with_contest(self._contest)
        self._effects.states[key] = self._state
