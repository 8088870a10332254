"""A whole cluster in memory: what is on each partition of each topic, for readers of the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from streams.kafka.log_reader import LogReader

Record = tuple[bytes, bytes]  # key and value
APPENDED = 1_700_000_000_000  # ms; the message at offset n came n ms later


@dataclass(frozen=True)
class Held:
    """A message as the log reader gives it."""

    at: int
    record: Record

    def offset(self) -> int:
        return self.at

    def timestamp(self) -> tuple[int, int]:
        return 2, APPENDED + self.at

    def key(self) -> bytes:
        return self.record[0]

    def value(self) -> bytes:
        return self.record[1]

    def headers(self) -> None:
        return None


class MemoryLog(LogReader):
    """Reads topics of one partition that a test has filled; `log` is the id of all of them."""

    def __init__(self, topics: Mapping[str, tuple[Record, ...]], log: str = "") -> None:
        self.topics = dict(topics)
        self._log = log

    def changed(self, topic: str, offset: int, record: Record) -> "MemoryLog":
        """The same log but for one message."""
        held = self.topics[topic]
        return MemoryLog(
            self.topics | {topic: (*held[:offset], record, *held[offset + 1 :])}, self._log
        )

    def topic_id(self, topic: str) -> str:
        del topic
        return self._log

    def partitions(self, topic: str) -> list[int]:
        del topic
        return [0]

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        del partition
        return 0, len(self.topics.get(topic, ()))

    def read(self, topic: str, partition: int, start: int, stop: int) -> Iterator[Held]:  # type: ignore[override]
        del partition
        held = [Held(at, record) for at, record in enumerate(self.topics.get(topic, ()))]
        return iter(held[max(start, 0) : stop])
