"""Records of assigned partitions, fetched by librdkafka outside Python's lock.

aiokafka joins the group and commits, as Faust has it; what it fetches in Python took as long as a
forecast. A topic has a consumer and a thread of its own, so that one whose agent is slow does not
hold the other up.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiokafka.structs import ConsumerRecord
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition
from faust.types import TP

from streams.kafka.client_config import Setting, reader
from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.topics import LARGEST_MESSAGE

log = logging.getLogger(__name__)

FETCH: dict[str, Setting] = {
    "auto.offset.reset": "earliest",  # what was committed has been deleted since
    "fetch.message.max.bytes": LARGEST_MESSAGE,
    "fetch.wait.max.ms": 50,
    "queued.min.messages": 10_000,
    "queued.max.messages.kbytes": 16_384,
}
LOOK_SECONDS = 0.1  # a pull that finds nothing returns, so that a new assignment need not wait

Records = dict[TP, list[ConsumerRecord]]


class Pull:
    """One topic's consumer, used in its own thread only."""

    def __init__(self, kafka: str, group: str, most: int) -> None:
        self._consumer = Consumer(reader(kafka, group, **FETCH) | {"error_cb": _count})
        self._most = most
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fetch")
        self._pulling: asyncio.Future[list[Message]] | None = None

    def begin(self, places: Iterable[TopicPartition]) -> None:
        """Goes on from these places and no others; what is on its way is not returned."""
        self._pulling = None
        self._thread.submit(self._consumer.assign, list(places))

    def pulling(self) -> "asyncio.Future[list[Message]]":
        """What comes next: of the pull that is on its way, or of a new one."""
        if self._pulling is None:
            self._pulling = asyncio.get_running_loop().run_in_executor(self._thread, self._pull)
        return self._pulling

    def taken(self) -> Records:
        """What the pull that is done has brought."""
        found, self._pulling = self._pulling, None
        return _by_partition(found.result()) if found is not None else {}

    def _pull(self) -> list[Message]:
        """One message as soon as it comes; more if they wait already."""
        first = self._consumer.poll(LOOK_SECONDS)
        if first is None:
            return []
        return [first, *self._consumer.consume(self._most - 1, timeout=0)]

    def end(self, partition: TopicPartition) -> int:
        """The partition's end as the last fetch told it; -1 before the first."""
        bounds = self._consumer.get_watermark_offsets(partition, cached=True)
        return bounds[1] if bounds else -1

    def close(self) -> None:
        """Lets the connections go."""
        self._thread.submit(self._consumer.close)
        self._thread.shutdown(wait=False)


class Fetching:
    """The pulls of all topics that a worker consumes."""

    def __init__(self, kafka: str, group: str, most: int) -> None:
        self._how = (kafka, group, most)
        self._pulls: dict[str, Pull] = {}

    def begin(self, committed: Mapping[TP, int | None]) -> None:
        """Fetches these partitions from what was committed of each, from now on."""
        by_topic: defaultdict[str, list[TopicPartition]] = defaultdict(list)
        for tp, offset in committed.items():
            start = offset if offset and offset > 0 else OFFSET_BEGINNING
            by_topic[tp.topic].append(TopicPartition(tp.topic, tp.partition, start))
        for topic in by_topic.keys() | self._pulls.keys():
            self._of(topic).begin(by_topic.get(topic, []))

    async def next(
        self,
        topics: Collection[str],
        timeout: float,  # noqa: ASYNC109
        changed: asyncio.Event,
    ) -> Records:
        """The records of these topics that are there first.

        Nothing after `timeout` seconds, or when `changed` says that other topics may be asked for.
        """
        pulls = {self._of(topic).pulling(): self._of(topic) for topic in topics}
        told = asyncio.ensure_future(changed.wait())
        first: list[asyncio.Future[Any]] = [told, *pulls]
        await asyncio.wait(first, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        found: Records = {}
        for pulled, pull in pulls.items():
            if pulled.done():
                found |= pull.taken()
        return found

    def end(self, topic: str, partition: int) -> int:
        """The partition's end as the last fetch told it; -1 if none has."""
        return self._of(topic).end(TopicPartition(topic, partition))

    def close(self) -> None:
        """Lets all connections go."""
        for pull in self._pulls.values():
            pull.close()
        self._pulls.clear()

    def _of(self, topic: str) -> Pull:
        if topic not in self._pulls:
            self._pulls[topic] = Pull(*self._how)
        return self._pulls[topic]


def _count(error: KafkaError) -> None:
    """Librdkafka goes on by itself; that it had to is worth knowing."""
    log.warning("fetching: %s", error)
    KAFKA_ERRORS.labels("consumer").inc()


def _by_partition(messages: Iterable[Message]) -> Records:
    found: defaultdict[TP, list[ConsumerRecord]] = defaultdict(list)
    for message in messages:
        error = message.error()
        if error is None:
            record = _record(message)
            found[TP(record.topic, record.partition)].append(record)
        else:
            _count(error)
    return dict(found)


def _record(message: Message) -> ConsumerRecord:
    """As Faust and the desks know it: aiokafka's."""
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
