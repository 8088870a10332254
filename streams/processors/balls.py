"""One worker's desk for `cricket.balls`: fetch what a batch needs, advance, send, remember.

The order is the guarantee (ADR-4): predictions are acknowledged by Kafka before the state is
written to Redis, and that before the offset is committed. Whatever is interrupted is done again
from the same state, and what had been sent already is not sent twice.
"""

import time
from collections.abc import Sequence

from streams.kafka.record import Record
from streams.messages.source import Source
from streams.observability import counters
from streams.pipeline.effects import Effects, Received, receive
from streams.processors.ball_partition import BallPartition
from streams.processors.log_lines import tell
from streams.processors.services import Services


class BallProcessor:
    """Owns the live matches of the partitions that this worker was assigned."""

    def __init__(self, tools: Services) -> None:
        self._tools = tools
        self._partitions: dict[int, BallPartition] = {}

    def reassigned(self) -> None:
        """Forgets everything: after a rebalance another worker may move the matches on."""
        for desk in self._partitions.values():
            desk.close()
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> Effects:
        """All effects of a batch of one partition, done and acknowledged."""
        with self._tools.turns.mine():
            return self._handle(records)

    def _handle(self, records: Sequence[Record]) -> Effects:
        first = records[0]
        desk = self._partitions.get(first.partition)
        if desk is None:
            with self._tools.turns.given_up():  # a takeover asks Kafka and Redis a lot
                desk = BallPartition(self._tools, first.partition, first.offset)
            self._partitions[first.partition] = desk
        began = time.perf_counter()
        batch = [received(record) for record in records]
        counters.received(batch)
        tracing = self._tools.tracing
        trace = None if tracing is None else tracing.batch(records)
        effects = desk.handle(batch, trace)
        if trace is not None:
            trace.finish()
        seconds = time.perf_counter() - began
        counters.worked(effects, first.partition, records, seconds, time.time())
        tell(effects, batch)
        return effects


def received(record: Record) -> Received:
    """The record, opened."""
    source = Source(record.topic, record.partition, record.offset)
    return receive(record.key, record.value, source)
