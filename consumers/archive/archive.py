"""Write predictions, labels and metrics to Parquet, each message exactly once over restarts."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from consumers.archive.parquet import LastMessage, Stretch, day_of, last_messages, write
from consumers.archive.rows import SCHEMAS, Row, row
from streams.kafka.client_config import ARCHIVE, Setting, reader
from streams.kafka.errors import KAFKA_ERRORS, OWN
from streams.kafka.log_identity import PartitionIdentity
from streams.kafka.log_reader import LogReader, bounds
from streams.kafka.partitions import PartitionWatch
from streams.kafka.topics import LABELS, METRICS, PREDICTIONS, real_name
from streams.observability.counters import ARCHIVED
from streams.settings import Settings

KEPT = (PREDICTIONS, LABELS, METRICS)
POLL_SECONDS = 0.5

log = logging.getLogger(__name__)

ArchivedPartition = tuple[str, int]  # the topic's name without prefix, partition


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock the folder; ValueError if another archive writes into it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ValueError(f"another archive writes into {folder}") from error
        yield


class Archive:
    """Gathers messages by partition and day, and writes each stretch of them as one file.

    The files' names are the position: nothing is committed anywhere else. A file is written when a
    partition has `rows` messages, when the day changes, and by `flush`.
    """

    def __init__(self, settings: Settings, folder: Path, rows: int = 50_000) -> None:
        self._settings = settings
        self._folder = folder
        self._rows = rows
        self._topics = {real_name(topic, settings): topic for topic in KEPT}
        self._gathered: dict[ArchivedPartition, list[Row]] = {}
        self._days: dict[ArchivedPartition, str] = {}
        self._ended: set[tuple[str, int]] = set()
        self._places: list[TopicPartition] = []
        self._last: dict[str, dict[int, LastMessage]] = {}
        self._watch = PartitionWatch(list(self._topics))
        self._log_reader = LogReader(settings.kafka_access)

    @cached_property
    def _consumer(self) -> Consumer:
        """The client, which connects when it is first needed."""
        # librdkafka reports the end. It cannot be computed from offsets: a transaction's marker
        # follows the last message.
        start: dict[str, Setting] = {"auto.offset.reset": "error", "enable.partition.eof": True}
        return Consumer(reader(self._settings.kafka_access, ARCHIVE, **start))

    def start(self) -> None:
        """Continue after the last file; ValueError if the archive is of another cluster."""
        self._last = {topic.name: last_messages(self._folder, topic.name) for topic in KEPT}
        self._read(self._watch.first(self._consumer))

    def _read(self, partitions: list[TopicPartition]) -> None:
        """Begin to read partitions, beside those that are read already."""
        if partitions:
            places = [self._next(place.topic, place.partition) for place in partitions]
            self._consumer.incremental_assign(places)
            self._places += places

    def _next(self, name: str, number: int) -> TopicPartition:
        """Return where a partition is resumed; log the offsets that Kafka no longer has.

        ValueError if the files hold messages of another log.
        """
        low, high = bounds(self._consumer, TopicPartition(name, number))
        last = self._last[self._topics[name].name].get(number)
        if last is None:
            return TopicPartition(name, number, low)
        wanted = last.offset + 1
        if not PartitionIdentity(self._log_reader, name, number).holds(*last):
            raise ValueError(
                f"{self._folder} has {name}/{number} up to offset {last.offset}, where Kafka has "
                f"another message or none (it ends at {high - 1}): this is the archive of another "
                "cluster, or of a topic that was made again. Name another folder."
            )
        if wanted < low:
            log.error("%s/%s: offsets %s to %s are lost", name, number, wanted, low - 1)
        return TopicPartition(name, number, max(wanted, low))

    def take(self, seconds: float = POLL_SECONDS) -> bool:
        """Take the next message; False if none came in time."""
        self._read(self._watch.added(self._consumer))
        message = self._consumer.poll(seconds)
        if message is None:
            return False
        error, place = message.error(), (message.topic() or "", message.partition() or 0)
        if error is not None and error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  public
            self._ended.add(place)
            return True
        if error is not None:
            KAFKA_ERRORS.labels("archive").inc()
            if error.code() in OWN:  # librdkafka looks again by itself
                return False
            raise KafkaException(error)
        self._ended.discard(place)
        self._gather(message)
        return True

    def _gather(self, message: Message) -> None:
        topic = self._topics[message.topic() or ""]
        place, day = (topic.name, message.partition() or 0), day_of(message.timestamp()[1])
        if self._days.get(place, day) != day:
            self._write(place)
        self._days[place] = day
        gathered = self._gathered.setdefault(place, [])
        gathered.append(row(topic, message))
        if len(gathered) >= self._rows:
            self._write(place)

    def flush(self) -> None:
        """Write everything that has been gathered."""
        for place in list(self._gathered):
            self._write(place)

    def _write(self, place: ArchivedPartition) -> None:
        rows, day = self._gathered.pop(place, []), self._days.pop(place, "")
        if rows:
            first, last = (int(str(rows[at]["offset"])) for at in (0, -1))
            path = write(self._folder, Stretch(*place, first, last, day, rows), SCHEMAS[place[0]])
            ARCHIVED.labels(place[0]).inc(len(rows))
            log.info("wrote %s rows: %s", len(rows), path)

    def ended(self) -> bool:
        """Return whether the end of every partition has been reached."""
        return len(self._ended) == len(self._places)

    def close(self) -> None:
        """Disconnect; messages that were gathered but not written are read again the next time."""
        self._consumer.close()
