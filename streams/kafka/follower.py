"""Topics read from their beginning and followed, outside every consumer group."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Self

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from streams.kafka.client_config import FOLLOWER, reader
from streams.kafka.errors import KAFKA_ERRORS, OWN
from streams.kafka.log_reader import bounds
from streams.kafka.partitions import PartitionWatch
from streams.kafka.topics import Topic, real_name
from streams.settings import Settings

POLL_SECONDS = 0.5
RETRY_SECONDS = 1.0
WAIT_MS = 50  # after which a fetch without messages returns: the longest delay of a message

log = logging.getLogger(__name__)

Start = Callable[[int, int], int]  # an offset, from a partition's first one and its end
Handler = Callable[[Message], None]


def beginning(low: int, high: int) -> int:
    """Start with the first message that Kafka holds."""
    del high
    return low


def end(low: int, high: int) -> int:
    """Start with the next message that is appended."""
    del low
    return high


def not_before(offset: int) -> Start:
    """Start with the message at an offset; with the first one if that was deleted."""
    return partial(_not_before, offset)


def _not_before(offset: int, low: int, high: int) -> int:
    del high
    return max(offset, low)


class Follower:
    """Reads whole topics: what they hold and what is appended, each message once.

    A context manager: it connects when it is entered, and leaves the brokers at the end. With
    `ends` it knows when it has read what was there at first, and `poll` returns None whenever a
    partition has been read to its end.
    """

    def __init__(
        self,
        settings: Settings,
        *topics: Topic,
        start: Start = beginning,
        wait_ms: int = WAIT_MS,
        ends: bool = False,
    ) -> None:
        self._names = [real_name(topic, settings) for topic in topics]
        self._settings = reader(settings.kafka_access, FOLLOWER) | {
            "auto.offset.reset": "earliest",  # skips what retention has deleted
            "fetch.wait.max.ms": wait_ms,
            "enable.partition.eof": ends,
        }
        self._start = start
        self._consumer: Consumer | None = None
        self._watch = PartitionWatch(self._names)
        self._unread: set[tuple[str, int]] = set()

    def __enter__(self) -> Self:
        consumer = Consumer(self._settings)
        try:
            self._watch = PartitionWatch(self._names)
            places = [self._from_start(consumer, p) for p in self._watch.first(consumer)]
            self._unread = {(place.topic, place.partition) for place in places}
            consumer.assign(places)
        except BaseException:
            consumer.close()
            raise
        self._consumer = consumer
        return self

    def __exit__(self, *raised: object) -> None:
        if self._consumer is not None:
            self._consumer.close()

    def _from_start(self, consumer: Consumer, place: TopicPartition) -> TopicPartition:
        offset = self._start(*bounds(consumer, place))
        return TopicPartition(place.topic, place.partition, offset)

    def poll(self, seconds: float) -> Message | None:
        """The next message, None if none came in time; KafkaException for what Kafka reports.

        Partitions that were added meanwhile are read from their beginning. What only librdkafka
        does not know yet is counted: it looks again by itself.
        """
        assert self._consumer is not None, "enter the follower first"
        added = self._watch.added(self._consumer)
        if added:
            log.info("new partitions: %s", ", ".join(f"{p.topic}/{p.partition}" for p in added))
            first = [TopicPartition(p.topic, p.partition, OFFSET_BEGINNING) for p in added]
            self._consumer.incremental_assign(first)
        message = self._consumer.poll(seconds)
        error = None if message is None else message.error()
        if message is None or error is None:
            return message
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  public
            self._unread.discard((message.topic() or "", message.partition() or 0))
        elif error.code() in OWN:
            KAFKA_ERRORS.labels("following").inc()
            log.warning("%s: %s", ", ".join(self._names), error)
        else:
            raise KafkaException(error)
        return None

    @property
    def caught_up(self) -> bool:
        """Whether all that the topics held at first has been read; needs `ends`.

        librdkafka reports it. Offsets do not show it: the last message may be followed by the
        marker of a transaction.
        """
        return not self._unread

    def until(self, finished: Callable[[], bool], seconds: float = 0.1) -> Iterator[Message]:
        """Messages as they come until `finished`, which is asked after each message and wait."""
        while not finished():
            message = self.poll(seconds)
            if message is not None:
                yield message


class FollowerThread:
    """Hands each message of some topics once to their handlers, in a thread of its own."""

    def __init__(self, settings: Settings, handlers: Mapping[Topic, Handler]) -> None:
        self._handlers = {real_name(topic, settings): h for topic, h in handlers.items()}
        self._follower = Follower(settings, *handlers, wait_ms=int(POLL_SECONDS * 1_000))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        """Connect, as often as it takes, then follow; no message is handed on twice."""
        while not self._stop.is_set():
            try:
                with self._follower:
                    self._follow()
            except KafkaException as error:
                self._report(error)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                message = self._follower.poll(POLL_SECONDS)
            except KafkaException as error:
                self._report(error)
            else:
                if message is not None:
                    self._handlers[message.topic() or ""](message)

    def _report(self, error: KafkaException) -> None:
        KAFKA_ERRORS.labels("following").inc()
        log.warning("%s: %s", ", ".join(self._handlers), error)
        self._stop.wait(RETRY_SECONDS)
