"""A learner of one label partition, with the log that it reads and what it publishes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

from features.store import OnlineStore
from learning.contest.decisions import AnyDecision
from learning.model.snapshot import Snapshot, blank, decode, encode
from producers.simulator import season
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer
from streams.kafka.record import Record
from streams.kafka.topics import label_partition
from streams.messages import decisions, metrics
from streams.messages.labels import LabelMessage
from streams.messages.labels import encode as encode_label
from streams.models import contest_log
from streams.models.registry import InstalledModels
from streams.pipeline.learn import LabelRecord
from streams.processors.label_partition import take_over
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions
from tests.support.matches import KEY, log_of, messages, run

EVERY = 5
SETTINGS = Settings(
    topic_prefix="t.",
    snapshot_every=EVERY,
    snapshot_moved=9.0,
    snapshot_store="memory://models",
)
PARTITION = label_partition(KEY, SETTINGS.partitions)
PLACE = f"t.cricket.labels/{PARTITION}"
START = blank(KEY, "start")


def _labels() -> list[LabelMessage]:
    """Of simulated matches, whose balls lay one after the other in one partition."""
    events = [event for match in season(8, seed=7) for event in messages(match)]
    return run(log_of(events)).labels


LABELS = _labels()
LOG = [encode_label(message) for message in LABELS]


@dataclass
class Stored:
    """A label as the log reader gives it."""

    at: int
    text: bytes

    def offset(self) -> int:
        return self.at

    def value(self) -> bytes:
        return self.text

    def headers(self) -> None:
        return None

    def key(self) -> bytes:
        return KEY.encode()

    def timestamp(self) -> tuple[int, int]:
        return 0, 0


def records(messages: Iterable[tuple[int, bytes]]) -> list[LabelRecord]:
    """Messages given as (offset, value)."""
    return [LabelRecord(*message) for message in messages]


def arrived(offset: int) -> Record:
    """A label of the log as the worker's consumer gives it."""
    topic = "t.cricket.labels"
    return SimpleNamespace(
        key=None, value=LOG[offset], topic=topic, partition=PARTITION, offset=offset, timestamp=0
    )


class Log(FourPartitions):
    """A label partition in memory; `stretches` are those that were read."""

    def __init__(
        self, values: list[bytes], contest: bytes | None = None, decided: Sequence[bytes] = ()
    ) -> None:
        self._values = values
        self._contest = contest
        self._decided = decided
        self.stretches: list[tuple[int, int]] = []

    def read_all(self, topic: str, partition: int) -> Iterator[Stored]:  # type: ignore[override]
        if topic == "t.cricket.drift":
            return (Stored(at, value) for at, value in enumerate(self._decided))
        assert (topic, partition) == ("t.cricket.contests", 0)
        return iter([] if self._contest is None else [Stored(0, self._contest)])

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        assert (topic, partition) == ("t.cricket.labels", PARTITION)
        return 0, len(self._values)

    def read(self, topic: str, partition: int, start: int, stop: int) -> Iterator[Stored]:  # type: ignore[override]
        assert (topic, partition) == ("t.cricket.labels", PARTITION)
        self.stretches.append((start, stop))
        return (Stored(n, self._values[n]) for n in range(start, min(stop, len(self._values))))


class Published(Producer):
    """Keeps what the learner publishes."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self.decisions: list[AnyDecision] = []
        self.contests: list[bytes] = []
        self.metrics: list[metrics.MetricsMessage] = []
        self.flushes = 0

    def claim(self, name: str) -> Producer:
        assert name == f"overcast/{PLACE}"
        return self

    def send(  # type: ignore[override]
        self, topic: str, key: bytes | None, value: bytes | None, *, headers: object = None
    ) -> None:
        assert key == KEY.encode()
        assert not headers  # nothing is signed without a key
        if topic == "t.cricket.models":
            self.snapshots.append(decode(value or b""))
        elif topic == "t.cricket.drift":
            self.decisions.append(decisions.decode(value or b""))
        elif topic == "t.cricket.contests":
            self.contests.append(value or b"")
        else:
            assert topic == "t.cricket.metrics"
            self.metrics.append(metrics.decode(value or b""))

    def write(self, messages: Iterable[Outgoing]) -> None:
        for message in messages:
            self.send(*message[:3], headers=message.headers)
        self.flushes += 1


class Bench:
    """A learner of one label partition with its surroundings."""

    def __init__(
        self,
        installed: Snapshot = START,
        log: list[bytes] | None = None,
        contest: bytes | None = None,
        decided: Sequence[bytes] = (),
    ) -> None:
        self.published = Published()
        self.log = LOG if log is None else log
        self.log_reader = Log(self.log, contest, decided)
        self.models = InstalledModels({KEY: installed})
        store = cast("OnlineStore", None)  # a learner has no business with Redis
        claim = cast("ClaimProducer", None)  # nor with predictions
        self.services = Services(
            SETTINGS, self.models, store, self.published, claim, self.log_reader
        )
        self.learner = take_over(self.services, self.models, PARTITION)

    def learn(self, start: int, stop: int) -> "Bench":
        """Labels of the log, one a batch, as they trickle in."""
        for offset in range(start, stop):
            self.learner.handle([LabelRecord(offset, self.log[offset])])
        return self

    def snapshot(self) -> bytes:
        """The model as it stands, to the last byte."""
        state = self.learner._states[KEY]  # noqa: SLF001
        contest = state.take_contest(self.models.engines)
        return encode(contest.learner.snapshot("now", dict(state.positions)))

    def checkpoint(self) -> bytes:
        """The whole contest as it stands, to the last byte."""
        state = self.learner._states[KEY]  # noqa: SLF001
        contest = state.take_contest(self.models.engines)
        return contest_log.encode(contest.checkpoint("end", state.positions))
