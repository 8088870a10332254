"""Topics read from their beginning and followed, outside every consumer group."""

from collections.abc import Callable, Iterator
from typing import Self

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from streams.kafka.client_config import reader
from streams.kafka.log_reader import bounds
from streams.kafka.topics import Topic, real_name
from streams.settings import Settings

ANSWER_SECONDS = 10.0


class Tail:
    """A reader of whole topics: what they hold and what is appended, each message once."""

    def __init__(self, settings: Settings, *topics: Topic, from_end: bool = False) -> None:
        self._consumer = Consumer(
            reader(settings.kafka, "overcast-tail") | {"fetch.wait.max.ms": 50}
        )
        names = [real_name(topic, settings) for topic in topics]
        places = [place for name in names for place in self._partitions(name)]
        start = self._end if from_end else self._beginning
        self._consumer.assign([start(place) for place in places])

    def _partitions(self, name: str) -> list[TopicPartition]:
        found = self._consumer.list_topics(name, timeout=ANSWER_SECONDS).topics[name]
        if found.error is not None:
            raise KafkaException(found.error)
        return [TopicPartition(name, partition) for partition in found.partitions]

    def _beginning(self, place: TopicPartition) -> TopicPartition:
        return TopicPartition(place.topic, place.partition, bounds(self._consumer, place)[0])

    def _end(self, place: TopicPartition) -> TopicPartition:
        return TopicPartition(place.topic, place.partition, bounds(self._consumer, place)[1])

    def poll(self, seconds: float) -> Message | None:
        """The next message, None if none came in time."""
        message = self._consumer.poll(seconds)
        if message is not None and message.error():
            raise KafkaException(message.error())
        return message

    def until(self, finished: Callable[[], bool], seconds: float = 0.1) -> Iterator[Message]:
        """Messages as they come, until `finished`; it is asked after each and while none comes."""
        while not finished():
            message = self.poll(seconds)
            if message is not None:
                yield message

    def close(self) -> None:
        """Leaves the brokers."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
