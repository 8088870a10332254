"""How far the workers are: ready to take balls, done with all of them."""

from typing import Any, Self

from confluent_kafka import Consumer, ConsumerGroupState, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.kafka.client_config import client, reader
from streams.kafka.log_reader import bounds
from streams.kafka.topics import BALLS, LABELS, Topic, real_name
from streams.settings import Settings

ANSWER_SECONDS = 10.0
LOOK_SECONDS = 1.0  # a group without a coordinator, as at a first start, gives no answer at all
NO_COORDINATOR_YET = {  # the group is being made, or moves between brokers
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
}


class WorkerGroup:
    """The workers' consumer group, looked at from outside."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = AdminClient(client(settings.kafka))
        self._consumer = Consumer(reader(settings.kafka, settings.group))

    def ready(self) -> bool:
        """Whether the group is settled and every partition of balls has an owner."""
        owned = set().union(*self.owners().values())
        return len(owned) == self._settings.partitions

    def owners(self) -> dict[str, set[int]]:
        """The partitions of balls by the member that owns them; empty while they are moved."""
        name, balls = self._settings.group, real_name(BALLS, self._settings)
        asked = self._admin.describe_consumer_groups([name], request_timeout=LOOK_SECONDS)
        try:
            found = asked[name].result()  # waited for: a client that goes before its answer hangs
        except KafkaException:  # its coordinator is busy, or not chosen yet
            return {}
        if found.state != ConsumerGroupState.STABLE:
            return {}
        return {member.member_id: _owned(member, balls) for member in found.members}

    def done(self) -> bool:
        """Whether every ball and every label in the log has been worked on and committed."""
        return all(self._done(topic) for topic in (BALLS, LABELS))

    def _done(self, topic: Topic) -> bool:
        name = real_name(topic, self._settings)
        places = [TopicPartition(name, number) for number in range(self._settings.partitions)]
        try:
            committed = self._consumer.committed(places, timeout=ANSWER_SECONDS)
        except KafkaException as error:
            if error.args[0].code() in NO_COORDINATOR_YET:
                return False
            raise
        return all(bounds(self._consumer, p)[1] <= max(p.offset, 0) for p in committed)

    def close(self) -> None:
        """Leaves the brokers, which must still be there: an orphaned admin client never ends."""
        self._consumer.close()
        del self._admin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _owned(member: Any, topic: str) -> set[int]:
    places = member.assignment.topic_partitions if member.assignment else ()
    return {place.partition for place in places if place.topic == topic}
