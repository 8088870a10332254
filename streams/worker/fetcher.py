"""Fetches the records of assigned partitions by librdkafka, outside Python's lock.

aiokafka joins the group and commits, as Faust has it do; fetching by aiokafka, in Python, took as
long as a forecast. Each topic has a consumer and a thread of its own, so that one whose agent is
slow does not hold the other up.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from aiokafka.structs import ConsumerRecord
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from faust.types import TP

from streams.access import KafkaAccess
from streams.kafka.client_config import Setting, reader
from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import LARGEST_MESSAGE
from streams.worker.connections import connected_partitions
from streams.worker.fatal import ends_the_process
from streams.worker.positions import ReadPositions, start

log = logging.getLogger(__name__)

FETCH: dict[str, Setting] = {
    "auto.offset.reset": "earliest",  # if the committed offset has been deleted since
    "fetch.message.max.bytes": LARGEST_MESSAGE,
    "fetch.wait.max.ms": 50,
    "queued.min.messages": 10_000,
    "statistics.interval.ms": 1_000,  # by which readiness knows what is connected
}
ANSWER_SECONDS = 10.0
RETRY_SECONDS = 0.5
LOOK_SECONDS = 0.1  # after which an empty fetch returns, so that a new assignment need not wait

Records = dict[TP, list[ConsumerRecord]]


class TopicFetcher:
    """One topic's consumer, used in a thread of its own only.

    `assigned` and `connected` are for other threads: the partitions that are to be fetched, and
    those whose broker is connected.
    """

    def __init__(self, access: KafkaAccess, group: str, most: int, log_reader: LogReader) -> None:
        callbacks = {"error_cb": _count, "stats_cb": self._note_connected}
        self._settings = reader(access, group, **FETCH) | callbacks
        self.assigned: frozenset[int] = frozenset()
        self.connected: frozenset[int] = frozenset()
        self._most = most
        self._log_reader = log_reader
        self._positions = ReadPositions()
        self._assignments = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fetch")
        self._fetching: asyncio.Future[list[Message]] | None = None

    @cached_property
    def _consumer(self) -> Consumer:
        """The client, which connects when it is first needed."""
        return Consumer(self._settings)

    def begin(self, partitions: Iterable[TopicPartition]) -> None:
        """Fetch these partitions and no others, each from where the group has come to.

        Records on their way are not returned.
        """
        self._fetching, wanted = None, list(partitions)
        self.assigned = frozenset(place.partition for place in wanted)
        self._assignments += 1
        self._thread.submit(self._assign_or_end, wanted, self._assignments)

    def _assign_or_end(self, partitions: list[TopicPartition], number: int) -> None:
        with ends_the_process("fetching"):  # its thread would keep the error to itself
            self._assign(partitions, number)

    def _assign(self, partitions: list[TopicPartition], number: int) -> None:
        """Find out where to start, as often as it takes, unless another assignment has come."""
        while number == self._assignments:
            try:
                places = self._starts(partitions)
            except KafkaException as error:
                _count(error.args[0])
                time.sleep(RETRY_SECONDS)
            else:
                self._positions.begin(places)
                self._consumer.assign(places)
                return

    def _starts(self, partitions: list[TopicPartition]) -> list[TopicPartition]:
        if not partitions:
            return []
        committed = self._consumer.committed(partitions, timeout=ANSWER_SECONDS)
        for place in committed:
            if place.error is not None:
                raise KafkaException(place.error)
        return [start(self._log_reader, place) for place in committed]

    def _note_connected(self, statistics: str) -> None:
        """Note of which partitions the brokers are connected."""
        self.connected = connected_partitions(statistics)

    def fetching(self) -> "asyncio.Future[list[Message]]":
        """The future of the next messages: of the fetch that is on its way, or of a new one."""
        if self._fetching is None:
            self._fetching = asyncio.get_running_loop().run_in_executor(self._thread, self._fetch)
        return self._fetching

    def take(self) -> Records:
        """The records of the fetch that is done."""
        done, self._fetching = self._fetching, None
        records = _by_partition(done.result()) if done is not None else {}
        for tp, batch in records.items():
            low = self._bounds(TopicPartition(tp.topic, tp.partition))[0]
            self._positions.passed(tp, batch[0].offset, batch[-1].offset, low)
        return records

    def _fetch(self) -> list[Message]:
        """The next message as soon as it comes, and those that are already buffered after it."""
        first = self._consumer.poll(LOOK_SECONDS)
        if first is None:
            return []
        return [first, *self._consumer.consume(self._most - 1, timeout=0)]

    def end(self, partition: TopicPartition) -> int:
        """The partition's end as of the last fetch; -1 before the first."""
        return self._bounds(partition)[1]

    def _bounds(self, partition: TopicPartition) -> tuple[int, int]:
        """Where the partition begins and ends as of the last fetch; -1 before the first."""
        return self._consumer.get_watermark_offsets(partition, cached=True) or (-1, -1)

    def _close(self) -> None:
        self._consumer.close()

    def close(self) -> None:
        """Close the connections."""
        self._assignments += 1
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)


class Fetcher:
    """Fetches all topics that a worker consumes, each in its own thread."""

    def __init__(self, access: KafkaAccess, group: str, most: int) -> None:
        log_reader = LogReader(access)
        self._arguments = (access, group, most, log_reader)
        self.topic_id = log_reader.topic_id
        self._fetchers: dict[str, TopicFetcher] = {}

    def begin(self, partitions: Iterable[TP]) -> None:
        """Fetch these partitions from their committed offsets, from now on."""
        by_topic: defaultdict[str, list[TopicPartition]] = defaultdict(list)
        for tp in partitions:
            by_topic[tp.topic].append(TopicPartition(tp.topic, tp.partition))
        for topic in by_topic.keys() | self._fetchers.keys():
            self._fetcher(topic).begin(by_topic.get(topic, []))

    async def next(
        self,
        topics: Collection[str],
        timeout: float,  # noqa: ASYNC109
        changed: asyncio.Event,
    ) -> Records:
        """The first records that come, of any of these topics.

        There are none after `timeout` seconds, or once `changed` says that other topics may be
        fetched too.
        """
        fetches = {self._fetcher(topic).fetching(): self._fetcher(topic) for topic in topics}
        change = asyncio.ensure_future(changed.wait())
        first: list[asyncio.Future[Any]] = [change, *fetches]
        await asyncio.wait(first, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        change.cancel()
        records: Records = {}
        for fetch, fetcher in fetches.items():
            if fetch.done():
                records |= fetcher.take()
        return records

    def end(self, topic: str, partition: int) -> int:
        """The partition's end as of the last fetch; -1 before the first."""
        return self._fetcher(topic).end(TopicPartition(topic, partition))

    def unconnected(self) -> str:
        """A health check: the assigned partitions whose brokers are not connected; "" for none."""
        waiting = [
            f"{topic}/{partition}"
            for topic, fetcher in sorted(self._fetchers.items())
            for partition in sorted(fetcher.assigned - fetcher.connected)
        ]
        return f"not connected to the brokers of {', '.join(waiting)}" if waiting else ""

    def close(self) -> None:
        """Close all connections."""
        for fetcher in self._fetchers.values():
            fetcher.close()
        self._fetchers.clear()

    def _fetcher(self, topic: str) -> TopicFetcher:
        if topic not in self._fetchers:
            self._fetchers[topic] = TopicFetcher(*self._arguments)
        return self._fetchers[topic]


def _count(error: KafkaError) -> None:
    """Log and count an error; librdkafka recovers by itself."""
    log.warning("fetching: %s", error)
    KAFKA_ERRORS.labels("consumer").inc()


def _by_partition(messages: Iterable[Message]) -> Records:
    records: defaultdict[TP, list[ConsumerRecord]] = defaultdict(list)
    for message in messages:
        error = message.error()
        if error is None:
            record = _record(message)
            records[TP(record.topic, record.partition)].append(record)
        else:
            _count(error)
    return dict(records)


def _record(message: Message) -> ConsumerRecord:
    """A message as a record of aiokafka's, which Faust and the processors know."""
    kind, timestamp = message.timestamp()
    key, value = message.key(), message.value()
    return ConsumerRecord(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        timestamp=timestamp,
        timestamp_type=kind,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=-1 if key is None else len(key),
        serialized_value_size=-1 if value is None else len(value),
        headers=message.headers() or (),
    )
