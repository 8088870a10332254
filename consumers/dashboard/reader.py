"""The thread that reads the topics into the live page and resumes when Kafka comes back."""

import logging
import threading
import time
from collections.abc import Iterator

from confluent_kafka import KafkaException, Message

from consumers.dashboard.content.state import DRIFT, METRICS, PREDICTIONS, PageMessage
from consumers.dashboard.live import LIVE, UNREACHABLE, Live
from streams.kafka import topics
from streams.kafka.follower import Follower
from streams.settings import Settings

TICK_SECONDS = 0.05  # messages that come within it are published together
MOST = 500  # messages of a batch
RETRY_SECONDS = 2.0
log = logging.getLogger(__name__)

KINDS = {PREDICTIONS: topics.PREDICTIONS, METRICS: topics.METRICS, DRIFT: topics.DRIFT}


class TopicReader(threading.Thread):
    """Reads until `stop`; after an error from the beginning, for known messages are skipped."""

    def __init__(self, settings: Settings, live: Live) -> None:
        super().__init__(name="reading", daemon=True)
        self._settings = settings
        self._live = live
        self._ended = threading.Event()
        self._kinds = {topics.real_name(topic, settings): kind for kind, topic in KINDS.items()}

    def run(self) -> None:
        """Follow the topics; after an error of Kafka, wait and start again."""
        while not self._ended.is_set():
            try:
                self._follow()
            except KafkaException as error:
                log.warning("the topics cannot be read now: %s", error)
                self._live.feed = UNREACHABLE
                self._ended.wait(RETRY_SECONDS)

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._ended.set()
        self.join()

    def _follow(self) -> None:
        topics.create_topics(self._settings, KINDS.values())
        with Follower(self._settings, *KINDS.values()) as follower:
            while not self._ended.is_set():
                batch = list(self._batch(follower))
                if batch:
                    self._live.take(batch)
                else:
                    self._live.feed = LIVE

    def _batch(self, follower: Follower) -> Iterator[PageMessage]:
        """Yield the messages of one tick."""
        end = time.monotonic() + TICK_SECONDS
        for _ in range(MOST):
            message = follower.poll(max(0.0, end - time.monotonic()))
            if message is None:
                return
            yield self._page_message(message)

    def _page_message(self, message: Message) -> PageMessage:
        return PageMessage(
            self._kinds[message.topic() or ""],
            message.partition() or 0,
            message.offset() or 0,
            message.timestamp()[1],
            message.value() or b"",
        )
