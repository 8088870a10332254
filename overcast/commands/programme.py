"""What a demo plays: matches to watch, then many at full speed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cricket.archive import Library
from cricket.cricsheet import UnreadableMatchError
from cricket.formats import Unsupported
from learning.keys import model_key
from overcast.commands.shelves import listed_on, shelf_of
from producers import season
from producers.recorded import Listed, Shelf, ShippedShelf
from producers.replay import Pace, merged
from streams.messages.events import BallBowled, MatchEvent

WATCHED = "1298150"  # India v Pakistan at the MCG: this match comes first, slowly enough to watch
WATCHED_RATE = 12.0  # messages a second
LOOK_SECONDS = 0.2
DAY_MS = 86_400_000
DAY_LOOK_SECONDS = 0.01  # a season has some sixty days


@dataclass(frozen=True, slots=True)
class Programme:
    """What is played: some matches to watch, then the rest at full speed.

    `by_day`: no ball is sent before those of earlier days have their forecasts, so that none is
    forecast by a model that has learned a later match.
    """

    shelf: Shelf
    watched: list[Listed]
    title: str
    rest: list[Listed]
    by_day: bool = False

    @property
    def scored(self) -> set[str]:
        """The matches of the summary: those at full speed, if there are any."""
        return {match.id for match in self.rest or self.watched}

    def paced(self, answered: Callable[[], int]) -> Iterator[MatchEvent]:
        """The events of what is watched, each when it is due, once the first ball is `answered`.

        Before its first forecast a worker makes the tables of its models.
        """
        events = merged(self.shelf, self.watched)
        for event in events:
            yield event
            if isinstance(event, BallBowled):
                break
        else:
            return  # no ball, no forecast to wait for
        while not answered():
            time.sleep(LOOK_SECONDS)
        yield from Pace(time.monotonic, time.sleep, rate=WATCHED_RATE).timed(events)

    def at_full_speed(self, answered: Callable[[], int]) -> Iterator[MatchEvent]:
        """The events of the rest, as fast as they are taken, or day by day as fast as that goes."""
        events = merged(self.shelf, self.rest)
        if not self.by_day:
            yield from events
            return
        due = answered()
        for _, day in groupby(events, key=lambda event: event.at // DAY_MS):
            while answered() < due:
                time.sleep(DAY_LOOK_SECONDS)
            for event in day:
                due += isinstance(event, BallBowled)
                yield event


def shipped() -> Programme:
    """Return the programme without an archive: a famous match, then a whole season."""
    watched = ShippedShelf([WATCHED]).listed()
    shelf = season.season_shelf()
    return Programme(shelf, watched, season.NAME, shelf.listed(), by_day=True)


def own(library: Library, data: Path) -> Programme:
    """Return the programme of the user's archive: its first match that is forecast, then others."""
    shelf = shelf_of(library, data)
    matches = listed_on(shelf, data)
    first = next((match for match in matches if _is_forecast(shelf, match)), None)
    watched = [] if first is None else [first]
    rest = [match for match in matches if match is not first]
    return Programme(shelf, watched, data.name, rest)


def _is_forecast(shelf: Shelf, listed: Listed) -> bool:
    try:
        return not isinstance(model_key(shelf.read(listed).fixture), Unsupported)
    except UnreadableMatchError:
        return False
