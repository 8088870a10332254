"""The season that ships: every match of the IPL of 2024, which nobody chose for how it went.

It is the last one in the archives of the starter models, and they have learned no match of its
format from its first day on: what they say of it is what they would have said at the time.
"""

from cricket.facts import Fixture
from learning.keys import model_key
from producers.recorded import FOLDERS, ShippedShelf, shipped_fixture, shipped_ids

EVENT, YEAR = "Indian Premier League", "2024"
NAME = f"IPL {YEAR}"


def of_the_season(fixture: Fixture) -> bool:
    """Return whether a match is one of the season's."""
    return fixture.event == EVENT and fixture.season == YEAR


def season_shelf() -> ShippedShelf:
    """Return the season's matches; one of them is among the famous ones and lies there."""
    everything = (match_id for folder in FOLDERS for match_id in shipped_ids(folder))
    return ShippedShelf(i for i in everything if of_the_season(shipped_fixture(i)))


def season_days() -> dict[str, str]:
    """Return the season's first day, by the key of the model that forecasts it."""
    shelf = season_shelf()
    first = shelf.listed()[0]
    return {str(model_key(shelf.read(first).fixture)): first.date}
