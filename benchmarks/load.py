"""The load of a bench: recorded matches, or simulated ones, as the messages of a feed."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cricket.archive import Library
from producers.recorded import ArchiveShelf
from producers.replay import merged
from producers.schedule import timed_events
from producers.simulator import season
from streams.events import MatchEvent, encode

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
        return _load(data.name, merged(shelf, shelf.listed()))


def simulated(matches: int) -> Load:
    """A season of made-up T20s, one after another."""
    events = (event for match in season(matches, SEED) for event in timed_events(match))
    return _load(f"{matches} simulated T20 matches, seed {SEED}", events)


def _load(name: str, events: Iterator[MatchEvent]) -> Load:
    messages = [(event.match_id.encode(), encode(event)) for event in events]
    digest = hashlib.sha256(b"\n".join(value for _, value in messages)).hexdigest()
    return Load(name, messages, digest)
