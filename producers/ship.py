"""Writes the shipped matches again: `python -m producers.ship ARCHIVE… --to producers/matches`.

These are the famous ones, and in a folder of its own the rest of a season.
"""

import argparse
from pathlib import Path

from cricket.archive import Archived, Library, matches_in
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from producers.recorded import SEASON, ship
from producers.season import of_the_season
from streams.failure import run

FAMOUS = {
    "1426294": "IPL 2024, Delhi v Rajasthan: the page that started it",
    "287879": "World T20 2007, final: India v Pakistan, five runs",
    "1181768": "IPL 2019, final: Mumbai v Chennai, one run",
    "1216517": "IPL 2020, Mumbai v Punjab: a tie and two super overs",
    "1298150": "T20 World Cup 2022: India v Pakistan at the MCG, the last ball",
    "1415755": "T20 World Cup 2024, final: India v South Africa, 30 off 30",
    "1082617": "IPL 2017, Bangalore all out for 49",
    "1345425": "Women's T20I 2022: India v Australia, a tie and a super over",
    "1144530": "World Cup 2019, final: England v New Zealand, two ties",
    "238200": "ODI 2006, Johannesburg: 434 chased by South Africa",
    "656491": "World Cup 2015, semi-final: New Zealand v South Africa, D/L",
    "1085975": "Women's World Cup 2017, final: England v India, seven for 28",
}


def main() -> None:
    """Read the matches that ship from Cricsheet archives and write them in the event format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archives", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    arguments = parser.parse_args()
    with Library() as library:
        arguments.to.mkdir(parents=True, exist_ok=True)
        for archived in matches_in(*arguments.archives):
            match = _read(library, archived)
            if match is None:
                continue
            if match.id in FAMOUS:
                print(ship(match, arguments.to), FAMOUS[match.id])
            elif of_the_season(match.fixture):
                print(ship(match, arguments.to / SEASON))


def _read(library: Library, archived: Archived) -> RecordedMatch | None:
    """Return the match, None if the file holds none; a famous one must be readable."""
    try:
        return library.read(archived)
    except UnreadableMatchError:
        if archived.id in FAMOUS:
            raise
        return None


if __name__ == "__main__":
    run(main)
