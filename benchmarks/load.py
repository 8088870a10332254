"""The load of a bench: recorded matches, or simulated ones, as the messages of a feed."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from cricket.archive import Library
from cricket.cricsheet import RecordedMatch
from overcast.commands.shelves import listed_on
from producers.recorded import ArchiveShelf
from producers.replay import merged
from producers.schedule import timed_events
from producers.simulator import season
from streams.messages.events import MatchEvent, encode

SEED = 2026


@dataclass(frozen=True, slots=True)
class Load:
    """Messages in feed order; `name` says what they are, `digest` hashes their bytes."""

    name: str
    messages: list[tuple[bytes, bytes]]
    digest: str


def archived(data: Path) -> Load:
    """All matches of a Cricsheet archive, merged by time."""
    with ExitStack() as stack:
        shelf = ArchiveShelf(stack.enter_context(Library()), data)
        return _load(data.name, merged(shelf, listed_on(shelf, data)))


def simulated(at_once: int, messages: int) -> Load:
    """So many messages of made-up T20s, `at_once` of them being played at any time."""
    events = islice(side_by_side(_endless(), at_once), messages)
    return _load(f"{messages:,} messages of simulated T20s, {at_once} at once, seed {SEED}", events)


def side_by_side(matches: Iterable[RecordedMatch], at_once: int) -> Iterator[MatchEvent]:
    """A message of each in turns; a match that ends is followed by the next."""
    coming = iter(matches)
    playing = [timed_events(match) for match in islice(coming, at_once)]
    for turn in count():
        if not playing:
            return
        place = turn % len(playing)
        event = next(playing[place], None)
        while event is None:
            following = next(coming, None)
            if following is None:
                return
            playing[place] = timed_events(following)
            event = next(playing[place], None)
        yield event


def _endless() -> Iterator[RecordedMatch]:
    return season(1_000_000, SEED)


def _load(name: str, events: Iterator[MatchEvent]) -> Load:
    messages = [(event.match_id.encode(), encode(event)) for event in events]
    digest = hashlib.sha256(b"\n".join(value for _, value in messages)).hexdigest()
    return Load(name, messages, digest)
