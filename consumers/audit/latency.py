"""Latency from append to append, by Kafka's own timestamps of a ball and of its prediction."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from confluent_kafka import Message

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.messages.predictions import Prediction
from streams.messages.source import Source
from streams.settings import Settings


class _Sourced(msgspec.Struct):
    source: Source
    type: str


_DECODER = msgspec.json.Decoder(_Sourced)
_PREDICTION = Prediction.__struct_config__.tag  # nothing else on the topic answers a ball


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles in milliseconds, and the number of predictions behind them."""

    p50: float
    p95: float
    p99: float
    count: int


def latency(settings: Settings) -> Latency:
    """Return the latency of all predictions in the log, read from both topics after the fact."""
    return percentiles(latencies(settings))


def latencies(settings: Settings) -> list[int]:
    """Return milliseconds from each ball's append to its prediction's, in order of the balls."""
    log = LogReader(settings.kafka)
    times: list[tuple[int, int]] = []  # appended: the ball, its prediction
    for partition in log.partitions(real_name(BALLS, settings)):
        appended = dict(_times(log.read_all(real_name(BALLS, settings), partition)))
        for message in log.read_all(real_name(PREDICTIONS, settings), partition):
            made = _DECODER.decode(message.value() or b"")
            ball = appended.get(made.source.offset)
            if ball is None or made.source.appended not in {0, ball}:  # another log's ball
                continue
            if made.type == _PREDICTION:
                times.append((ball, message.timestamp()[1]))
    return [predicted - ball for ball, predicted in sorted(times)]


def _times(messages: Iterable[Message]) -> Iterable[tuple[int, int]]:
    return ((m.offset() or 0, m.timestamp()[1]) for m in messages)


def percentiles(milliseconds: list[int]) -> Latency:
    """Return the percentiles of latencies; all zero when there are none."""
    ordered = sorted(milliseconds) or [0]
    p50, p95, p99 = (
        float(ordered[min(int(len(ordered) * q), len(ordered) - 1)]) for q in (0.50, 0.95, 0.99)
    )
    return Latency(p50, p95, p99, len(milliseconds))
