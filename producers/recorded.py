"""Recorded matches to replay: those that ship with Overcast, or the user's own archives."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

from cricket.archive import Archived, Library, matches_in
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from cricket.facts import Fixture
from producers.schedule import timed_events
from streams.messages.events import MatchStarted, MessageCancelled, decode, encode

SHIPPED = resources.files("producers") / "matches"
DOZEN, SEASON = "", "ipl_2024"  # folders there: the famous matches, the rest of a whole season
FOLDERS = (DOZEN, SEASON)
SHIPPED_SUFFIX = ".jsonl.gz"
DATE = re.compile(rb'"dates"\s*:\s*\[\s*"(\d{4}-\d\d-\d\d)"')
DELIVERY = b'"non_striker"'  # occurs once in every delivery of a Cricsheet file


@dataclass(frozen=True, slots=True)
class Listed:
    """A match that can be replayed, as far as it is known before it is read."""

    id: str
    date: str
    balls: int
    place: Archived | None


class Shelf(Protocol):
    """A source of recorded matches."""

    def listed(self) -> list[Listed]:
        """Return the matches, by date."""

    def read(self, listed: Listed) -> RecordedMatch:
        """Read a listed match."""


class ShippedShelf:
    """Matches inside the package, in Overcast's own event format: by their ids, or the dozen."""

    def __init__(self, ids: Iterable[str] | None = None) -> None:
        self._ids = shipped_ids() if ids is None else list(ids)

    def listed(self) -> list[Listed]:
        """Return the matches, by date."""
        return sorted(map(self._listed, self._ids), key=lambda m: (m.date, m.id))

    def _listed(self, match_id: str) -> Listed:
        lines = shipped_lines(match_id)
        balls = sum(1 for line in lines if b'"ball_bowled"' in line)
        return Listed(match_id, shipped_fixture(match_id).date, balls, None)

    def read(self, listed: Listed) -> RecordedMatch:
        """Read a listed match."""
        return shipped_match(listed.id)


def shipped_ids(folder: str = DOZEN) -> list[str]:
    """Return the ids of the matches in a folder of those that ship."""
    names = [file.name for file in (SHIPPED / folder).iterdir()]
    return [n.removesuffix(SHIPPED_SUFFIX) for n in sorted(names) if n.endswith(SHIPPED_SUFFIX)]


def shipped_lines(match_id: str) -> list[bytes]:
    """Return the messages of a shipped match, one a line; FileNotFoundError if it does not ship."""
    for folder in FOLDERS:
        path = SHIPPED / folder / f"{match_id}{SHIPPED_SUFFIX}"
        if path.is_file():
            return gzip.decompress(path.read_bytes()).splitlines()
    raise FileNotFoundError(f"no match {match_id} ships with Overcast")


def shipped_fixture(match_id: str) -> Fixture:
    """Return what is known of a shipped match when it starts."""
    first = decode(shipped_lines(match_id)[0])
    if not isinstance(first, MatchStarted):
        raise ValueError(  # noqa: TRY004  the file's fault, not the caller's
            f"{match_id}: the shipped file does not begin with match_started"
        )
    return first.fixture


def shipped_match(match_id: str) -> RecordedMatch:
    """Return a shipped match; FileNotFoundError if no match of this id ships."""
    events = map(decode, shipped_lines(match_id))
    facts = (e.fact for e in events if not isinstance(e, MatchStarted | MessageCancelled))
    return RecordedMatch(match_id, shipped_fixture(match_id), tuple(facts))


def ship(match: RecordedMatch, folder: Path) -> Path:
    """Write a match in the shipped format; the same match gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{match.id}{SHIPPED_SUFFIX}"
    lines = b"\n".join(encode(event) for event in timed_events(match)) + b"\n"
    path.write_bytes(gzip.compress(lines, mtime=0))
    return path


class ArchiveShelf:
    """Cricsheet zips, folders or files."""

    def __init__(self, library: Library, *sources: Path) -> None:
        self._library = library
        self._sources = sources

    def listed(self) -> list[Listed]:
        """Return the matches, by date; files without one are no matches: `read` refuses them."""
        matches = [self._listed(place) for place in matches_in(*self._sources)]
        return sorted(matches, key=lambda m: (m.date, m.id))

    def _listed(self, place: Archived) -> Listed:
        try:
            text = self._library.text(place)
        except UnreadableMatchError:  # raised again by `read`, and reported there
            return Listed(place.id, "", 0, place)
        date = DATE.search(text)
        return Listed(place.id, date[1].decode() if date else "", text.count(DELIVERY), place)

    def read(self, listed: Listed) -> RecordedMatch:
        """Read a listed match; UnreadableMatchError if the file holds no match."""
        if listed.place is None:
            raise FileNotFoundError(f"{listed.id}: not in an archive")
        return self._library.read(listed.place)
