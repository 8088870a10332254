"""A producer that keeps what it is given, in place of Kafka."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streams.kafka.fenced_producer import OutputPartition
from streams.kafka.message import Headers, Outgoing
from streams.kafka.producer import Delivered, DeliveryError, Producer


@dataclass
class Sent:
    """A message as it was sent, and as Kafka gives it back."""

    to: str
    key_sent: bytes | None
    value_sent: bytes | None
    partition: int = -1
    headers_sent: Headers | None = None

    def value(self) -> bytes | None:
        return self.value_sent

    def headers(self) -> Headers | None:
        return self.headers_sent


class Recorder(Producer):  # what anybody may send, and what one owner may
    """Keeps what is sent; `flushed` notes how much had been sent at each flush."""

    def __init__(self, *, broken: bool = False) -> None:
        self.sent: list[Sent] = []
        self.flushed: list[int] = []
        self._broken = broken

    def claim(self, name: str, places: Sequence[OutputPartition]) -> "Recorder":
        self.claimed = (name, *places)
        return self

    def send_off(self) -> None:
        """Nothing waits here: it is kept as it comes."""

    def close(self) -> None:
        """Nothing is open."""

    def _queue(self, message: Outgoing, delivered: Delivered) -> None:
        del delivered
        self.sent.append(Sent(*message[:5]))

    def flush(self) -> None:
        self.flushed.append(len(self.sent))
        if self._broken:
            raise DeliveryError("no broker")

    def write(self, messages: Iterable[Outgoing]) -> None:
        for message in messages:
            self._queue(message, self._delivered)
        self.flush()

    def on(self, topic: str) -> list[Sent]:
        return [message for message in self.sent if message.to == topic]
