"""How many partitions a topic has, asked of Kafka: an operator may add some at any time."""

import logging
import time
from contextlib import suppress

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions

from streams.kafka.client_config import client
from streams.kafka.errors import when_it_comes
from streams.kafka.topics import BALLS, DEAD_LETTERS, PREDICTIONS, real_name
from streams.settings import Settings

ANSWER_SECONDS = 10.0
LATER_SECONDS = 2.0  # a reader is not held up longer when it asks again
LOOK_SECONDS = 20.0  # after which a reader asks again whether there are more partitions
ANSWERS = (PREDICTIONS, DEAD_LETTERS)  # they answer a partition of balls in the one of its number

log = logging.getLogger(__name__)


class PartitionsError(RuntimeError):
    """A topic lacks partitions that a worker needs and may not add; the text says what to do."""


def numbers(
    kafka: Consumer | AdminClient | Producer, topic: str, seconds: float = ANSWER_SECONDS
) -> list[int]:
    """The numbers of a topic's partitions; KafkaException if the topic does not exist."""
    answer = kafka.list_topics(topic, timeout=seconds).topics[topic]
    if answer.error is not None:
        raise KafkaException(KafkaError(answer.error.code(), f"{topic}: {answer.error.str()}"))
    return sorted(answer.partitions)


def match_answers(settings: Settings) -> None:
    """Give the topics of answers as many partitions as `cricket.balls` has.

    PartitionsError if they lack some and this client may not add them.
    """
    admin = AdminClient(client(settings.kafka_access))
    wanted = len(numbers(admin, real_name(BALLS, settings)))
    for topic in ANSWERS:
        name = real_name(topic, settings)
        count = len(numbers(admin, name))
        if count < wanted:
            _grow(admin, name, count, wanted)


def _grow(admin: AdminClient, name: str, count: int, wanted: int) -> None:
    growing = admin.create_partitions([NewPartitions(name, wanted)], operation_timeout=30.0)
    error = growing[name].exception()
    if error is None:
        log.info("%s: %s partitions now, it had %s", name, wanted, count)
    elif not _was_grown(error):
        reason = error.args[0].str() if isinstance(error, KafkaException) else str(error)
        raise PartitionsError(
            f"{name} has {count} partitions, cricket.balls has {wanted}, and this client cannot "
            f"add them ({reason}): run 'overcast topics --create' as an administrator"
        )


def _was_grown(error: BaseException) -> bool:
    """Whether another worker was faster."""
    code = error.args[0].code() if isinstance(error, KafkaException) else None
    return code == KafkaError.INVALID_PARTITIONS


class PartitionWatch:
    """Notices partitions that are added to topics while they are read."""

    def __init__(self, topics: list[str]) -> None:
        self._known = dict.fromkeys(topics, -1)
        self._due = 0.0

    def first(self, consumer: Consumer) -> list[TopicPartition]:
        """The partitions that the topics have; KafkaException if Kafka does not know them."""
        return when_it_comes(lambda: self._look(consumer, ANSWER_SECONDS), ANSWER_SECONDS)

    def added(self, consumer: Consumer) -> list[TopicPartition]:
        """The partitions that are new since the last call; Kafka is asked every LOOK_SECONDS only.

        None if it does not answer: whoever reads will hear of that in another way.
        """
        if time.monotonic() < self._due:
            return []
        with suppress(KafkaException):
            return self._look(consumer, LATER_SECONDS)
        self._due = time.monotonic() + LOOK_SECONDS
        return []

    def _look(self, consumer: Consumer, seconds: float) -> list[TopicPartition]:
        there = {topic: numbers(consumer, topic, seconds) for topic in self._known}
        new = [
            TopicPartition(topic, number)
            for topic, partitions in there.items()
            for number in partitions
            if number > self._known[topic]
        ]
        self._known = {topic: max(partitions, default=-1) for topic, partitions in there.items()}
        self._due = time.monotonic() + LOOK_SECONDS
        return new
