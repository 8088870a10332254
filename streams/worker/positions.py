"""Committed offsets with the proof of their log, and what was deleted before it was read.

A commit carries the topic's id and the timestamp of the last message before it. When partitions
are assigned, the log must have that message there: else it is another log, and is read from its
beginning (ADR-18).
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from confluent_kafka import OFFSET_BEGINNING, TopicPartition
from faust.types import TP
from prometheus_client import Counter

from streams.kafka.log_identity import LOGS_CHANGED, PartitionIdentity
from streams.kafka.log_reader import LogReader
from streams.kafka.record import Record

DELETED_UNREAD = Counter(
    "overcast_deleted_unread_messages",
    "Messages that Kafka deleted, or lost, before they were read",
    ["topic", "partition"],
)
# Metadata of a commit. librdkafka's Python client reads on behind its end, up to a byte 0, and
# fails if that is not UTF-8: hence the END, for every reader of offsets.
END = "\0"
PROOF = re.compile(r"log=([^;]*);appended=(\d+);")

log = logging.getLogger(__name__)


class CommitProofs:
    """The timestamps of the messages before the offsets that may be committed next.

    `topic_id` gives the id of a topic.
    """

    def __init__(self, topic_id: Callable[[str], str] = lambda _: "") -> None:
        self._topic_id = topic_id
        self._appended: defaultdict[TP, dict[int, int]] = defaultdict(dict)

    def note(self, tp: TP, last: Record) -> None:
        """Note the last message of a batch, after which may be committed."""
        self._appended[tp][last.offset + 1] = last.timestamp

    def metadata(self, tp: TP, offset: int) -> str:
        """The metadata of a commit; "" if the message before it is not known."""
        noted = self._appended[tp]
        appended = noted.get(offset, 0)
        for earlier in [at for at in noted if at < offset]:
            del noted[earlier]
        return f"log={self._topic_id(tp.topic)};appended={appended};{END}" if appended > 0 else ""


def proven(metadata: str | None) -> tuple[int, str]:
    """The timestamp in ms and the topic's id in a commit's metadata; (0, "") without them."""
    proof = PROOF.match(metadata or "")
    return (int(proof[2]), proof[1]) if proof else (0, "")


def start(log_reader: LogReader, committed: TopicPartition) -> TopicPartition:
    """Where to read a partition from, given what the group has committed; KafkaException."""
    topic, partition, offset = committed.topic, committed.partition, committed.offset
    for counter in (LOGS_CHANGED, DELETED_UNREAD):
        counter.labels(topic, partition)  # a series that begins with its rise is not seen to rise
    log_reader.topic_id(topic)  # asked before the first message is read
    if offset <= 0:
        return TopicPartition(topic, partition, OFFSET_BEGINNING)
    identity = PartitionIdentity(log_reader, topic, partition)
    if not identity.holds(offset - 1, *proven(committed.metadata)):
        log.warning(
            "%s partition %s is not the log that was read up to %s: it is read from its beginning",
            *(topic, partition, offset),
        )
        identity.count_changed()
        return TopicPartition(topic, partition, OFFSET_BEGINNING)
    count_deleted(topic, partition, offset, log_reader.bounds(topic, partition)[0])
    return TopicPartition(topic, partition, offset)


def count_deleted(topic: str, partition: int, wanted: int, first: int) -> None:
    """Count the messages from offset `wanted` up to the first one that the log still has."""
    if first > wanted:
        log.warning(
            "%s partition %s: %s messages deleted before they were read, %s to %s",
            *(topic, partition, first - wanted, wanted, first),
        )
        DELETED_UNREAD.labels(topic, partition).inc(first - wanted)


class ReadPositions:
    """Which message of each partition is due, to notice what was deleted in between."""

    def __init__(self) -> None:
        self._due: dict[TP, int] = {}

    def begin(self, places: Iterable[TopicPartition]) -> None:
        """Forget what was due: other partitions are read, or from elsewhere."""
        self._due = {
            TP(place.topic, place.partition): place.offset for place in places if place.offset >= 0
        }

    def passed(self, tp: TP, first: int, last: int, low: int) -> None:
        """Note the first and last offsets fetched; `low` is where the log begins now."""
        due = self._due.get(tp, first)
        count_deleted(tp.topic, tp.partition, due, min(low, first))
        self._due[tp] = last + 1
