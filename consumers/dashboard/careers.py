"""Careers, from the matches that the page has seen: no record book, and it says so.

A match's careers are those of the matches of earlier days: they do not move while it is played.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from cricket.facts import NOT_OUT_KINDS
from cricket.state import Innings


class Career(msgspec.Struct, frozen=True):
    """Of the matches seen: batting, bowling. Averages are None where nobody was out."""

    matches: int
    runs: int
    highest: str
    average: float | None
    wickets: int
    best: str
    bowling_average: float | None


class Appearance(msgspec.Struct, frozen=True):
    """A player's part in one match; `batted` and `bowled` are innings by innings."""

    date: str
    batted: tuple[tuple[int, bool], ...] = ()  # runs, out
    bowled: tuple[tuple[int, int], ...] = ()  # wickets, runs


@dataclass(slots=True)
class Careers:
    """Everybody's appearances, by player and match."""

    seen: dict[str, dict[str, Appearance]] = field(default_factory=dict)
    sides: dict[str, frozenset[str]] = field(default_factory=dict)

    def enter(
        self, match_id: str, date: str, elevens: Iterable[str], innings: Mapping[int, Innings]
    ) -> None:
        """A match as it stands, in place of what was entered of it before."""
        appeared = _appearances(date, elevens, innings)
        for player in self.sides.get(match_id, frozenset()) - appeared.keys():
            del self.seen[player][match_id]
        for player, appearance in appeared.items():
            self.seen.setdefault(player, {})[match_id] = appearance
        self.sides[match_id] = frozenset(appeared)

    def before(self, player: str, date: str) -> Career | None:
        """The player's career until the day before; None for one who was not seen."""
        own = [seen for seen in self.seen.get(player, {}).values() if seen.date < date]
        return _career(own) if own else None


def _appearances(
    date: str, elevens: Iterable[str], innings: Mapping[int, Innings]
) -> dict[str, Appearance]:
    batted: dict[str, list[tuple[int, bool]]] = {player: [] for player in elevens}
    bowled: dict[str, list[tuple[int, int]]] = {}
    for one in innings.values():
        if one.super_over:
            continue
        for player, line in one.batters.items():
            out = bool(line.out) and line.out not in NOT_OUT_KINDS
            batted.setdefault(player, []).append((line.runs, out))
        for player, figures in one.bowlers.items():
            bowled.setdefault(player, []).append((figures.wickets, figures.runs))
    return {
        player: Appearance(date, tuple(batted.get(player, ())), tuple(bowled.get(player, ())))
        for player in batted | bowled
    }


def _career(own: list[Appearance]) -> Career:
    batted = [b for seen in own for b in seen.batted]
    bowled = [b for seen in own for b in seen.bowled]
    runs, outs = sum(r for r, _ in batted), sum(out for _, out in batted)
    wickets, conceded = sum(w for w, _ in bowled), sum(r for _, r in bowled)
    highest = max(batted, key=lambda b: (b[0], not b[1]), default=None)
    best = max(bowled, key=lambda b: (b[0], -b[1]), default=None)
    return Career(
        matches=len(own),
        runs=runs,
        highest=f"{highest[0]}{'' if highest[1] else '*'}" if highest else "",
        average=runs / outs if outs else None,
        wickets=wickets,
        best=f"{best[0]}/{best[1]}" if best else "",
        bowling_average=conceded / wickets if wickets else None,
    )
