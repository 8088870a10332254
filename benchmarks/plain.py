"""The same worker without Faust: a confluent-kafka loop around the same desks.

`python -m benchmarks.plain`, configured like a worker. What differs from it is Faust and nothing
else: the same pipeline, Redis, labels, learner and snapshots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from confluent_kafka import Consumer, Message, TopicPartition

from streams.kafka.client_config import reader
from streams.kafka.topics import BALLS, LABELS, real_name
from streams.models.updates import ModelsFeed
from streams.processors.balls import BallProcessor
from streams.processors.labels import LabelProcessor
from streams.settings import Settings
from streams.worker import gc_tuning
from streams.worker.application import RECORDS_PER_FETCH, make_tools

POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
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
    """The message as a desk takes it."""
    place = (message.topic(), message.partition(), message.offset())
    return Plain(message.key(), message.value(), *place, (), message.timestamp()[1])


def main() -> None:
    """Consumes, lets the desks work, commits; until it is ended."""
    settings = Settings()
    tools, models = make_tools(settings)
    ModelsFeed(settings, models).start()
    desks = {
        real_name(BALLS, settings): BallProcessor(tools),
        real_name(LABELS, settings): LabelProcessor(tools, models),
    }
    start = {"auto.offset.reset": "earliest", "fetch.wait.max.ms": 50}
    gc_tuning.spare()
    consumer = Consumer(reader(settings.kafka, settings.group, **start))
    consumer.subscribe(list(desks))
    while True:
        batch = receive(consumer)
        place = attrgetter("topic", "partition")
        for (topic, partition), records in groupby(sorted(batch, key=place), place):
            listed = list(records)
            desks[topic].handle(listed)
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
    main()
