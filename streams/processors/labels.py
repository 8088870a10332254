"""One worker's desk for `cricket.labels`: score, learn, decide, publish what came of it.

A label is learned once: a contest's standing carries how far it has read its label partition and,
for each partition of balls, the last source it has learned from, so that after a crash the labels
since the standing are read again from the log and repeated ones are known. A revised label comes
too late for an online learner, which cannot unlearn: it is counted, and reported with the scores.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from learning.contest.contest import Answer, Contest, publishes
from learning.contest.decisions import AnyDecision, Cause, Order
from learning.contest.state import ContestState
from learning.keys import KEYS, model_key
from learning.training.label_checks import wrong
from streams.kafka import topics
from streams.kafka.record import Record
from streams.kafka.topics import label_partition, real_name
from streams.messages import decisions, metrics
from streams.messages.labels import LabelMessage, decode_label_or_order
from streams.models import contest_log, decision_log
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages
from streams.observability import counters
from streams.pipeline.packed_match import UnreadableMatchError, unpack
from streams.processors.services import Services

SOURCE_STEP = 64  # more labels than one message can give: (offset, index) as one number

log = logging.getLogger(__name__)


class LabelProcessor:
    """Owns the learners of the label partitions that this worker was assigned."""

    def __init__(self, tools: Services, models: InstalledModels) -> None:
        self._tools = tools
        self._models = models
        self._partitions: dict[int, LabelPartition] = {}

    def reassigned(self) -> None:
        """Forgets everything: the next owner starts from the snapshots on `cricket.models`."""
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> int:
        """Learns a batch of one partition; returns how many labels were new."""
        first = records[0]
        learner = self._partitions.get(first.partition)
        if learner is None:
            learner = LabelPartition(self._tools, self._models, first.partition)
            self._partitions[first.partition] = learner
            learner.catch_up(first.offset)
        return learner.handle([(r.offset, r.value or b"") for r in records])


class LabelPartition:
    """The one writer of the models whose labels come on one partition."""

    def __init__(self, tools: Services, models: InstalledModels, partition: int) -> None:
        self._tools = tools
        self._models = models
        self._labels = real_name(topics.LABELS, tools.settings)
        self._partition = partition
        self._outbox = tools.outbox.claim(f"{tools.settings.group}/{self._labels}/{partition}")
        self._messages = ModelMessages(tools.settings)
        self._told = decision_log.decision_ids(tools.journal, tools.settings)
        self._standings = contest_log.newest(tools.journal, tools.settings, self._messages)
        self._contests: dict[str, Contest] = {}
        self._positions: dict[str, dict[str, int]] = {}
        self._revised: Counter[str] = Counter()
        self._said: list[AnyDecision] = []
        self._due: list[ContestState] = []
        self._published: dict[str, str] = {}

    def catch_up(self, stop: int) -> None:
        """Learns what the log holds before `stop` and the snapshots have not learned."""
        mine = [k for k in self._models if self._is_mine(k)]
        start = min((self._learned_through(key) for key in mine), default=stop)
        for message in self._tools.journal.stretch(self._labels, self._partition, start, stop):
            self._learn(message.offset() or 0, message.value() or b"")
        self._due.clear()  # whoever learned these has published them
        self._said.clear()

    def _is_mine(self, key: str) -> bool:
        return label_partition(key, self._tools.settings) == self._partition

    def _learned_through(self, key: str) -> int:
        positions = self._standing(key).champion.positions
        return positions.get(f"{self._labels}/{self._partition}", 0)

    def _standing(self, key: str) -> ContestState:
        """Where this model's contest stood last; a new one around the installed snapshot."""
        return self._standings.get(key) or ContestState(self._models.snapshot(key))

    def handle(self, labels: Sequence[tuple[int, bytes]]) -> int:
        """Learns labels in order, publishes the scores, the decisions and what is due."""
        touched = [label for offset, value in labels if (label := self._learn(offset, value))]
        newest = {label.label.key: label for label in touched}
        for key, label in newest.items():
            self._publish_metrics(key, label)
        if self._publish() or newest:
            self._outbox.flush()
        return len(touched)

    def _learn(self, offset: int, value: bytes) -> LabelMessage | None:
        """Learns a label unless it is broken, was learned before, or revises one."""
        message = self._readable(offset, value)
        if message is None:
            return None
        if isinstance(message, Order):
            self._obey(offset, message)
            return None
        key = message.label.key
        contest, positions = self._contest(key), self._positions[key]
        origin = f"{message.source.topic}/{message.source.partition}"
        place = message.source.offset * SOURCE_STEP + message.index
        if place <= positions.get(origin, -1):
            return None
        positions[origin] = place
        positions[f"{self._labels}/{self._partition}"] = offset + 1
        if message.revision:
            self._revised[key] += 1
            counters.UNLEARNED.labels(key).inc()
            return message
        made = contest.learn(self._answer(offset, message))
        counters.LEARNED.labels(key).inc()
        self._decided(key, made)
        settings = self._tools.settings
        if publishes(made) or contest.due(settings.snapshot_every, settings.snapshot_moved):
            self._due.append(self._settled(key))
        return message

    def _answer(self, offset: int, message: LabelMessage) -> Answer:
        """The label as the contest takes it, with its match if somebody is to be asked and can."""
        cause = Cause(self._labels, self._partition, offset, message.match_id)
        answer = Answer(message.label, cause, message.at)
        if not message.match or not self._contests[message.label.key].challengers():
            return answer
        try:
            match = unpack(message.match)
        except UnreadableMatchError as error:
            log.error("%s/%s@%s: %s", self._labels, self._partition, offset, error)  # noqa: TRY400
            return answer
        if model_key(match.fixture) != message.label.key:
            log.error("%s/%s@%s: another format's match", self._labels, self._partition, offset)
            return answer
        return replace(answer, began=match.began, fixture=match.fixture, facts=match.facts)

    def _obey(self, offset: int, order: Order) -> None:
        """An operator's order, at its place in the log."""
        contest, place = self._contest(order.model_key), f"{self._labels}/{self._partition}"
        positions = self._positions[order.model_key]
        if offset < positions.get(place, 0):
            return
        positions[place] = offset + 1
        cause = Cause(self._labels, self._partition, offset)
        self._decided(order.model_key, contest.obey(order, cause))
        self._due.append(self._settled(order.model_key))

    def _decided(self, key: str, made: Sequence[AnyDecision]) -> None:
        """What was decided is said; a restart decides it again, under the same id: it is known."""
        for decision in made:
            log.info("%s: %s: %s", key, type(decision).__name__, decision.reason)
        self._said += made

    def _readable(self, offset: int, value: bytes) -> LabelMessage | Order | None:
        """What a message says; None, and a line in the log, for what cannot be learned."""
        try:
            message = decode_label_or_order(value)
            reason = _wrong(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message, reason = None, str(error)
        if reason:
            place = {"offset": offset}
            log.error("%s/%s@%s: %s", self._labels, self._partition, offset, reason, extra=place)
            return None
        return message

    def _contest(self, key: str) -> Contest:
        if key not in self._contests:
            standing = self._standing(key)
            self._contests[key] = Contest(standing, self._models.engines)
            self._positions[key] = dict(standing.champion.positions)
        return self._contests[key]

    def _settled(self, key: str) -> ContestState:
        """The contest as it stands; it goes on from there, as after a restart."""
        contest = self._contests[key]
        version = f"{contest.champion.version.split('+')[0]}+{contest.learner.labels}"
        return contest.settled(version, self._positions[key])

    def _publish_metrics(self, key: str, label: LabelMessage) -> None:
        message = metrics.MetricsMessage(
            model_key=key,
            model=label.model,
            at=label.at,
            metrics=self._contests[key].learner.metrics,
            revised=self._revised[key],
        )
        topic = real_name(topics.METRICS, self._tools.settings)
        self._outbox.send(topic, key.encode(), metrics.encode(message))

    def _publish(self) -> bool:
        """Sends the decisions, the snapshots, and last the states that go on from them."""
        send, settings = self._outbox.send, self._tools.settings
        for decision in (d for d in self._said if d.id not in self._told):
            topic = real_name(topics.DRIFT, settings)
            send(topic, decision.model_key.encode(), decisions.encode(decision))
        for standing in self._due:
            champion = standing.champion
            if not standing.frozen and self._published.get(champion.key) != champion.version:
                self._published[champion.key] = champion.version
                value, headers = self._messages.written(champion)
                topic = real_name(topics.MODELS, settings)
                send(topic, champion.key.encode(), value, headers=headers)
                log.info("published %s %s", champion.key, champion.version)
        for key, last in {s.champion.key: s for s in self._due}.items():
            value = contest_log.encode(last)
            topic = real_name(topics.CONTESTS, settings)
            send(topic, key.encode(), value, headers=self._messages.signed(value))
        some = bool(self._due or self._said)
        self._said.clear()
        self._due.clear()
        return some


def _wrong(message: LabelMessage | Order) -> str:
    """Why a message cannot be learned or obeyed; "" if it can."""
    if isinstance(message, LabelMessage):
        return wrong(message.label)
    return "" if message.model_key in KEYS else f"no model {message.model_key!r}"
