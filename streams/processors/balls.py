"""A worker's processor of `cricket.balls`: the partitions that it is assigned, batch by batch."""

import time
from collections.abc import Sequence

from streams.kafka.producer import TooLargeError
from streams.kafka.record import Record
from streams.messages.source import Source
from streams.observability import counters
from streams.observability.tracing import BatchTrace
from streams.pipeline.effects import Effects, Received, receive
from streams.processors.ball_partition import BallPartition, take_over
from streams.processors.log_lines import log_effects
from streams.processors.services import Services


class BallProcessor:
    """Owns the live matches of the partitions that this worker was assigned."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._partitions: dict[int, BallPartition] = {}

    def reassigned(self) -> None:
        """Forget everything: after a rebalance another worker may own the matches."""
        for partition in self._partitions.values():
            partition.close()
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> Effects:
        """Process a batch of one partition; return its effects once they are acknowledged."""
        services = self._services
        self._owner(records[0].partition, records[0].offset)
        began = time.perf_counter()
        with services.computing:
            batch = [receive_record(record) for record in records]
            counters.count_received(batch)
            trace = None if services.tracing is None else services.tracing.batch(records)
        effects = self._effects(batch, trace)
        if trace is not None:
            trace.finish()
        seconds = time.perf_counter() - began
        with services.computing:
            counters.count_batch(effects, records[0].partition, records, seconds, time.time())
            log_effects(effects, batch)
        return effects

    def _effects(self, batch: Sequence[Received], trace: BatchTrace | None) -> Effects:
        """The effects of a batch, once they are acknowledged.

        A topic that takes less than it was thought to is noted by its producer, which writes no
        more; the partition is taken over again, and what was written is not written twice.
        """
        first = batch[0].source
        while True:
            try:
                return self._owner(first.partition, first.offset).handle(batch, trace)
            except TooLargeError:
                self._partitions.pop(first.partition).close()

    def _owner(self, partition: int, first: int) -> BallPartition:
        """The partition, taken over if this worker does not have it yet."""
        if partition not in self._partitions:
            self._partitions[partition] = take_over(self._services, partition, first)
        return self._partitions[partition]


def receive_record(record: Record) -> Received:
    """The consumer's record in the form that the pipeline takes."""
    source = Source(record.topic, record.partition, record.offset)
    return receive(record.key, record.value, source)
