"""The careers that ship: everybody's figures in the recorded matches, by model key and year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from cricket.careers import Figures, appearances
from cricket.cricsheet import RecordedMatch
from cricket.play import folded

Years = dict[str, dict[str, Figures]]  # figures by player and year


class KeyCareers(msgspec.Struct, frozen=True):
    """The careers in the matches of one model key; `last` is the day of the last one."""

    last: str
    players: Years


@dataclass(frozen=True, slots=True)
class CareerBook:
    """The careers of all keys. It knows each year as a whole: a career ends with a year."""

    keys: Mapping[str, KeyCareers] = field(default_factory=dict)

    def before(self, key: str, player: str, date: str) -> Figures | None:
        """Return a player's figures of the years before a date's; None if there are none."""
        careers = self.keys.get(key)
        years = careers.players.get(player, {}) if careers else {}
        total = Figures()
        for year, figures in years.items():
            if year < date[:4]:
                total = total.plus(figures)
        return total if total.matches else None

    def until(self, key: str, date: str) -> str:
        """Return the day up to which the careers before a date are known; "" if not at all.

        It is the last day of the year before, or that of the last recorded match.
        """
        careers = self.keys.get(key)
        if careers is None or not date[:4].isdigit():
            return ""
        return min(f"{int(date[:4]) - 1}-12-31", careers.last)


def careers_of(matches: Iterable[RecordedMatch]) -> KeyCareers:
    """Return the careers in recorded matches of one key."""
    players: Years = {}
    last = ""
    for match in matches:
        fixture, year = match.fixture, match.fixture.date[:4]
        last = max(last, fixture.date)
        elevens = [player for side in fixture.players.values() for player in side]
        state, _ = folded(fixture, match.facts)
        for player, figures in appearances(elevens, state.innings).items():
            years = players.setdefault(player, {})
            years[year] = years.get(year, Figures()).plus(figures)
    return KeyCareers(last, players)


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(dict[str, KeyCareers])


def encode(book: Mapping[str, KeyCareers]) -> bytes:
    """The careers as JSON in UTF-8, keys sorted."""
    return _ENCODER.encode(book)


def decode(value: bytes) -> CareerBook:
    """The careers; msgspec.DecodeError if the value holds none."""
    return CareerBook(_DECODER.decode(value))
