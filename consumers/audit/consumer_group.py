"""The progress of the workers: whether they are ready for balls, and done with all of them."""

from functools import cached_property
from typing import Self

from confluent_kafka import Consumer, KafkaException, TopicPartition

from consumers.audit.group_members import GroupMembers
from streams.kafka.client_config import TO_THE_END, reader
from streams.kafka.errors import is_coming
from streams.kafka.log_reader import bounds
from streams.kafka.partitions import numbers
from streams.kafka.topics import BALLS, LABELS, ORDERS, Topic, real_name
from streams.settings import Settings

ANSWER_SECONDS = 10.0


class WorkerGroup:
    """The workers' consumer group, observed from outside."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._members = GroupMembers(settings.kafka_access, settings.group)

    @cached_property
    def _consumer(self) -> Consumer:
        """The client for offsets, which connects when it is first needed; it joins no group."""
        return Consumer(reader(self._settings.kafka_access, self._settings.group, **TO_THE_END))

    def ready(self) -> bool:
        """Return whether the group is stable and every partition of balls has an owner."""
        owned = set().union(*self.owners().values())
        if not owned:  # perhaps there is no topic yet
            return False
        return owned == set(numbers(self._consumer, real_name(BALLS, self._settings)))

    def owners(self) -> dict[str, set[int]]:
        """Return the partitions of balls by their owner; empty while the group rebalances."""
        return self._members.owners(real_name(BALLS, self._settings))

    def done(self) -> bool:
        """Return whether every ball, order and label in the log has been worked on."""
        return all(self.left(topic) == 0 for topic in (BALLS, ORDERS, LABELS))

    def left(self, topic: Topic) -> int | None:
        """Return how many messages of a topic are not committed; None if nobody can say now."""
        name = real_name(topic, self._settings)
        try:
            places = [TopicPartition(name, number) for number in numbers(self._consumer, name)]
            committed = self._consumer.committed(places, timeout=ANSWER_SECONDS)
            return sum(_left(p.offset, *bounds(self._consumer, p)) for p in committed)
        except KafkaException as error:
            if is_coming(error):  # the group is being made, or moves between brokers
                return None
            raise

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()
        self._members.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _left(committed: int, low: int, high: int) -> int:
    """Return how many messages are left; a commit beyond the end is of a log that is gone."""
    return high - max(committed, low) if committed <= high else high - low
