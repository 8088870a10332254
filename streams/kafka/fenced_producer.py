"""The producer of one partition's output: one writer at a time, no transaction a batch (ADR-15).

A claim takes a transactional id, whose epoch the broker raises for each claimant, and ends an empty
transaction on the partitions to be written, which marks them with the new epoch. From then on the
leader of a partition refuses what an earlier claimant sends. What is sent afterwards is idempotent
and carries the new epoch, but is no transaction: nothing is opened or ended.

The producer is aiokafka's, which Faust uses too: with librdkafka the claimant of a name can send
only in transactions. This relies on private names of aiokafka, which is pinned; conformance tests:
`tests/integration/test_one_writer.py`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, ProducerFenced
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import TopicPartition

from streams.access import KafkaAccess
from streams.kafka import event_loop
from streams.kafka.client_config import aiokafka_options
from streams.kafka.message import Headers, Outgoing
from streams.kafka.producer import DELIVERY_SECONDS, DeliveryError, FencedError, TooLargeError
from streams.kafka.size_limits import SizeLimits, largest_size
from streams.kafka.topics import LARGEST_MESSAGE

BATCH_BYTES = 1_000_000  # of a request for one partition; the broker takes LARGEST_MESSAGE
RETRY_MS = 20

OutputPartition = tuple[str, int]  # a topic and a partition


class ExclusiveProducer(Protocol):
    """A producer that has one owner at a time."""

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int,
        headers: Headers | None = None,
    ) -> None:
        """Queue a message for one of the claimed partitions."""

    def send_off(self) -> None:
        """Send what is queued, without waiting for an answer."""

    def flush(self) -> None:
        """Return when everything is written; FencedError if another worker has claimed the name."""

    def close(self) -> None:
        """Close the connections."""


ClaimProducer = Callable[
    [str, Sequence[OutputPartition]], ExclusiveProducer
]  # from its name and the partitions that it writes


def claim_producer(
    access: KafkaAccess,
    name: str,
    partitions: Sequence[OutputPartition],
    limits: SizeLimits = SizeLimits(),  # noqa: B008  Kafka's defaults
) -> "FencedProducer":
    """Claim a name and its partitions for a new producer; DeliveryError if that is impossible."""
    try:
        places = [TopicPartition(*partition) for partition in partitions]
        producer = event_loop.run(_claimed(access, name, places)).result(DELIVERY_SECONDS)
    except (KafkaError, TimeoutError) as error:
        raise DeliveryError(f"{name} could not be claimed: {error!r}") from error
    return FencedProducer(name, producer, limits)


class FencedProducer:
    """Writes to partitions in order; FencedError once another worker has claimed the name.

    Messages leave with `send_off`, and `flush` returns when all of them are written. Messages that
    fit their topic one by one are never refused as a batch, which holds no more than a topic takes.
    After TooLargeError the name has to be claimed again.
    """

    def __init__(self, name: str, producer: AIOKafkaProducer, limits: SizeLimits) -> None:
        self._name = name
        self._producer = producer
        self._limits = limits
        self._batches: list[tuple[OutputPartition, BatchBuilder]] = []
        self._open: dict[OutputPartition, BatchBuilder] = {}
        self._deliveries: list[Future[None]] = []

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int,
        headers: Headers | None = None,
    ) -> None:
        """Queue a message for one of the claimed partitions."""
        place, message = (topic, partition), Outgoing(topic, key, value, partition, headers)
        batch, limit = self._open.get(place), self._limits.of(topic)
        if batch is None or not _has_room(batch, message, limit) or not _appended(batch, message):
            batch = self._open[place] = self._producer.create_batch()
            self._batches.append((place, batch))
            _appended(batch, message)  # a batch takes one message of any size

    def send_off(self) -> None:
        """Send what is queued, without waiting for an answer."""
        if self._batches:
            self._deliveries.append(event_loop.run(_deliver(self._producer, self._batches)))
            self._batches, self._open = [], {}

    def flush(self) -> None:
        """Return when everything is written."""
        self.send_off()
        deliveries, self._deliveries = self._deliveries, []
        try:
            for delivery in deliveries:
                delivery.result(DELIVERY_SECONDS)
        except ProducerFenced as error:
            raise FencedError(f"{self._name} has been claimed by another worker") from error
        except TooLargeError as error:
            self._limits.lower(error.topic, error.size)
            raise
        except (KafkaError, TimeoutError) as error:
            raise DeliveryError(f"Kafka did not take a message: {error!r}") from error

    def close(self) -> None:
        """Close the connections; what was not flushed may be lost."""
        event_loop.run(self._producer.stop())


def _has_room(batch: BatchBuilder, message: Outgoing, limit: int) -> bool:
    """Whether a batch that gets a message too stays within a topic's limit."""
    return limit > BATCH_BYTES or batch.size() + largest_size(message) <= limit


def _appended(batch: BatchBuilder, message: Outgoing) -> bool:
    """Whether the message was added: a batch takes BATCH_BYTES."""
    headers = [
        (name, value.encode() if isinstance(value, str) else value)
        for name, value in message.headers or ()
    ]
    return (
        batch.append(timestamp=None, key=message.key, value=message.value, headers=headers)
        is not None
    )


async def _claimed(
    access: KafkaAccess, name: str, places: list[TopicPartition]
) -> AIOKafkaProducer:
    """A producer with an epoch of its own, once the partitions are marked with a new epoch.

    The broker ends a transaction before it writes the marks. The second login is answered only
    when they are written, and its epoch is higher than theirs.
    """
    first = await _login(access, name)
    try:
        await first.begin_transaction()
        for place in places:
            first._txn_manager.maybe_add_partition_to_txn(place)  # noqa: SLF001  see above
        await first.abort_transaction()
    finally:
        await first.stop()
    second = await _login(access, name)
    second._txn_manager.transactional_id = None  # noqa: SLF001  from here on idempotent only
    return second


async def _login(access: KafkaAccess, name: str) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(
        **aiokafka_options(access),
        transactional_id=name,
        compression_type="zstd",  # its lz4 is slow: it took a tenth of a batch's time
        max_batch_size=BATCH_BYTES,
        max_request_size=LARGEST_MESSAGE,
        retry_backoff_ms=RETRY_MS,
    )
    await producer.start()
    return producer


async def _deliver(
    producer: AIOKafkaProducer, batches: Iterable[tuple[OutputPartition, BatchBuilder]]
) -> None:
    """Hand batches over, those of one partition in order; return when all of them are written."""
    by_place: defaultdict[OutputPartition, list[BatchBuilder]] = defaultdict(list)
    for place, batch in batches:
        by_place[place].append(batch)
    await asyncio.gather(*(_write(producer, *place, own) for place, own in by_place.items()))


async def _write(
    producer: AIOKafkaProducer, topic: str, partition: int, batches: Iterable[BatchBuilder]
) -> None:
    """Write the batches of one partition; after one that is refused none may follow."""
    for batch in batches:
        try:
            await (await producer.send_batch(batch, topic, partition=partition))
        except MessageSizeTooLargeError as error:
            raise TooLargeError(topic, batch.size()) from error
