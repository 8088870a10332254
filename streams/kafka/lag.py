"""The lag of the workers' group, asked of Kafka itself since a hung worker cannot report it."""

import logging
import threading
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition
from prometheus_client import Gauge

from streams.kafka.client_config import TO_THE_END, reader
from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.partitions import numbers
from streams.kafka.topics import BALLS, LABELS, ORDERS, real_name
from streams.settings import Settings

LOOK_SECONDS = 5.0
ANSWER_SECONDS = 5.0
SILENT_SECONDS = 30.0  # several failed looks: a broker that restarts is back sooner
LATEST = -1  # the timestamp by which Kafka is asked for a partition's end

LAG = Gauge(
    "overcast_consumer_lag_messages",
    "Messages in the log that the group has not committed, as this process last saw it",
    ["topic", "partition"],
)
ANSWERED = Gauge("overcast_kafka_seen_timestamp_seconds", "When Kafka last answered about the lag")

log = logging.getLogger(__name__)


class LagMonitor:
    """Asks Kafka every few seconds, in a thread of its own, about every partition of the group.

    Each worker asks about all partitions, so that those without an owner are seen too; queries of
    the gauge therefore take the maximum over the workers.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._answered: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lag", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * ANSWER_SECONDS)

    def silent(self) -> str:
        """A health check: what is wrong if Kafka has not answered for SILENT_SECONDS, else ""."""
        if self._answered is None:
            return f"Kafka at {self._settings.kafka} has not answered yet"
        seconds = time.monotonic() - self._answered
        if seconds < SILENT_SECONDS:
            return ""
        return f"Kafka at {self._settings.kafka} has not answered for {seconds:.0f} s"

    def _run(self) -> None:
        consumer = Consumer(reader(self._settings.kafka_access, self._settings.group, **TO_THE_END))
        while not self._stop.is_set():
            try:
                for topic in (BALLS, ORDERS, LABELS):
                    self._look(consumer, topic.name, real_name(topic, self._settings))
            except KafkaException as error:
                KAFKA_ERRORS.labels("lag").inc()
                log.warning("lag: %s", error)
            else:
                self._answered = time.monotonic()
                ANSWERED.set_to_current_time()
            self._stop.wait(LOOK_SECONDS)
        consumer.close()

    def _look(self, consumer: Consumer, shown: str, name: str) -> None:
        """Show the lag of each partition of a topic, under its name without the prefix."""
        there = numbers(consumer, name)
        ends = [TopicPartition(name, number, LATEST) for number in there]
        places = [TopicPartition(name, number) for number in there]
        committed = consumer.committed(places, timeout=ANSWER_SECONDS)
        offsets = consumer.offsets_for_times(ends, timeout=ANSWER_SECONDS)
        for done, end in zip(committed, offsets, strict=True):
            if end.error is None and done.error is None:
                LAG.labels(shown, end.partition).set(_lag(done.offset, end.offset))


def _lag(committed: int, end: int) -> int:
    """Messages not worked on; a commit beyond the end is of another log, so that all are."""
    return end - committed if 0 <= committed <= end else max(end, 0)
