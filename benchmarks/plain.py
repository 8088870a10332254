"""The same worker without Faust: a confluent-kafka loop around the same processors.

`python -m benchmarks.plain`, configured like a worker. What differs from it is Faust and nothing
else: the same pipeline, Redis, labels, orders, learner and snapshots. It is the way out of
ADR-24, too.
"""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from threading import Event

from confluent_kafka import Consumer, Message, TopicPartition

from learning.starter import load_starter
from streams.failure import run
from streams.kafka.client_config import Setting, reader
from streams.kafka.topics import BALLS, LABELS, ORDERS, real_name
from streams.models.registry import InstalledModels
from streams.models.updates import ModelsFeed
from streams.processors.balls import BallProcessor
from streams.processors.labels import LabelProcessor
from streams.processors.orders import OrderProcessor
from streams.settings import Settings
from streams.worker import gc_tuning
from streams.worker.application import RECORDS_PER_FETCH, make_services

POLL_SECONDS = 0.05

Processor = BallProcessor | LabelProcessor | OrderProcessor


@dataclass(slots=True)
class Plain:
    """A message of confluent-kafka with the names of aiokafka's."""

    key: bytes | None
    value: bytes | None
    topic: str
    partition: int
    offset: int
    headers: Sequence[tuple[str, bytes]]
    timestamp: int


def plain(message: Message) -> Plain:
    """The message as a processor takes it."""
    place = (message.topic() or "", message.partition() or 0, message.offset() or 0)
    return Plain(message.key(), message.value(), *place, (), message.timestamp()[1])


def main() -> None:
    """Consumes, lets the processors work, commits; until TERM comes, which leaves the group."""
    settings = Settings()
    processors = processors_of(settings)
    start: dict[str, Setting] = {"auto.offset.reset": "earliest", "fetch.wait.max.ms": 50}
    gc_tuning.tune()
    consumer = Consumer(reader(settings.kafka_access, settings.group, **start))
    stopped = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())

    def reassigned(*_: object) -> None:
        for processor in processors.values():
            processor.reassigned()

    consumer.subscribe(list(processors), on_assign=reassigned, on_revoke=reassigned)
    while not stopped.is_set():
        work(receive(consumer), consumer, processors)
    consumer.close()


def processors_of(settings: Settings) -> dict[str, Processor]:
    """A worker's processors by their topics."""
    models = InstalledModels(load_starter())
    services = make_services(settings, models)
    ModelsFeed(settings, models).start()
    return {
        real_name(BALLS, settings): BallProcessor(services),
        real_name(LABELS, settings): LabelProcessor(services, models),
        real_name(ORDERS, settings): OrderProcessor(services),
    }


def work(batch: list[Plain], consumer: Consumer, processors: Mapping[str, Processor]) -> None:
    """One batch, partition by partition: its effects first, then its offsets."""
    place = attrgetter("topic", "partition")
    for (topic, partition), records in groupby(sorted(batch, key=place), place):
        listed = list(records)
        processors[topic].handle(listed)
        done = TopicPartition(topic, partition, listed[-1].offset + 1)
        consumer.commit(offsets=[done], asynchronous=True)


def receive(consumer: Consumer) -> list[Plain]:
    """What is there: one message at once when it comes, more if they wait already."""
    first = consumer.poll(POLL_SECONDS)
    if first is None:
        return []
    waiting = consumer.consume(RECORDS_PER_FETCH, timeout=0)
    return [plain(m) for m in (first, *waiting) if not m.error()]


if __name__ == "__main__":
    run(main, kafka=True)
