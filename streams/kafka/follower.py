"""Small topics read from their beginning and followed, in a thread of its own."""

import logging
import threading
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from streams.kafka.client_config import reader
from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.topics import Topic, real_name
from streams.settings import Settings

POLL_SECONDS = 0.5
RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)

Heard = Callable[[Message], None]


class Following:
    """Tells each message of some topics once, as long as the thread lives, to who wants it."""

    def __init__(self, settings: Settings, *heard: tuple[Topic, Heard]) -> None:
        self._kafka = settings.kafka
        self._heard = {real_name(topic, settings): hear for topic, hear in heard}
        self._places = [
            TopicPartition(real_name(topic, settings), number, 0)
            for topic, _ in heard
            for number in range(topic.partitions or settings.partitions)
        ]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="following", daemon=True)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        start = {"auto.offset.reset": "earliest"}  # what retention has taken is passed over
        consumer = Consumer(reader(self._kafka, "overcast-following", **start))
        consumer.assign(self._places)
        while not self._stop.is_set():
            message = consumer.poll(POLL_SECONDS)
            if message is None:
                continue
            try:
                self._tell(message)
            except KafkaException as error:
                KAFKA_ERRORS.labels("following").inc()
                log.warning("%s: %s", ", ".join(self._heard), error)
                self._stop.wait(RETRY_SECONDS)
        consumer.close()

    def _tell(self, message: Message) -> None:
        error = message.error()
        if error is not None:
            raise KafkaException(error)
        self._heard[message.topic() or ""](message)
