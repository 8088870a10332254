"""Careers over the matches that the page has read: not a complete record, and labelled so.

The careers shown in a match are those up to the day before: they do not change while it is played.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from cricket.facts import NOT_OUT_KINDS
from cricket.state import Innings


class Career(msgspec.Struct, frozen=True):
    """Batting and bowling in the matches read. An average is None where nobody was out."""

    matches: int
    runs: int
    highest: str
    average: float | None
    wickets: int
    best: str
    bowling_average: float | None


class Appearance(msgspec.Struct, frozen=True):
    """A player's part in one match; `batted` and `bowled` have an entry for each innings."""

    date: str
    batted: tuple[tuple[int, bool], ...] = ()  # runs, out
    bowled: tuple[tuple[int, int], ...] = ()  # wickets, runs


@dataclass(slots=True)
class Careers:
    """All appearances, by player and match; `sides` are the players of each match."""

    appearances: dict[str, dict[str, Appearance]] = field(default_factory=dict)
    sides: dict[str, frozenset[str]] = field(default_factory=dict)

    def enter(
        self, match_id: str, date: str, elevens: Iterable[str], innings: Mapping[int, Innings]
    ) -> None:
        """Enter a match as it is now, replacing what was entered of it before."""
        appeared = _appearances(date, elevens, innings)
        for player in self.sides.get(match_id, frozenset()) - appeared.keys():
            del self.appearances[player][match_id]
        for player, appearance in appeared.items():
            self.appearances.setdefault(player, {})[match_id] = appearance
        self.sides[match_id] = frozenset(appeared)

    def before(self, player: str, date: str) -> Career | None:
        """Return the player's career up to the day before; None if there is none."""
        matches = self.appearances.get(player, {}).values()
        earlier = [appearance for appearance in matches if appearance.date < date]
        return _career(earlier) if earlier else None


def _appearances(
    date: str, elevens: Iterable[str], innings: Mapping[int, Innings]
) -> dict[str, Appearance]:
    batted: dict[str, list[tuple[int, bool]]] = {player: [] for player in elevens}
    bowled: dict[str, list[tuple[int, int]]] = {}
    for each in innings.values():
        if each.super_over:
            continue
        for player, line in each.batters.items():
            out = bool(line.out) and line.out not in NOT_OUT_KINDS
            batted.setdefault(player, []).append((line.runs, out))
        for player, figures in each.bowlers.items():
            bowled.setdefault(player, []).append((figures.wickets, figures.runs))
    return {
        player: Appearance(date, tuple(batted.get(player, ())), tuple(bowled.get(player, ())))
        for player in batted | bowled
    }


def _career(appearances: list[Appearance]) -> Career:
    batted = [b for match in appearances for b in match.batted]
    bowled = [b for match in appearances for b in match.bowled]
    runs, outs = sum(r for r, _ in batted), sum(out for _, out in batted)
    wickets, conceded = sum(w for w, _ in bowled), sum(r for _, r in bowled)
    highest = max(batted, key=lambda b: (b[0], not b[1]), default=None)
    best = max(bowled, key=lambda b: (b[0], -b[1]), default=None)
    return Career(
        matches=len(appearances),
        runs=runs,
        highest=f"{highest[0]}{'' if highest[1] else '*'}" if highest else "",
        average=runs / outs if outs else None,
        wickets=wickets,
        best=f"{best[0]}/{best[1]}" if best else "",
        bowling_average=conceded / wickets if wickets else None,
    )
