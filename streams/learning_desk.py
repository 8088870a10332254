"""One worker's desk for `cricket.labels`: score, learn, publish the scores and the snapshots.

A label is learned once: a snapshot carries how far it has read its label partition and, for each
partition of balls, the last source it has learned from, so that after a crash the labels since
the snapshot are read again from the log and repeated ones are known. A revised label comes too
late for an online learner, which cannot unlearn: it is counted, and reported with the scores.
"""

import logging
from collections import Counter
from collections.abc import Sequence

import msgspec

from learning.checks import wrong
from learning.learner import Learner
from learning.snapshot import Snapshot
from learning.snapshot import encode as encode_snapshot
from streams import metrics, telemetry, topics
from streams.desk import Record, Tools
from streams.installed import InstalledModels
from streams.predictions import LabelMessage, decode_label
from streams.topics import label_partition, real_name

SOURCE_STEP = 64  # more labels than one message can give: (offset, index) as one number

log = logging.getLogger(__name__)


class LearningDesk:
    """Owns the learners of the label partitions that this worker was assigned."""

    def __init__(self, tools: Tools, models: InstalledModels) -> None:
        self._tools = tools
        self._models = models
        self._partitions: dict[int, PartitionLearner] = {}

    def reassigned(self) -> None:
        """Forgets everything: the next owner starts from the snapshots on `cricket.models`."""
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> int:
        """Learns a batch of one partition; returns how many labels were new."""
        first = records[0]
        learner = self._partitions.get(first.partition)
        if learner is None:
            learner = PartitionLearner(self._tools, self._models, first.partition)
            self._partitions[first.partition] = learner
            learner.catch_up(first.offset)
        return learner.handle([(r.offset, r.value or b"") for r in records])


class PartitionLearner:
    """The one writer of the models whose labels come on one partition."""

    def __init__(self, tools: Tools, models: InstalledModels, partition: int) -> None:
        self._tools = tools
        self._models = models
        self._labels = real_name(topics.LABELS, tools.settings)
        self._partition = partition
        self._outbox = tools.outbox.claim(f"{tools.settings.group}/{self._labels}/{partition}")
        self._learners: dict[str, Learner] = {}
        self._positions: dict[str, dict[str, int]] = {}
        self._revised: Counter[str] = Counter()
        self._due: list[Snapshot] = []

    def catch_up(self, stop: int) -> None:
        """Learns what the log holds before `stop` and the snapshots have not learned."""
        mine = [k for k in self._models if self._is_mine(k)]
        start = min((self._learned_through(key) for key in mine), default=stop)
        for message in self._tools.journal.stretch(self._labels, self._partition, start, stop):
            self._learn(message.offset() or 0, message.value() or b"")
        self._due.clear()  # whoever learned these has published them

    def _is_mine(self, key: str) -> bool:
        return label_partition(key, self._tools.settings) == self._partition

    def _learned_through(self, key: str) -> int:
        positions = self._models.snapshot(key).positions
        return positions.get(f"{self._labels}/{self._partition}", 0)

    def handle(self, labels: Sequence[tuple[int, bytes]]) -> int:
        """Learns labels in order, publishes each touched model's scores and due snapshots."""
        touched = [label for offset, value in labels if (label := self._learn(offset, value))]
        newest = {label.label.key: label for label in touched}
        for key, label in newest.items():
            self._publish_metrics(key, label)
        for snapshot in self._due:
            self._publish(snapshot)
        self._due.clear()
        if newest:
            self._outbox.flush()
        return len(touched)

    def _learn(self, offset: int, value: bytes) -> LabelMessage | None:
        """Learns a label unless it is broken, was learned before, or revises one."""
        message = self._readable(offset, value)
        if message is None:
            return None
        key = message.label.key
        learner, positions = self._learner(key), self._positions[key]
        origin = f"{message.source.topic}/{message.source.partition}"
        place = message.source.offset * SOURCE_STEP + message.index
        if place <= positions.get(origin, -1):
            return None
        positions[origin] = place
        positions[f"{self._labels}/{self._partition}"] = offset + 1
        if message.revision:
            self._revised[key] += 1
            telemetry.UNLEARNED.labels(key).inc()
            return message
        learner.learn(message.label)
        telemetry.LEARNED.labels(key).inc()
        if learner.labels % self._tools.settings.snapshot_every == 0:
            self._due.append(self._snapshot(key))
        return message

    def _readable(self, offset: int, value: bytes) -> LabelMessage | None:
        """The label; None, and a line in the log, for what cannot be learned."""
        try:
            message = decode_label(value)
            reason = wrong(message.label)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message, reason = None, str(error)
        if reason:
            place = {"offset": offset}
            log.error("%s/%s@%s: %s", self._labels, self._partition, offset, reason, extra=place)
            return None
        return message

    def _learner(self, key: str) -> Learner:
        if key not in self._learners:
            snapshot = self._models.snapshot(key)
            self._learners[key] = Learner(snapshot)
            self._positions[key] = dict(snapshot.positions)
        return self._learners[key]

    def _snapshot(self, key: str) -> Snapshot:
        """The model as it stands; it is learned on from there, as after a restart."""
        parent, learner = self._models.snapshot(key).version, self._learners[key]
        version = f"{parent.split('+')[0]}+{learner.labels}"
        snapshot = learner.snapshot(version, self._positions[key])
        self._learners[key] = Learner(snapshot)
        return snapshot

    def _publish_metrics(self, key: str, label: LabelMessage) -> None:
        message = metrics.MetricsMessage(
            model_key=key,
            model=label.model,
            at=label.at,
            metrics=self._learners[key].metrics,
            revised=self._revised[key],
        )
        topic = real_name(topics.METRICS, self._tools.settings)
        self._outbox.send(topic, key.encode(), metrics.encode(message))

    def _publish(self, snapshot: Snapshot) -> None:
        topic = real_name(topics.MODELS, self._tools.settings)
        self._outbox.send(topic, snapshot.key.encode(), encode_snapshot(snapshot))
        log.info("published %s %s", snapshot.key, snapshot.version)
