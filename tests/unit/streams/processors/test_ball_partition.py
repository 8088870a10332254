"""One partition computes at a time, and no partition is held up while another waits."""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from features.partition_lease import Entry, LeaseFields, PartitionLease, Position
from features.store import OnlineStore, StoredMatches
from streams.kafka.fenced_producer import OutputPartition
from streams.kafka.message import Headers, Outgoing
from streams.kafka.producer import Producer
from streams.messages.events import encode
from streams.models.registry import InstalledModels
from streams.processors.balls import BallProcessor
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions
from tests.support.matches import KEY, messages, served, short_match

VALUES = [encode(event) for event in messages(short_match("m1", "14.6wW2", "1146"))]


class Watched:
    """Notes what is done with the lock held, and what without it."""

    def __init__(self) -> None:
        self.services: Services | None = None
        self.held: set[str] = set()
        self.free: set[str] = set()

    def note(self, what: str) -> None:
        assert self.services is not None
        (self.held if self.services.computing.locked() else self.free).add(what)


class Sender(Producer):
    """Stands for Kafka."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def claimed(self, name: str, partitions: Sequence[OutputPartition]) -> "Sender":
        del name, partitions
        self._watched.note("claim a producer")
        return self

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int = -1,
        headers: Headers | None = None,
    ) -> None:
        del topic, key, value, headers
        self._watched.note("queue" if partition == 0 else "queue a label")

    def send_off(self) -> None:
        self._watched.note("send")

    def flush(self) -> None:
        self._watched.note("wait for Kafka")

    def write(self, messages: Iterable[Outgoing]) -> None:
        for message in messages:
            self.send(*message[:3], partition=message.partition, headers=message.headers)
        self.flush()

    def close(self) -> None:
        pass


class Log(FourPartitions):
    """A log that holds nothing yet."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def read_backwards(self, topic: str, partition: int, most: int = 100) -> Iterator[Any]:
        del topic, partition, most
        self._watched.note("read the log")
        return iter(())

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        del topic, partition
        return 0, len(VALUES)


class Store(OnlineStore):
    """A Redis that holds nothing; `broken` calls fail."""

    def __init__(self, watched: Watched, *, broken: bool = False) -> None:
        self._watched = watched
        self._broken = broken

    def claim(self, partition: int) -> PartitionLease:
        assert partition == 0
        self._watched.note("claim a lease")
        lease: Any = SimpleNamespace(
            through=-1, position=Position(-1), intact=lambda _: True, write=self.written
        )
        return lease  # type: ignore[no-any-return]

    def written(self, entries: list[Entry], through: Position) -> str:
        assert entries
        assert through == (len(VALUES) - 1, 0, "")
        self._watched.note("write to Redis")
        if self._broken:
            raise OSError("no answer")
        return "written"

    def read(self, partition: int, match_ids: Any) -> StoredMatches:
        assert (partition, list(match_ids)) == (0, ["m1"])
        self._watched.note("read from Redis")
        return StoredMatches({}, LeaseFields(None, None))


class Models(InstalledModels):
    """One model, whose forecasts are noted."""

    def __init__(self, watched: Watched) -> None:
        super().__init__({})
        self._watched = watched

    def __getitem__(self, key: str) -> Any:
        assert key == KEY
        self._watched.note("forecast")
        return served()


def worked(*, broken: bool = False) -> Watched:
    watched = Watched()
    sender = Sender(watched)
    watched.services = Services(
        Settings(),
        Models(watched),
        Store(watched, broken=broken),
        sender,
        sender.claimed,
        Log(watched),
    )
    records = [
        SimpleNamespace(
            key=b"m1",
            value=value,
            topic="cricket.balls",
            partition=0,
            offset=offset,
            headers=(),
            timestamp=0,
        )
        for offset, value in enumerate(VALUES)
    ]
    if broken:
        with pytest.raises(OSError, match="no answer"):
            BallProcessor(watched.services).handle(records)
    else:
        BallProcessor(watched.services).handle(records)
    return watched


def test_a_partition_computes_with_the_lock_and_waits_for_kafka_and_redis_without_it() -> None:
    watched = worked()
    assert watched.held == {"forecast", "queue", "send"}
    assert watched.free == {
        "claim a producer",
        "claim a lease",
        "read the log",
        "read from Redis",
        "wait for Kafka",
        "write to Redis",
        "queue a label",
    }


def test_an_error_of_redis_leaves_the_lock_to_others() -> None:
    services = worked(broken=True).services
    assert services is not None
    assert not services.computing.locked()
