"""The replay: many matches as one feed, in order, read when due, and paced by a clock."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path

import msgspec
import pytest

from cricket.archive import Library
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from cricket.facts import Ball, InningsOpening
from producers.recorded import ArchiveShelf, Listed, ShippedShelf
from producers.replay import merged
from producers.schedule import BALL, INNINGS_BREAK, NEW_OVER, WICKET, starts_at, timed_events
from producers.simulator import Team, simulate
from streams.messages.events import MatchEnded, MatchEvent, MatchStarted

SIDES = (Team("Reds"), Team("Blues"))
DAY = 86_400_000


class MadeUpShelf:
    """Simulated matches, and the ids of those that were read; some cannot be."""

    def __init__(self, dates: dict[str, str], unreadable: Iterable[str] = ()) -> None:
        self._dates = dates
        self._unreadable = set(unreadable)
        self.read_ids: list[str] = []

    def listed(self) -> list[Listed]:
        return [Listed(match_id, date, 0, None) for match_id, date in self._dates.items()]

    def read(self, listed: Listed) -> RecordedMatch:
        self.read_ids.append(listed.id)
        if listed.id in self._unreadable:
            raise UnreadableMatchError(f"{listed.id}: broken")
        return simulate(listed.id, SIDES, seed=1, date=listed.date)


def one_day(count: int, date: str = "2030-01-01") -> dict[str, str]:
    return {f"m{number}": date for number in range(count)}


def feed(shelf: MadeUpShelf) -> list[MatchEvent]:
    return list(merged(shelf, shelf.listed()))


# Many matches as one feed


def test_matches_of_a_day_are_merged_by_time() -> None:
    events = feed(MadeUpShelf(one_day(8)))
    assert all(one.at <= other.at for one, other in pairwise(events))
    turns = [match_id for match_id, _ in groupby(events, key=lambda event: event.match_id)]
    assert len(turns) > 8  # they are played side by side


def test_each_match_is_told_whole_and_in_its_own_order() -> None:
    shelf = MadeUpShelf(one_day(5))
    events = feed(shelf)
    for listed in shelf.listed():
        own = [event for event in events if event.match_id == listed.id]
        assert own == list(timed_events(shelf.read(listed)))


def test_the_order_in_which_matches_are_listed_does_not_matter() -> None:
    dates = one_day(3) | {"early": "2029-06-01", "late": "2031-06-01"}
    backwards = dict(reversed(dates.items()))
    assert feed(MadeUpShelf(dates)) == feed(MadeUpShelf(backwards))


def test_a_match_is_read_only_when_it_is_due() -> None:
    shelf = MadeUpShelf(one_day(4) | {f"d{n}": f"2030-02-{n:02d}" for n in range(1, 9)})
    for event in merged(shelf, shelf.listed()):
        due = {m.id for m in shelf.listed() if starts_at(m.date, m.id) <= event.at}
        assert set(shelf.read_ids) == due


def test_nothing_is_read_before_the_first_message_is_asked_for() -> None:
    shelf = MadeUpShelf(one_day(3))
    events = merged(shelf, shelf.listed())
    assert shelf.read_ids == []
    assert next(events).seq == 0
    assert len(shelf.read_ids) == 1


def test_no_matches_make_no_messages() -> None:
    assert feed(MadeUpShelf({})) == []


def test_an_unreadable_match_is_left_out_and_reported_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, whole = MadeUpShelf(one_day(4), unreadable=["m1"]), MadeUpShelf(one_day(4))
    with caplog.at_level(logging.WARNING):
        events = feed(broken)
    assert events == [event for event in feed(whole) if event.match_id != "m1"]
    assert caplog.messages == ["left out: m1: broken"]


def test_files_that_are_no_matches_are_reported_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "1.json").write_text("{}")
    (tmp_path / "2.json").write_text("half a file")
    with Library() as library:
        shelf = ArchiveShelf(library, tmp_path)
        assert list(merged(shelf, shelf.listed())) == []
    assert sorted(message[:12] for message in caplog.messages) == ["left out: 1:", "left out: 2:"]


# The schedule


MATCH = simulate("m0", SIDES, seed=1)


def test_the_schedule_of_a_match_is_always_the_same() -> None:
    assert list(timed_events(MATCH)) == list(timed_events(simulate("m0", SIDES, seed=1)))


def test_messages_are_counted_from_0_without_gaps_and_say_the_match() -> None:
    first, *rest = timed_events(MATCH)
    assert isinstance(first, MatchStarted)
    assert (first.seq, first.fixture) == (0, MATCH.fixture)
    assert [event.seq for event in rest] == list(range(1, len(MATCH.facts) + 1))
    assert tuple(e.fact for e in rest if not isinstance(e, MatchStarted)) == MATCH.facts
    assert {(event.match_id, event.revision) for event in rest} == {("m0", 0)}


def test_balls_overs_wickets_and_breaks_take_their_time() -> None:
    events = [event for event in timed_events(MATCH) if not isinstance(event, MatchStarted)]
    for before, event in pairwise(events):
        wicket = isinstance(before.fact, Ball) and before.fact.wickets
        expected = WICKET if wicket else 0
        if isinstance(event.fact, Ball):
            expected += BALL + (0 if event.fact.position else NEW_OVER)
        elif isinstance(event.fact, InningsOpening):
            expected += INNINGS_BREAK
        assert event.at - before.at == expected


def test_matches_begin_by_day_spread_over_it() -> None:
    starts = [
        datetime.fromtimestamp(starts_at("2024-05-07", str(n)) / 1_000, UTC) for n in range(99)
    ]
    assert {start.date().isoformat() for start in starts} == {"2024-05-07"}
    clocks = {f"{start:%H:%M}" for start in starts}
    assert len(clocks) == 20
    assert (min(clocks), max(clocks)) == ("10:00", "19:30")


@pytest.mark.parametrize("date", ["", "some day", "2024-13-45"])
def test_a_date_that_is_none_is_the_first_of_2000(date: str) -> None:
    assert starts_at(date, "m") == starts_at("2000-01-01", "m")
    undated = replace(MATCH, fixture=replace(MATCH.fixture, date=date))
    assert next(timed_events(undated)).at == starts_at("2000-01-01", "m0")


def test_matches_that_are_played_together_begin_at_the_same_time_years_apart_as_they_were() -> None:
    shelf = ShippedShelf()
    chosen = [m for m in shelf.listed() if m.id in {"287879", "1144530", "1298150"}]
    assert len({m.date[:4] for m in chosen}) == 3
    events = list(merged(shelf, chosen, together=True))
    begin = {e.match_id: e.at for e in events if isinstance(e, MatchStarted)}
    assert len(set(begin.values())) == 1
    assert [e.at for e in events] == sorted(e.at for e in events)
    first_ends = min(e.at for e in events if isinstance(e, MatchEnded))
    assert {e.match_id for e in events if e.at < first_ends} == set(begin)


def test_matches_that_are_played_together_are_the_same_but_for_their_times() -> None:
    shelf = ShippedShelf()
    chosen = [m for m in shelf.listed() if m.id in {"287879", "1298150"}]

    def told(*, together: bool) -> dict[str, list[MatchEvent]]:
        by_match: dict[str, list[MatchEvent]] = {}
        for event in merged(shelf, chosen, together=together):
            by_match.setdefault(event.match_id, []).append(msgspec.structs.replace(event, at=0))
        return by_match

    assert told(together=True) == told(together=False)
