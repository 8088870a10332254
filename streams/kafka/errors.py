"""Errors that Kafka clients report: which of them pass by themselves, and how many there were."""

import time
from collections.abc import Callable
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException
from prometheus_client import Counter

CLIENTS = ("consumer", "producer", "models feed", "following", "lag", "archive")
KAFKA_ERRORS = Counter("overcast_kafka_errors", "Errors that a Kafka client reported", ["client"])
for _client in CLIENTS:  # a series that begins with its first error is not seen to rise
    KAFKA_ERRORS.labels(_client)

RETRY_SECONDS = 0.05
OWN = frozenset(  # librdkafka's, given from what it knows so far, which may be old
    {
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001  confluent's public constants
        KafkaError._UNKNOWN_TOPIC,  # noqa: SLF001
        KafkaError._WAIT_CACHE,  # noqa: SLF001
        KafkaError._WAIT_COORD,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
    }
)
# A topic that was just created, a leader or a coordinator that is being chosen.
COMING = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError.OFFSET_NOT_AVAILABLE,
        *OWN,
    }
)

Answer = TypeVar("Answer")


def is_coming(error: KafkaException) -> bool:
    """Whether what Kafka does not know or have yet may come."""
    reason = error.args[0]
    return isinstance(reason, KafkaError) and reason.code() in COMING


def when_it_comes(step: Callable[[], Answer], seconds: float) -> Answer:
    """What a step gives, taken again while its answer is still coming; then its KafkaException."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return step()
        except KafkaException as error:
            if not is_coming(error) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
