"""Reads any part of a partition again, outside every consumer group."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from streams.access import KafkaAccess
from streams.kafka.client_config import LOG_READER, client, reader
from streams.kafka.errors import is_coming, when_it_comes
from streams.kafka.partitions import numbers
from streams.kafka.topics import LARGEST_MESSAGE

ANSWER_SECONDS = 10.0
# A partition may end with a transaction's mark, which is no message: the end is known by an empty
# fetch, which waits this long. With librdkafka's 500 ms every read would take as much.
WAIT_MS = 10
_IDS: dict[str, str] = {}  # of topics, for the life of the process
IDLE = 2  # connected consumers that are kept for the next read


class LogReader:
    """Reads partitions of the cluster: a part, the whole, or the newest messages first."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._settings = reader(access, LOG_READER) | {
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": WAIT_MS,
            "message.max.bytes": LARGEST_MESSAGE,
            "fetch.message.max.bytes": LARGEST_MESSAGE,
        }
        self._idle: list[Consumer] = []

    @cached_property
    def _admin(self) -> AdminClient:
        """The client that knows topics' ids, kept: one that is dropped may hang."""
        return AdminClient(client(self._access))

    @contextmanager
    def _consumer(self) -> Iterator[Consumer]:
        """A consumer, connected already if one is idle: a takeover reads many partitions."""
        try:
            consumer = self._idle.pop()
        except IndexError:
            consumer = Consumer(self._settings)
        try:
            yield consumer
        except BaseException:
            consumer.close()
            raise
        consumer.unassign()
        if len(self._idle) < IDLE:
            self._idle.append(consumer)
        else:
            consumer.close()

    def read(self, topic: str, partition: int, start: int, stop: int) -> Iterator[Message]:
        """The messages with offsets from `start` up to, not including, `stop`."""
        with self._consumer() as consumer:
            low, high = bounds(consumer, TopicPartition(topic, partition))
            at, stop = max(start, low), min(stop, high)
            consumer.assign([TopicPartition(topic, partition, at)])
            while at < stop:
                message = _next(consumer, topic, partition, at)
                if message is None or (message.offset() or 0) >= stop:
                    return
                at = (message.offset() or 0) + 1
                yield message

    def read_all(self, topic: str, partition: int) -> Iterator[Message]:
        """Every message that the partition holds now."""
        return self.read(topic, partition, *self.bounds(topic, partition))

    def topic_id(self, topic: str) -> str:
        """The topic's id when this process asked first; "" if Kafka did not tell.

        A worker ends when it changes: see `streams.worker.log_watch`.
        """
        if topic not in _IDS:
            _IDS[topic] = self.topic_id_now(topic)
        return _IDS[topic]

    def topic_id_now(self, topic: str) -> str:
        """The topic's id; "" if there is none, or if Kafka does not tell."""
        wanted = TopicCollection([topic])
        try:
            answers = self._admin.describe_topics(wanted, request_timeout=ANSWER_SECONDS)
            return str(answers[topic].result(2 * ANSWER_SECONDS).topic_id)
        except (KafkaException, TimeoutError):
            return ""

    def partitions(self, topic: str) -> list[int]:
        """The numbers of the partitions that the topic has."""
        with self._consumer() as consumer:
            return numbers(consumer, topic)

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The offset of the partition's first message, and the one that its next will have."""
        with self._consumer() as consumer:
            return bounds(consumer, TopicPartition(topic, partition))

    def end(self, topic: str, partition: int) -> int:
        """The offset that the partition's next message will have."""
        return self.bounds(topic, partition)[1]

    def read_backwards(self, topic: str, partition: int, most: int = 100) -> Iterator[Message]:
        """The partition's messages, the newest first; fetched `most` at first, then ever more."""
        low, stop = self.bounds(topic, partition)
        while stop > low:
            start = max(low, stop - most)
            yield from list(self.read(topic, partition, start, stop))[::-1]
            stop, most = start, most * 4


def bounds(consumer: Consumer, place: TopicPartition) -> tuple[int, int]:
    """The offsets of a partition's first message and of the one that will come next.

    A partition that was just created or moved has no leader for a moment: this waits for one.
    """
    offsets = when_it_comes(lambda: _bounds(consumer, place), ANSWER_SECONDS)
    if offsets is None:
        raise KafkaException(f"no answer on the bounds of {place.topic}/{place.partition}")
    return offsets


def _bounds(consumer: Consumer, place: TopicPartition) -> tuple[int, int] | None:
    try:
        return consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS)
    except KafkaException as error:
        if is_coming(error):  # a partition that was added is unknown until the topic is asked for
            numbers(consumer, place.topic)  # which says so, if the topic may not be seen
        raise


def _next(consumer: Consumer, topic: str, partition: int, at: int) -> Message | None:
    """The next message, None at the partition's end; KafkaException if Kafka gives neither."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        message = consumer.poll(ANSWER_SECONDS)
        if message is None:
            raise KafkaException(f"{topic}/{partition} is silent at offset {at}")
        error = message.error()
        if error is None:
            return message
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  confluent's public constant
            return None
        failure = KafkaException(error)
        if not is_coming(failure) or time.monotonic() > deadline:
            raise failure
