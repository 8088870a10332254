"""The learner of one label partition: it reads the log, calls `learn`, and sends the effects.

After a crash the labels since the last checkpoint are read again from the log (ADR-4).
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from learning.contest.learner_state import LearnerState, written_state
from learning.contest.state import ContestState
from streams.kafka import topics
from streams.kafka.log_identity import PartitionIdentity, appended_at
from streams.kafka.message import Headers, Outgoing
from streams.kafka.producer import Producer, TooLargeError
from streams.kafka.topics import Topic, label_partition, real_name
from streams.messages import decisions, metrics
from streams.models import contest_log
from streams.models.contest_log import newest_contests
from streams.models.decision_log import DecisionId, decision_ids
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages
from streams.observability import counters
from streams.pipeline.learn import APPENDED, LabelRecord, LearnEffects, LearnRules, learn
from streams.processors import outgoing
from streams.processors.interruption import Interruption
from streams.processors.services import Services

CATCH_UP_LABELS = 20  # learned at once after a restart: then it is asked whether to go on

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

    def catch_up(self, stop: int, interruption: Interruption) -> None:
        """Learn the labels before offset `stop` that came after the states were stored.

        Nothing is sent: the owner that learned these labels first has published the effects.
        GivenUpError if the partition is taken away meanwhile.
        """
        rules = self._rules
        count = len(self._services.log_reader.partitions(rules.topic))
        own = [key for key in self._states if label_partition(key, count) == rules.partition]
        start = min((self._learned_to(key) for key in own), default=stop)
        messages = self._services.log_reader.read(rules.topic, rules.partition, start, stop)
        labels = (LabelRecord(m.offset() or 0, m.value() or b"", appended_at(m)) for m in messages)
        while batch := list(islice(labels, CATCH_UP_LABELS)):
            interruption.check()
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
        self._write(list(self._messages_of(effects)))
        counters.count_learned(effects)
        return effects.learned.total() + effects.revised.total()

    def _learn(self, labels: Sequence[LabelRecord]) -> LearnEffects:
        effects = learn(self._states, labels, self._rules)
        self._states |= effects.states
        _log_effects(effects, self._rules)
        return effects

    def _messages_of(self, effects: LearnEffects) -> Iterator[Outgoing]:
        """Scores, decisions, snapshots and states as messages."""
        for message in effects.metrics:
            yield self._message(topics.METRICS, message.model_key, metrics.encode(message))
        for decision in (d for d in effects.decisions if (d.id, d.at) not in self._published):
            yield self._message(topics.DRIFT, decision.model_key, decisions.encode(decision))
        for snapshot in effects.snapshots:
            forms = self._messages.forms(snapshot)
            first, *rest = [self._message(topics.MODELS, snapshot.key, *form) for form in forms]
            yield first._replace(smaller=next(iter(rest), None))
            log.info("published %s %s", snapshot.key, snapshot.version)
        for key, state in effects.contests.items():
            value = contest_log.encode(state)
            yield self._message(topics.CONTESTS, key, value, self._messages.signed(value))

    def _message(
        self, topic: Topic, key: str, value: bytes, headers: Headers | None = None
    ) -> Outgoing:
        name = real_name(topic, self._services.settings)
        return Outgoing(name, key.encode(), value, headers=headers)

    def _write(self, messages: Sequence[Outgoing]) -> None:
        """Write messages in one transaction, as their topics take them.

        After TooLargeError the partition has to be taken over again, with the limit as it is then.
        """
        limits = self._services.limits
        fitting = outgoing.fitted(messages, limits)
        try:
            if fitting:
                self._producer.write(fitting)
        except TooLargeError as error:
            limits.lower(error.topic, error.size)
            raise


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
    written = (topics.METRICS, topics.DRIFT, topics.MODELS, topics.CONTESTS)
    services.limits.ask(real_name(each, settings) for each in written)
    published = decision_ids(services.log_reader, settings)
    contests = newest_contests(services.log_reader, settings, ModelMessages(settings))
    begun = {key: contests.get(key) or ContestState(models.snapshot(key)) for key in models}
    rules = LearnRules(
        topic, partition, settings.snapshot_every, settings.snapshot_moved, models.engines
    )
    states = {key: written_state(contest) for key, contest in begun.items()}
    return LabelPartition(services, rules, producer, states, published)
