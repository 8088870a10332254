"""The learner of one label partition: it reads the log, calls `learn`, and sends the effects.

After a crash the labels since the last checkpoint are read again from the log (ADR-4).
"""

import logging
from collections.abc import Mapping, Sequence
from itertools import islice

from learning.contest.learner_state import LearnerState, written_state
from learning.contest.state import ContestState
from streams.kafka import topics
from streams.kafka.log_identity import PartitionIdentity, appended_at
from streams.kafka.producer import Headers, Producer
from streams.kafka.topics import Topic, label_partition, real_name
from streams.messages import decisions, metrics
from streams.models import contest_log
from streams.models.contest_log import newest_contests
from streams.models.decision_log import DecisionId, decision_ids
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages
from streams.observability import counters
from streams.pipeline.learn import APPENDED, LabelRecord, LearnEffects, LearnRules, learn
from streams.processors.services import Services

CATCH_UP_LABELS = 200  # learned at once after a restart: their effects are held until then

log = logging.getLogger(__name__)


class LabelPartition:
    """The one writer of the models whose labels come on one partition.

    `published` are ids and times of the decisions on the log: after a restart some are made again.
    """

    def __init__(
        self,
        services: Services,
        rules: LearnRules,
        producer: Producer,
        states: Mapping[str, LearnerState],
        published: frozenset[DecisionId],
    ) -> None:
        self._services = services
        self._rules = rules
        self._producer = producer
        self._states = dict(states)
        self._published = published
        self._messages = ModelMessages(services.settings)

    def catch_up(self, stop: int) -> None:
        """Learn the labels before offset `stop` that came after the states were stored.

        Nothing is sent: the owner that learned these labels first has published the effects.
        """
        rules = self._rules
        count = len(self._services.log_reader.partitions(rules.topic))
        own = [key for key in self._states if label_partition(key, count) == rules.partition]
        start = min((self._learned_to(key) for key in own), default=stop)
        messages = self._services.log_reader.read(rules.topic, rules.partition, start, stop)
        labels = (LabelRecord(m.offset() or 0, m.value() or b"", appended_at(m)) for m in messages)
        while batch := list(islice(labels, CATCH_UP_LABELS)):
            self._learn(batch)

    def _learned_to(self, key: str) -> int:
        """The offset up to which a model's learner has learned this log; 0 if it was another."""
        rules, positions = self._rules, self._states[key].positions
        learned_to = positions.get(rules.position, 0)
        log = PartitionIdentity(self._services.log_reader, rules.topic, rules.partition)
        known = log.holds(learned_to - 1, positions.get(rules.position + APPENDED, 0))
        return learned_to if known else 0

    def handle(self, labels: Sequence[LabelRecord]) -> int:
        """Learn labels and publish what follows; return how many."""
        effects = self._learn(labels)
        if self._send(effects):
            self._producer.flush()
        counters.count_learned(effects)
        return effects.learned.total() + effects.revised.total()

    def _learn(self, labels: Sequence[LabelRecord]) -> LearnEffects:
        effects = learn(self._states, labels, self._rules)
        self._states |= effects.states
        _log_effects(effects, self._rules)
        return effects

    def _send(self, effects: LearnEffects) -> bool:
        """Send scores, decisions, snapshots and states; return whether there were any to send."""
        for message in effects.metrics:
            self._send_to(topics.METRICS, message.model_key, metrics.encode(message))
        new = [d for d in effects.decisions if (d.id, d.at) not in self._published]
        for decision in new:
            self._send_to(topics.DRIFT, decision.model_key, decisions.encode(decision))
        for snapshot in effects.snapshots:
            value, headers = self._messages.message(snapshot)
            self._send_to(topics.MODELS, snapshot.key, value, headers)
            log.info("published %s %s", snapshot.key, snapshot.version)
        for key, state in effects.contests.items():
            value = contest_log.encode(state)
            self._send_to(topics.CONTESTS, key, value, self._messages.signed(value))
        return bool(effects.metrics or effects.decisions or effects.contests)

    def _send_to(
        self, topic: Topic, key: str, value: bytes, headers: Headers | None = None
    ) -> None:
        name = real_name(topic, self._services.settings)
        self._producer.send(name, key.encode(), value, headers=headers)


def _log_effects(effects: LearnEffects, rules: LearnRules) -> None:
    """Write a line for each decision, and for each message that is not learned as it came."""
    for decision in effects.decisions:
        log.info("%s: %s: %s", decision.model_key, type(decision).__name__, decision.reason)
    for problem in effects.problems:
        where = {"offset": problem.offset}
        log.error("%s@%s: %s", rules.position, problem.offset, problem.reason, extra=where)


def take_over(services: Services, models: InstalledModels, partition: int) -> LabelPartition:
    """Claim a label partition: from now on an earlier owner can publish nothing more.

    Each contest continues from its last state on the log, or begins with the installed snapshot.
    """
    settings, topic = services.settings, real_name(topics.LABELS, services.settings)
    producer = services.producer.claim(f"{settings.group}/{topic}/{partition}")
    published = decision_ids(services.log_reader, settings)
    contests = newest_contests(services.log_reader, settings, ModelMessages(settings))
    begun = {key: contests.get(key) or ContestState(models.snapshot(key)) for key in models}
    rules = LearnRules(
        topic, partition, settings.snapshot_every, settings.snapshot_moved, models.engines
    )
    states = {key: written_state(contest) for key, contest in begun.items()}
    return LabelPartition(services, rules, producer, states, published)
