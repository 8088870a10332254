"""A match that Redis has lost is told from a new one, and the log is read once for it."""

from collections.abc import Sequence
from typing import cast

import pytest

from features.partition_lease import LeaseFields
from features.store import Stored, StoredMatches
from streams.processors.evicted_matches import EvictedMatches
from streams.processors.recovery import Recovery
from tests.support.matches import log_of, messages, short_match


class Log:
    """What the log knows of the beginnings of matches."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def started(self, stop: int) -> dict[str, int]:
        self.asked.append(stop)
        return {"old": 7, "kept": 9}


def stored(*held: str, evicted: Sequence[str] = (), full: bool = False) -> StoredMatches:
    records = {match_id: Stored(b"", []) for match_id in held}
    return StoredMatches(records, LeaseFields(None, None), frozenset(evicted), full)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def evicted(log: Log) -> EvictedMatches:
    return EvictedMatches(cast("Recovery", log), 0)


def test_a_new_match_costs_no_look_at_the_log(evicted: EvictedMatches, log: Log) -> None:
    assert evicted.among(stored("kept"), ["kept", "new"], 100) == {}
    assert log.asked == []


def test_a_match_that_redis_names_and_has_not_is_of_the_log(
    evicted: EvictedMatches, log: Log
) -> None:
    assert evicted.among(stored(evicted=["old"]), ["old", "new"], 100) == {"old": 7}
    assert evicted.among(stored(evicted=["old"]), ["old"], 200) == {"old": 7}
    assert log.asked == [100]


def test_where_others_had_to_make_room_every_unknown_match_is_looked_up(
    evicted: EvictedMatches,
) -> None:
    assert evicted.among(stored("kept", full=True), ["kept", "old", "new"], 100) == {"old": 7}


def test_matches_that_begin_after_the_look_are_known_too(evicted: EvictedMatches) -> None:
    batch = log_of(messages(short_match("m", "14.6wW2", "1146")))
    evicted.note_started(batch)  # nobody has asked yet
    assert evicted.among(stored(full=True), ["m"], 100) == {}
    evicted.note_started(batch)
    assert evicted.among(stored(full=True), ["m"], 200) == {"m": batch[0].source.offset}
