"""A log in memory: messages at offsets, each with the time of its append."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from streams.kafka.log_reader import LogReader


@dataclass(frozen=True)
class Kept:
    """A message as the log reader gives it."""

    at: int
    appended: int
    body: bytes = b""
    named: tuple[tuple[str, bytes], ...] = ()

    def offset(self) -> int:
        return self.at

    def timestamp(self) -> tuple[int, int]:
        return 2, self.appended

    def value(self) -> bytes:
        return self.body

    def key(self) -> None:
        return None

    def headers(self) -> list[tuple[str, bytes]]:
        return list(self.named)


class FourPartitions(LogReader):
    """A cluster whose topics have four partitions and ids that nobody knows."""

    def topic_id(self, topic: str) -> str:
        del topic
        return ""

    def partitions(self, topic: str) -> list[int]:
        del topic
        return [0, 1, 2, 3]


class KeptLog(LogReader):
    """One partition; `times` are the appends of its messages by offset, in order."""

    def __init__(
        self, times: Mapping[int, int], low: int = 0, high: int | None = None, log: str = "now"
    ) -> None:
        self._log = log
        self.reads: list[tuple[int, int]] = []
        self._times = times
        self._bounds = low, max(times, default=low - 1) + 1 if high is None else high

    def topic_id(self, topic: str) -> str:
        del topic
        return self._log

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        del topic, partition
        return self._bounds

    def read(self, topic: str, partition: int, start: int, stop: int) -> Iterator[Kept]:  # type: ignore[override]
        del topic, partition
        self.reads.append((start, stop))
        return (Kept(at, time) for at, time in self._times.items() if start <= at < stop)


class OnePartition:
    """Topics of one partition from memory, in place of a log reader and of its class."""

    def __init__(self, topics: Mapping[str, list[bytes]], *, step: int = 1) -> None:
        self.topics = dict(topics)
        self._step = step  # ms between two messages

    def __call__(self, access: object) -> Self:
        del access
        return self

    def topic_id_now(self, topic: str) -> str:
        del topic
        return "now"

    def partitions(self, topic: str) -> list[int]:
        del topic
        return [0]

    def read_backwards(self, topic: str, partition: int, most: int) -> Iterator[Kept]:
        del partition, most
        return reversed(list(self.read_all(topic, 0)))

    def read_all(self, topic: str, partition: int) -> Iterator[Kept]:
        del partition
        late = 5 * (topic == "cricket.predictions")
        values = enumerate(self.topics.get(topic, ()))
        return (Kept(at, 1_000 + self._step * at + late, value) for at, value in values)
