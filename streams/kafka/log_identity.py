"""Recognises whether a log is still the one that something was remembered of, by offset.

A topic that is deleted and made again, restored from a backup, mirrored with other offsets, or cut
by an unclean election of a leader has other messages at the offsets that were remembered. So the
topic's id and the timestamp of the message are remembered with an offset, and looked up again
before it is believed (ADR-18).
"""

from collections.abc import Iterator

from confluent_kafka import Message
from prometheus_client import Counter

from streams.kafka.log_reader import LogReader

LOGS_CHANGED = Counter(
    "overcast_changed_logs",
    "Times that a partition was not the log that something was remembered of",
    ["topic", "partition"],
)


def appended_at(message: Message) -> int:
    """The message's timestamp in ms since 1970, 0 without one."""
    return max(int(message.timestamp()[1]), 0)


class PartitionIdentity:
    """Compares what is remembered of one partition with the log that is there now."""

    def __init__(self, log_reader: LogReader, topic: str, partition: int) -> None:
        self._log_reader = log_reader
        self._topic = topic
        self._partition = partition

    def appended(self, offset: int) -> int:
        """When the message at an offset was appended, in ms; 0 if the log has none there."""
        return dict(self._times(offset, offset + 1)).get(offset, 0)

    def count_changed(self) -> None:
        """Count that the partition is not the log that was remembered."""
        LOGS_CHANGED.labels(self._topic, self._partition).inc()

    @property
    def log(self) -> str:
        """The topic's id, "" if it is not known."""
        return self._log_reader.topic_id(self._topic)

    def is_log(self, log: str) -> bool:
        """Whether a topic's id may be that of this log; an unknown one is not compared."""
        return not log or not self.log or log == self.log

    def holds(self, offset: int, appended: int, log: str = "") -> bool:
        """Whether a message may lie at `offset` of the topic with id `log` that was appended then.

        A log that begins after the offset contradicts nothing, and what is unknown (0, "") is not
        compared; an offset beyond the end is contradicted in any case.
        """
        if offset < 0:
            return True
        if not self.is_log(log):
            return False
        low, high = self._log_reader.bounds(self._topic, self._partition)
        if offset < low:
            return True
        return offset < high and (not appended or self.appended(offset) == appended)

    def times(self) -> dict[int, int]:
        """When each message that the log holds was appended, by offset: reads the whole log."""
        return dict(self._times(*self._log_reader.bounds(self._topic, self._partition)))

    def _times(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        for message in self._log_reader.read(self._topic, self._partition, start, stop):
            yield message.offset() or 0, appended_at(message)
