"""Batches of one partition of balls, as a plain confluent-kafka loop takes and commits them."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from confluent_kafka import Consumer, TopicPartition

from benchmarks.plain import Plain, receive
from streams.kafka.client_config import reader
from streams.kafka.topics import BALLS, real_name
from streams.settings import Settings


def batches(settings: Settings) -> Iterator[list[Plain]]:
    """Without end; a batch is committed when the next is asked for."""
    name, start = real_name(BALLS, settings), {"auto.offset.reset": "earliest"}
    consumer = Consumer(
        reader(settings.kafka_access, settings.group, **start, **{"fetch.wait.max.ms": 50})
    )
    consumer.subscribe([name])
    place = attrgetter("partition")
    while True:
        for partition, records in groupby(sorted(receive(consumer), key=place), place):
            listed = list(records)
            yield listed
            done = TopicPartition(name, partition, listed[-1].offset + 1)
            consumer.commit(offsets=[done], asynchronous=True)
