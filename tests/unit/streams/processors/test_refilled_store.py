"""A Redis that has lost everything is filled in the middle of a batch, which misses nothing."""

from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from features.partition_lease import Entry, LeaseFields, Position
from features.store import Stored, StoredMatches
from streams.pipeline.match_record import MatchRecord
from streams.processors.ball_partition import ENDED_KEPT, BallPartition, _whole
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


def owner_of(settings: Settings) -> BallPartition:
    """A partition whose Redis has lost everything."""
    store: Any = Emptied()
    unused: Any = SimpleNamespace()
    services = Services(settings, unused, store, unused, unused, KeptLog({0: 1}))
    return BallPartition(services, 0, unused, store)


@pytest.mark.parametrize("in_memory", [[], ["a"], ["a", "b"], ["c", "a"]])
@pytest.mark.parametrize("live_matches", [1, 2, 3])
def test_no_match_of_a_batch_is_dropped_while_redis_is_filled_again(
    in_memory: list[str], live_matches: int
) -> None:
    """Whatever memory may hold: what is dropped would be taken for a match that never started."""
    owner = owner_of(Settings(live_matches=live_matches))
    owner._recovery = Log()  # type: ignore[assignment]  # noqa: SLF001
    owner._live = {name: RECORDS[name] for name in in_memory}  # noqa: SLF001
    owner._load_matches(log_of(EVENTS[name][2] for name in NAMES))  # noqa: SLF001
    assert owner._live.keys() == set(NAMES)  # noqa: SLF001
    assert owner._lease.filled == set(NAMES)  # type: ignore[attr-defined]  # noqa: SLF001
    owner._drop_silent()  # noqa: SLF001
    assert len(owner._live) == live_matches  # noqa: SLF001


def test_of_the_matches_that_have_ended_memory_holds_the_last_ones_only() -> None:
    """A feed of many matches must not fill it: what comes late finds the others in Redis."""
    ended = run(log_of(EVENTS["a"])).records["a"]
    assert ended.has_ended
    owner = owner_of(Settings(live_matches=ENDED_KEPT + 2))
    owner._keep({f"live {n}": RECORDS["b"] for n in range(2)})  # noqa: SLF001
    for number in range(3 * ENDED_KEPT):
        owner._keep({f"ended {number}": ended})  # noqa: SLF001
        owner._drop_silent()  # noqa: SLF001
    last = [f"ended {number}" for number in range(2 * ENDED_KEPT, 3 * ENDED_KEPT)]
    assert list(owner._live) == ["live 0", "live 1", *last]  # noqa: SLF001


def test_a_match_that_goes_on_after_its_end_counts_among_the_live_ones() -> None:
    ended = run(log_of(EVENTS["a"])).records["a"]
    owner = owner_of(Settings())
    owner._keep({"a": ended})  # noqa: SLF001
    owner._keep({"a": RECORDS["a"]})  # noqa: SLF001  a correction has taken its end back
    owner._keep({f"ended {number}": ended for number in range(2 * ENDED_KEPT)})  # noqa: SLF001
    owner._drop_silent()  # noqa: SLF001
    assert next(iter(owner._live)) == "a"  # noqa: SLF001
    assert len(owner._live) == 1 + ENDED_KEPT  # noqa: SLF001
