"""What leaves for Kafka: an idempotent producer whose `flush` means "written, or an error"."""

from typing import Self

from confluent_kafka import KafkaError, Message, Producer

from streams.clients import client
from streams.telemetry import KAFKA_ERRORS
from streams.topics import LARGEST_MESSAGE

Headers = list[tuple[str, str | bytes | None]]
DELIVERY_SECONDS = 60.0


class DeliveryError(RuntimeError):
    """Kafka did not take a message; nothing may be committed that rests on it."""


class Outbox:
    """Sends messages in order and knows when all of them are written."""

    def __init__(self, kafka: str, linger_ms: int = 5) -> None:
        self._failure: KafkaError | None = None
        self._producer = Producer(
            client(kafka)
            | {
                "enable.idempotence": True,
                "compression.type": "lz4",
                "linger.ms": linger_ms,  # a flush does not wait for it
                "message.max.bytes": LARGEST_MESSAGE,
                "queue.buffering.max.messages": 200_000,
                "partitioner": "murmur2_random",  # where Java's clients put the same key
                "error_cb": _count,
            }
        )

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int = -1,
        headers: Headers | None = None,
    ) -> None:
        """Queues a message; waits while the queue is full."""
        while True:
            try:
                self._producer.produce(
                    topic,
                    value,
                    key,
                    partition=partition,
                    on_delivery=self._delivered,
                    headers=headers,
                )
            except BufferError:
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        del message
        self._failure = error or self._failure

    def flush(self) -> None:
        """Returns when everything sent is written; DeliveryError if something was not."""
        left = self._producer.flush(DELIVERY_SECONDS)
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


def _count(error: KafkaError) -> None:
    """Librdkafka goes on by itself; that it had to is worth knowing."""
    del error
    KAFKA_ERRORS.labels("producer").inc()
