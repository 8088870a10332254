"""Follows `cricket.models` and installs the newest good snapshot of each model key."""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from confluent_kafka import KafkaException, Message

from learning.model.linear import river
from learning.model.snapshot import Snapshot, SnapshotError
from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.follower import Follower, not_before
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import MODELS, real_name
from streams.models.in_play import keys_in_play
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages, named_version
from streams.settings import Settings

POLL_SECONDS = 0.5
# Tables take half a second to build, while balls are played, and a fast replay brings a snapshot
# every second: at most a tenth of the time is spent on building, and only the newest is built.
REST = 9.0
LOOKED_AT = 8  # newest snapshots of a key that are tried; if none is good, all are
LATELY_SECONDS = 86_400.0  # a match of the format was learned in the last day
SETTLE_SECONDS = 0.5  # for a worker to ask to join its group, before tables are built

log = logging.getLogger(__name__)


class ModelsFeed:
    """Reads `cricket.models` and installs what it brings; a bad snapshot is refused and logged."""

    def __init__(
        self, settings: Settings, models: InstalledModels, now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._topic = real_name(MODELS, settings)
        self._messages = ModelMessages(settings)
        self._models = models
        self._next = 0
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="models-feed", daemon=True)
        self._settling = threading.Thread(target=self._settle, name="settling", daemon=True)

    def start(self) -> None:
        """Install the newest snapshots of the log, then follow it in a thread of its own.

        Tables of models that are in play are built before the worker joins its group, so that balls
        are answered by their former owner as long as that takes; after a kill the group waits as
        long for its dead member anyway. Those of models that learned lately are built behind, all
        others when a match of their format comes.
        """
        log_reader = LogReader(self._settings.kafka_access)
        learned_lately: list[str] = []
        last: defaultdict[str, deque[Message]] = defaultdict(lambda: deque(maxlen=LOOKED_AT))
        for message in log_reader.read_all(self._topic, 0):
            self._next = (message.offset() or 0) + 1
            last[named_version(message)[0]].append(message)
        for key, messages in last.items():
            if (snapshot := self._newest(key, messages)) is not None:
                self._models.install(snapshot)
                if _appended(messages[-1]) > self._now() - LATELY_SECONDS:
                    learned_lately.append(snapshot.key)
        in_play = keys_in_play(log_reader, self._settings) & self._models.keys()
        self._models.expect({*learned_lately, *in_play})
        self._models.build(in_play)
        self._thread.start()
        self._settling.start()

    def _newest(self, key: str, last: deque[Message]) -> Snapshot | None:
        """The newest snapshot of a key that may be installed, which mostly is the last one."""
        snapshots = (readable(message, self._messages) for message in reversed(last))
        newest = next(filter(None, snapshots), None)
        if newest is not None or not key:
            return newest
        every = LogReader(self._settings.kafka_access).read_all(self._topic, 0)
        older = (readable(m, self._messages) for m in every if named_version(m)[0] == key)
        for snapshot in filter(None, older):
            newest = snapshot
        return newest

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _settle(self) -> None:
        """Build the tables that balls are expected to need, and import River, which labels need."""
        if not self._stop.wait(SETTLE_SECONDS):
            self._models.build()
            river()

    def _follow(self) -> None:
        wait_ms = int(POLL_SECONDS * 1_000)
        start = not_before(self._next)
        follower = Follower(self._settings, MODELS, start=start, wait_ms=wait_ms)
        while not self._stop.is_set():
            try:
                with follower:
                    self._install_updates(follower)
            except KafkaException as error:
                self._report(error)

    def _install_updates(self, follower: Follower) -> None:
        """Install the snapshots that come until the feed is stopped."""
        while not self._stop.is_set():
            if idle := self._models.drop_idle():
                log.info("no ball of %s for long: its tables are dropped", ", ".join(idle))
            newest = self._newest_unread(follower)
            began = time.monotonic()
            for snapshot in newest.values():
                self._install(snapshot)
            self._stop.wait(REST * (time.monotonic() - began))

    def _newest_unread(self, follower: Follower) -> dict[str, Snapshot]:
        """The newest snapshot of each key among the unread ones: only its tables are built."""
        newest: dict[str, Snapshot] = {}
        message = self._poll(follower, POLL_SECONDS)
        while message is not None:
            snapshot = readable(message, self._messages)
            if snapshot is not None:
                newest[snapshot.key] = snapshot
            message = self._poll(follower, 0.0)
        return newest

    def _poll(self, follower: Follower, seconds: float) -> Message | None:
        """The next message; None if none came, or if Kafka reported an error."""
        try:
            return follower.poll(seconds)
        except KafkaException as error:
            self._report(error)
            return None

    def _report(self, error: KafkaException) -> None:
        KAFKA_ERRORS.labels("models feed").inc()
        log.warning("%s: %s", self._topic, error)
        self._stop.wait(POLL_SECONDS)

    def _install(self, snapshot: Snapshot) -> None:
        """Install a snapshot; if its tables cannot be built, the one that serves must go on."""
        try:
            self._models.install(snapshot)
        except Exception:
            log.exception("%s %s cannot be installed", snapshot.key, snapshot.version)
        else:
            log.info("installed %s %s", snapshot.key, snapshot.version)


def _appended(message: Message) -> float:
    """When a message was appended, in seconds since 1970."""
    return message.timestamp()[1] / 1_000


def readable(message: Message, messages: ModelMessages) -> Snapshot | None:
    """The snapshot in a message, None (and a line in the log) if it must not be installed."""
    try:
        return messages.read(message)
    except SnapshotError as error:
        log.error("snapshot refused, the old one goes on serving: %s", error)  # noqa: TRY400
        return None
