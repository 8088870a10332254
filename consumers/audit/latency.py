"""Latency from append to append: Kafka's own times of a ball and of its prediction."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from confluent_kafka import Message

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.messages.source import Source
from streams.settings import Settings


class _Made(msgspec.Struct):
    source: Source


_MADE = msgspec.json.Decoder(_Made)


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles in milliseconds, and how many predictions they rest on."""

    p50: float
    p95: float
    p99: float
    count: int


def latency(settings: Settings) -> Latency:
    """Of all predictions in the log, read from both topics after the fact."""
    return percentiles(latencies(settings))


def latencies(settings: Settings) -> list[int]:
    """Milliseconds from each ball's append to its prediction's, in the order of the balls."""
    journal = LogReader(settings.kafka)
    found: list[tuple[int, int]] = []
    for partition in range(settings.partitions):
        appended = dict(_times(journal.read_all(real_name(BALLS, settings), partition)))
        for message in journal.read_all(real_name(PREDICTIONS, settings), partition):
            offset = _MADE.decode(message.value() or b"").source.offset
            found.append((appended[offset], message.timestamp()[1]))
    return [predicted - ball for ball, predicted in sorted(found)]


def _times(messages: Iterable[Message]) -> Iterable[tuple[int, int]]:
    return ((m.offset() or 0, m.timestamp()[1]) for m in messages)


def percentiles(found: list[int]) -> Latency:
    """The percentiles of latencies; zeros of none."""
    ordered = sorted(found) or [0]
    p50, p95, p99 = (
        float(ordered[min(int(len(ordered) * q), len(ordered) - 1)]) for q in (0.50, 0.95, 0.99)
    )
    return Latency(p50, p95, p99, len(found))
