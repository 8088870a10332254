"""Careers in matches of one format: those that ship, by year, and those that the page has read.

The careers shown in a match are those up to the day before: they do not change while it is played.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from cricket.careers import Figures, appearances
from cricket.state import Innings
from learning.careers import CareerBook


class Career(msgspec.Struct, frozen=True):
    """Batting and bowling. An average is None where nobody was out, a rate where nothing was faced.

    Strike rate is runs for 100 balls, economy runs an over.
    """

    matches: int
    runs: int
    highest: str
    average: float | None
    strike_rate: float | None
    wickets: int
    best: str
    bowling_average: float | None
    economy: float | None


class Appearance(NamedTuple):
    """A player's part in one match that the page has read."""

    key: str
    date: str
    figures: Figures


@dataclass(slots=True)
class Careers:
    """The shipped careers and all appearances seen, by player and match; `sides` by match."""

    book: CareerBook = field(default_factory=CareerBook)
    appearances: dict[str, dict[str, Appearance]] = field(default_factory=dict)
    sides: dict[str, frozenset[str]] = field(default_factory=dict)

    def enter(
        self, match_id: str, key: str, date: str, elevens: Iterable[str], innings: Iterable[Innings]
    ) -> None:
        """Enter a match as it is now, replacing what was entered of it before."""
        appeared = appearances(elevens, innings)
        for player in self.sides.get(match_id, frozenset()) - appeared.keys():
            del self.appearances[player][match_id]
        for player, figures in appeared.items():
            seen = self.appearances.setdefault(player, {})
            seen[match_id] = Appearance(key, date, figures)
        self.sides[match_id] = frozenset(appeared)

    def before(self, player: str, key: str, date: str) -> Career | None:
        """Return the player's career in a key's matches up to the day before; None without one.

        What was seen on days that the shipped careers cover is in them already.
        """
        total = self.book.before(key, player, date)
        covered = self.until(key, date) if total else ""
        figures = total or Figures()
        for seen in self.appearances.get(player, {}).values():
            if seen.key == key and covered < seen.date < date:
                figures = figures.plus(seen.figures)
        return _career(figures) if figures.matches else None

    def until(self, key: str, date: str) -> str:
        """Return the day up to which the careers that ship reach, before a date; "" without any."""
        return self.book.until(key, date)


def _career(figures: Figures) -> Career:
    f = figures
    return Career(
        matches=f.matches,
        runs=f.runs,
        highest=f.highest,
        average=f.runs / f.outs if f.outs else None,
        strike_rate=100 * f.runs / f.faced if f.faced else None,
        wickets=f.wickets,
        best=f.best_bowling,
        bowling_average=f.conceded / f.wickets if f.wickets else None,
        economy=6 * f.conceded / f.bowled if f.bowled else None,
    )
