"""Producers of librdkafka whose `flush` means "written, or an error".

A transactional producer writes in transactions, and only the newest claimant of its name can
(ADR-14).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Self

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException, Message

from streams.access import KafkaAccess
from streams.kafka.client_config import ONE_A_BATCH, Setting, client
from streams.kafka.errors import RETRY_SECONDS, count, fatal, fences, is_coming
from streams.kafka.message import Headers, Outgoing
from streams.kafka.size_limits import likely_size
from streams.kafka.topics import LARGEST_MESSAGE

DELIVERY_SECONDS = 60.0
# Kafka asks to retry a transaction that follows the last one closely. librdkafka waits up to 100 ms
# before it does, which cost latency: measured 5.5 ms a transaction, 3.2 ms with this.
RETRY_MS = 5
# A new partition may ask for its first batch again, take the one that follows, and call the first a
# repetition when it comes: with five on their way 4 in 2,500 topics lost it without an error.
IN_FLIGHT = 1

Delivered = Callable[[KafkaError | None, Message], None]


class FencedError(RuntimeError):
    """Another worker has claimed what this one was writing; nothing more of it may be written."""


class DeliveryError(RuntimeError):
    """Kafka did not take a message; nothing that depends on it may be committed."""


class TooLargeError(DeliveryError):
    """A topic does not take a message of this size (of a batch, as it was compressed)."""

    def __init__(self, topic: str, size: int) -> None:
        super().__init__(f"{topic} does not take {size} bytes")
        self.topic = topic
        self.size = size


class Producer:
    """Sends messages in order and knows when all of them are written."""

    def __init__(
        self, access: KafkaAccess, linger_ms: int = 5, more: Mapping[str, Setting] | None = None
    ) -> None:
        self._access = access
        self._failure: KafkaError | None = None
        self._settings = (
            client(access)
            | {
                "enable.idempotence": True,
                "max.in.flight.requests.per.connection": IN_FLIGHT,
                "compression.type": "zstd",  # half the size of lz4's, as fast
                "linger.ms": linger_ms,  # a flush does not wait for it
                "message.max.bytes": LARGEST_MESSAGE,
                "queue.buffering.max.messages": 200_000,
                "queue.buffering.max.kbytes": 32_768,  # then `send` waits; librdkafka's is 1 GB
                "partitioner": "murmur2_random",  # Java's clients put a key into the same partition
                "error_cb": count,
            }
            | dict(more or {})
        )

    @cached_property
    def _producer(self) -> confluent_kafka.Producer:
        """The client, which connects with the first message."""
        return confluent_kafka.Producer(self._settings)

    def claim(self, name: str) -> "Producer":
        """The one producer of a name: whoever claimed the name before can write no more."""
        producer = TransactionalProducer(self._access, name)
        producer.take_over()
        return producer

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int = -1,
        headers: Headers | None = None,
    ) -> None:
        """Queue a message; wait while the queue is full."""
        self._queue(Outgoing(topic, key, value, partition, headers), self._delivered)

    def _queue(self, message: Outgoing, delivered: Delivered) -> None:
        deadline = time.monotonic() + DELIVERY_SECONDS
        while True:
            try:
                self._producer.produce(
                    message.topic,
                    message.value,
                    message.key,
                    partition=message.partition,
                    on_delivery=delivered,
                    headers=message.headers,
                )
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                if error.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE:
                    raise TooLargeError(message.topic, likely_size(message)) from error
                if not is_coming(error) or time.monotonic() > deadline:
                    raise
                self._producer.poll(RETRY_SECONDS)
            except SystemError as error:
                raise DeliveryError(fatal(error)) from error
            else:
                self._producer.poll(0)
                return

    def write(self, messages: Iterable[Outgoing]) -> None:
        """Send messages and return when Kafka has written these, whatever else is on its way.

        TooLargeError if one is larger than its topic takes: the others may have been written.
        """
        errors: list[DeliveryError] = []
        for message in messages:
            self._queue(message, partial(_note, errors, message))
        left = self._flushed()
        if errors:
            raise errors[0]
        if left:
            raise DeliveryError(f"{left} messages unacknowledged after {DELIVERY_SECONDS} s")

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        self._failure = error or self._failure

    def _flushed(self) -> int:
        """How many messages are left after a flush; DeliveryError if the producer has ended."""
        try:
            return self._producer.flush(DELIVERY_SECONDS)
        except SystemError as error:
            raise DeliveryError(fatal(error)) from error

    def flush(self) -> None:
        """Return when everything sent is written; DeliveryError if something was not."""
        left = self._flushed()
        if left or self._failure is not None:
            reason = self._failure or f"{left} messages unacknowledged after {DELIVERY_SECONDS} s"
            raise DeliveryError(f"Kafka did not take a message: {reason}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *details: object) -> None:
        if kind is None:
            self.flush()
        else:
            self._producer.purge()


def _note(
    errors: list[DeliveryError], sent: Outgoing, error: KafkaError | None, _: Message
) -> None:
    """Note the failure of a message, if it failed."""
    if error is not None:
        errors.append(_failure(error, sent))


def _failure(error: KafkaError, message: Outgoing) -> DeliveryError:
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        return TooLargeError(message.topic, likely_size(message))
    return DeliveryError(f"Kafka did not take a message: {error}")


class TransactionalProducer(Producer):
    """Writes what is sent between two flushes in one transaction: all of it, or nothing.

    Kafka refuses the transactions of an earlier claimant of the name, whatever it was writing when
    it was taken for dead. Readers that set `read_committed` see nothing of a transaction that was
    not committed.
    """

    def __init__(self, access: KafkaAccess, name: str) -> None:
        more: dict[str, Setting] = {"transactional.id": name, "retry.backoff.ms": RETRY_MS}
        super().__init__(access, more=more | ONE_A_BATCH)
        self._name = name
        self._open = False

    def take_over(self) -> None:
        """Claim the name: from now on an earlier claimant is refused."""
        # It connects; otherwise the claim waits for a timer.
        self._producer.list_topics(timeout=DELIVERY_SECONDS)
        self._retry(lambda: self._producer.init_transactions(DELIVERY_SECONDS))

    def _queue(self, message: Outgoing, delivered: Delivered) -> None:
        self._begin()
        super()._queue(message, delivered)

    def flush(self) -> None:
        """Commit the transaction; FencedError if another worker has claimed the name."""
        if not self._open:
            return
        try:
            super().flush()
        except DeliveryError as error:
            if isinstance(error.__cause__, SystemError):
                raise FencedError(f"{self._name}: the producer has ended") from error
            if self._failure is not None and fences(self._failure):
                raise FencedError(f"{self._name}: {self._failure}") from None
            raise
        self._retry(lambda: self._producer.commit_transaction(DELIVERY_SECONDS))
        self._open = False

    def write(self, messages: Iterable[Outgoing]) -> None:
        """Write messages in one transaction.

        After TooLargeError the name has to be claimed again, which ends the transaction unwritten.
        (librdkafka's abort purges messages of the next transaction too.)
        """
        super().write(messages)
        self.flush()

    def _begin(self) -> None:
        if not self._open:
            self._retry(self._producer.begin_transaction)
        self._open = True

    def _retry(self, step: Callable[[], None]) -> None:
        """Take a step of a transaction, again and again as long as Kafka may still answer."""
        deadline = time.monotonic() + DELIVERY_SECONDS
        while True:
            try:
                step()
            except KafkaException as error:
                reason: KafkaError = error.args[0]
                if reason.retriable() and time.monotonic() < deadline:
                    continue
                if fences(reason):
                    raise FencedError(f"{self._name}: {reason}") from error
                raise DeliveryError(f"Kafka did not take a transaction: {reason}") from error
            else:
                return
