"""A worker's processor of `cricket.labels`: one learner for each label partition it is assigned."""

from collections.abc import Sequence

from streams.kafka.producer import TooLargeError
from streams.kafka.record import Record
from streams.models.registry import InstalledModels
from streams.pipeline.learn import LabelRecord
from streams.processors.interruption import Interruption
from streams.processors.label_partition import LabelPartition, take_over
from streams.processors.services import Services


class LabelProcessor:
    """Owns the learners of the label partitions that this worker was assigned."""

    def __init__(self, services: Services, models: InstalledModels) -> None:
        self._services = services
        self._models = models
        self._partitions: dict[int, LabelPartition] = {}
        self._interruption = Interruption()

    def give_up(self) -> None:
        """Interrupt what is learned again after a restart: the partitions are being taken away."""
        self._interruption.set()

    def reassigned(self) -> None:
        """Forget everything: the next owner continues from the states on the log."""
        self._partitions.clear()
        self._interruption.clear()

    def ready(self, partition: int) -> bool:
        """A label partition can always be claimed."""
        del partition
        return True

    def handle(self, records: Sequence[Record]) -> int:
        """Learn a batch of one partition; return how many labels were new."""
        first = records[0]
        labels = [LabelRecord(r.offset, r.value or b"", max(r.timestamp, 0)) for r in records]
        while True:
            try:
                return self._owner(first.partition, first.offset).handle(labels)
            except TooLargeError:  # its topic takes less than was thought; that is noted now
                del self._partitions[first.partition]

    def _owner(self, partition: int, first: int) -> LabelPartition:
        """The learner, taken over and brought up to its first label if it is not here yet."""
        owner = self._partitions.get(partition)
        if owner is None:
            owner = take_over(self._services, self._models, partition)
            owner.catch_up(first, self._interruption)
            self._partitions[partition] = owner
        return owner
