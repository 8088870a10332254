"""The producer of a feed: a match stays on the partition on which it began."""

import time
from collections.abc import Mapping
from contextlib import suppress

from aiokafka.partitioner import murmur2
from confluent_kafka import KafkaException

from streams.access import KafkaAccess
from streams.kafka.client_config import Setting
from streams.kafka.errors import when_it_comes
from streams.kafka.message import Outgoing
from streams.kafka.partitions import ANSWER_SECONDS, LATER_SECONDS, LOOK_SECONDS, numbers
from streams.kafka.producer import DELIVERY_SECONDS, Delivered, Producer

MOST_KEYS = 100_000  # matches that are remembered; the longest known is forgotten first
POSITIVE = 0x7FFFFFFF  # Java's clients drop the sign


class FeedProducer(Producer):
    """Sends every message of a key to the partition of its first one.

    Which one that is, is chosen as Kafka's Java clients choose. Their choice changes when
    partitions are added: the rest of a match would go where its beginning is not.
    """

    def __init__(
        self, access: KafkaAccess, linger_ms: int = 5, more: Mapping[str, Setting] | None = None
    ) -> None:
        super().__init__(access, linger_ms, more)
        self._chosen: dict[bytes, int] = {}
        self._count = 0
        self._due = 0.0

    def _queue(self, message: Outgoing, delivered: Delivered) -> None:
        if message.partition < 0 and message.key is not None:
            message = message._replace(partition=self._of(message.topic, message.key))
        super()._queue(message, delivered)

    def _of(self, topic: str, key: bytes) -> int:
        if key not in self._chosen:
            if len(self._chosen) >= MOST_KEYS:
                del self._chosen[next(iter(self._chosen))]
            self._chosen[key] = chosen_partition(key, self._partitions(topic))
        return self._chosen[key]

    def _partitions(self, topic: str) -> int:
        """How many there are; Kafka is asked every LOOK_SECONDS at most."""
        if time.monotonic() >= self._due:
            self._ask(topic)
            self._due = time.monotonic() + LOOK_SECONDS
        return self._count

    def _ask(self, topic: str) -> None:
        if not self._count:
            self._count = len(when_it_comes(lambda: self._numbers(topic), DELIVERY_SECONDS))
            return
        with suppress(KafkaException):  # it is away for a while: what is queued waits for it
            self._count = len(self._numbers(topic, LATER_SECONDS))

    def _numbers(self, topic: str, seconds: float = ANSWER_SECONDS) -> list[int]:
        return numbers(self._producer, topic, seconds)


def chosen_partition(key: bytes, partitions: int) -> int:
    """The partition that Kafka's Java clients put a key into."""
    return int((murmur2(key) & POSITIVE) % partitions)
