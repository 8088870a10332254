"""How far the workers are behind the log."""

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.kafka.client_config import TO_THE_END, reader
from streams.kafka.log_reader import bounds
from streams.kafka.partitions import numbers
from streams.kafka.topics import BALLS, LABELS, real_name
from streams.settings import Settings


class Lag:
    """Asks whether all that was in the log when it was made has been worked on."""

    def __init__(self, settings: Settings) -> None:
        names = [real_name(topic, settings) for topic in (BALLS, LABELS)]
        self._consumer = Consumer(reader(settings.kafka_access, settings.group, **TO_THE_END))
        places = [TopicPartition(n, p) for n in names for p in numbers(self._consumer, n)]
        self._ends = {(p.topic, p.partition): bounds(self._consumer, p)[1] for p in places}
        self._places = places

    def __call__(self) -> bool:
        try:
            found = self._consumer.committed(self._places, timeout=5.0)
        except KafkaException:
            return False
        done = all(max(p.offset, 0) >= self._ends[p.topic, p.partition] for p in found)
        if done:
            self._consumer.close()
        return done
