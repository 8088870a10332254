"""A Redis that has lost everything is filled in the middle of a batch, which misses nothing."""

from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from features.partition_lease import Entry, LeaseFields, Position
from features.store import Stored, StoredMatches
from streams.pipeline.match_record import MatchRecord
from streams.processors.ball_partition import BallPartition, _whole
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import KeptLog
from tests.support.matches import log_of, messages, run, short_match

NAMES = ["a", "b", "c", "d"]
EVENTS = {name: messages(short_match(name, "14", "11")) for name in NAMES}
RECORDS = {name: run(log_of(EVENTS[name][:2])).records[name] for name in NAMES}


class Log:
    """What the log tells: every match, to a recovery."""

    def rebuild(self, stop: int, known: Collection[str] = ()) -> dict[str, MatchRecord]:
        assert stop == 0
        return {name: RECORDS[name] for name in NAMES if name not in known}


class Emptied:
    """A Redis that has lost everything, until it is filled, and the lease on it."""

    position = Position(-1)

    def __init__(self) -> None:
        self.filled: set[str] = set()

    def claim(self, partition: int) -> "Emptied":
        assert partition == 0
        return self

    def intact(self, lease: LeaseFields) -> bool:
        return bool(lease.counted)

    def fill(self, entries: Iterable[Entry], through: Position) -> bool:
        assert through.offset == -1
        self.filled |= {entry.match_id for entry in entries}
        return True

    def read(self, partition: int, match_ids: Iterable[str]) -> StoredMatches:
        assert partition == 0
        parts = {name: _whole(RECORDS[name]) for name in self.filled & set(match_ids)}
        stored = {n: Stored(part.record, list(part.book.values())) for n, part in parts.items()}
        return StoredMatches(stored, LeaseFields(None, None, counted=len(self.filled)))


@pytest.mark.parametrize("in_memory", [[], ["a"], ["a", "b"], ["c", "a"]])
@pytest.mark.parametrize("live_matches", [1, 2, 3])
def test_no_match_of_a_batch_is_dropped_while_redis_is_filled_again(
    in_memory: list[str], live_matches: int
) -> None:
    """Whatever memory may hold: what is dropped would be taken for a match that never started."""
    store: Any = Emptied()
    unused: Any = SimpleNamespace()
    settings = Settings(live_matches=live_matches)
    services = Services(settings, unused, store, unused, unused, KeptLog({0: 1}))
    owner = BallPartition(services, 0, unused, store)
    owner._recovery = Log()  # type: ignore[assignment]  # noqa: SLF001
    owner._live = {name: RECORDS[name] for name in in_memory}  # noqa: SLF001
    owner._load_matches(log_of(EVENTS[name][2] for name in NAMES))  # noqa: SLF001
    assert owner._live.keys() == set(NAMES)  # noqa: SLF001
    assert store.filled == set(NAMES)
    owner._drop_silent()  # noqa: SLF001
    assert len(owner._live) == live_matches  # noqa: SLF001
