"""Latency from append to append, by Kafka's own timestamps of a ball and of its prediction."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from confluent_kafka import Message

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.messages.predictions import Prediction
from streams.messages.source import Source
from streams.settings import Settings


class _Sourced(msgspec.Struct):
    match_id: str
    source: Source
    type: str


class Answered(NamedTuple):
    """When a ball and its prediction were appended, in ms since 1970."""

    ball: int
    prediction: int
    match_id: str


_DECODER = msgspec.json.Decoder(_Sourced)
_PREDICTION = Prediction.__struct_config__.tag  # nothing else on the topic answers a ball


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles in milliseconds, and the number of predictions behind them."""

    p50: float
    p95: float
    p99: float
    count: int


def latencies(settings: Settings) -> list[int]:
    """Return milliseconds from each ball's append to its prediction's, in order of the balls."""
    return [each.prediction - each.ball for each in sorted(answered(settings))]


def answered(settings: Settings) -> Iterator[Answered]:
    """Yield when each ball and its prediction were appended, read from both topics afterwards."""
    log = LogReader(settings.kafka_access)
    for partition in log.partitions(real_name(BALLS, settings)):
        appended = dict(_times(log.read_all(real_name(BALLS, settings), partition)))
        for message in log.read_all(real_name(PREDICTIONS, settings), partition):
            made = _DECODER.decode(message.value() or b"")
            ball = appended.get(made.source.offset)
            if ball is None or made.source.appended not in {0, ball}:  # another log's ball
                continue
            if made.type == _PREDICTION:
                yield Answered(ball, message.timestamp()[1], made.match_id)


def balls_a_second(answers: Iterable[Answered], matches: Collection[str]) -> float:
    """Return the pace of some matches, from the first ball's append to the last forecast's."""
    some = [a for a in answers if a.match_id in matches]
    if not some:
        return 0.0
    milliseconds = max(a.prediction for a in some) - min(a.ball for a in some)
    return len(some) / max(milliseconds, 1) * 1_000


def _times(messages: Iterable[Message]) -> Iterable[tuple[int, int]]:
    return ((m.offset() or 0, m.timestamp()[1]) for m in messages)


def percentiles(milliseconds: list[int]) -> Latency:
    """Return the percentiles of latencies; all zero when there are none."""
    ordered = sorted(milliseconds) or [0]
    p50, p95, p99 = (
        float(ordered[min(int(len(ordered) * q), len(ordered) - 1)]) for q in (0.50, 0.95, 0.99)
    )
    return Latency(p50, p95, p99, len(milliseconds))
