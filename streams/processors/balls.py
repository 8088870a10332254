"""A worker's processor of `cricket.balls`: the partitions that it is assigned, batch by batch."""

import logging
import time
from collections.abc import Sequence

from confluent_kafka import KafkaException

from streams.kafka.partitions import ANSWERS, PartitionsError, match_answers
from streams.kafka.producer import TooLargeError
from streams.kafka.record import Record
from streams.kafka.topics import real_name
from streams.messages.source import Source
from streams.observability import counters
from streams.observability.tracing import BatchTrace
from streams.pipeline.effects import Effects, Received, receive
from streams.processors.ball_partition import BallPartition
from streams.processors.interruption import GivenUpError, Interruption
from streams.processors.log_lines import log_effects
from streams.processors.publisher import claim_publisher
from streams.processors.services import Services

WAIT_SECONDS = 5.0  # for an administrator who adds what is missing

log = logging.getLogger(__name__)


class BallProcessor:
    """Owns the live matches of the partitions that this worker was assigned."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._partitions: dict[int, BallPartition] = {}
        self._interruption = Interruption()

    def give_up(self) -> None:
        """Interrupt recoveries: the partitions are being taken away."""
        self._interruption.set()

    def reassigned(self) -> None:
        """Forget everything: after a rebalance another worker may own the matches."""
        for partition in self._partitions.values():
            partition.close()
        self._partitions.clear()
        self._interruption.clear()

    def ready(self, partition: int) -> bool:
        """Whether the topics of answers have this partition, or have it from now on."""
        try:
            if any(partition not in there for there in self._answer_partitions()):
                match_answers(self._services.settings)
        except (PartitionsError, KafkaException) as error:
            log.error("partition %s waits: %s", partition, error)  # noqa: TRY400
            time.sleep(WAIT_SECONDS)
            return False
        return True

    def _answer_partitions(self) -> list[list[int]]:
        settings, log_reader = self._services.settings, self._services.log_reader
        return [log_reader.partitions(real_name(topic, settings)) for topic in ANSWERS]

    def handle(self, records: Sequence[Record]) -> Effects:
        """Process a batch of one partition; return its effects once they are acknowledged."""
        services, first = self._services, records[0]
        self._owner(first.partition, first.offset)
        log_id = services.log_reader.topic_id(first.topic)  # asked of Kafka once
        began = time.perf_counter()
        with services.computing:
            batch = [receive_record(record, log_id) for record in records]
            counters.count_received(batch)
            trace = None if services.tracing is None else services.tracing.batch(records)
        effects = self._effects(batch, trace)
        if trace is not None:
            trace.finish()
        seconds = time.perf_counter() - began
        with services.computing:
            counters.count_batch(effects, first.partition, records, seconds, time.time())
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
        """The partition, taken over if this worker does not have it yet, or if its log is new.

        A log that begins again, or was cut, comes with offsets that were handled before.
        """
        owner = self._partitions.get(partition)
        if owner is not None and first <= owner.last:
            owner.close()
            owner = None
        if owner is None:
            owner = take_over(self._services, partition, first, self._interruption)
            self._partitions[partition] = owner
        return owner


def take_over(
    services: Services, partition: int, first: int, interruption: Interruption
) -> BallPartition:
    """Claim a partition of which this worker handles the messages from offset `first` on.

    GivenUpError if it is taken away before it is recovered.
    """
    publisher = claim_publisher(services, partition)
    lease = services.store.claim(partition)
    owner = BallPartition(services, partition, publisher, lease, interruption)
    try:
        owner.catch_up(first)
    except GivenUpError:
        owner.close()
        raise
    return owner


def receive_record(record: Record, log_id: str = "") -> Received:
    """The consumer's record in the form that the pipeline takes."""
    source = Source(record.topic, record.partition, record.offset, max(record.timestamp, 0), log_id)
    return receive(record.key, record.value, source)
