"""The producer of a feed: a match stays on the partition on which it began."""

import time
from collections.abc import Mapping

from aiokafka.partitioner import murmur2

from streams.access import KafkaAccess
from streams.kafka.client_config import Setting
from streams.kafka.message import Outgoing
from streams.kafka.partitions import LOOK_SECONDS, numbers
from streams.kafka.producer import Delivered, Producer

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
            self._count = len(numbers(self._producer, topic))
            self._due = time.monotonic() + LOOK_SECONDS
        return self._count


def chosen_partition(key: bytes, partitions: int) -> int:
    """The partition that Kafka's Java clients put a key into."""
    return int((murmur2(key) & POSITIVE) % partitions)
