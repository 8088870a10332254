"""Careers: what players did with bat and ball in some matches, added up."""

from collections.abc import Iterable
from typing import NamedTuple

from cricket.facts import NOT_OUT_KINDS
from cricket.state import BatterLine, BowlerLine, Innings

NONE = -1  # of `high` and `best`: never batted, never bowled
MOST_CONCEDED = 999  # runs that are told apart in `best`


class Figures(NamedTuple):
    """A player's matches added up, super overs left out; all are sums but `high` and `best`.

    `high` is the highest score doubled, and one more if it was not out; `best` has the wickets of
    the best bowling in its thousands, and below them 999 less its runs.
    """

    matches: int = 0
    runs: int = 0
    faced: int = 0
    outs: int = 0
    high: int = NONE
    bowled: int = 0
    conceded: int = 0
    wickets: int = 0
    best: int = NONE

    def plus(self, other: "Figures") -> "Figures":
        """Both together.

        >>> both = Figures(1, 30, 20, 1, high=60).plus(Figures(1, 12, 6, 0, high=25))
        >>> both.matches, both.runs, both.outs, both.highest
        (2, 42, 1, '30')
        """
        summed = Figures(*map(sum, zip(self, other, strict=True)))
        high, best = max(self.high, other.high), max(self.best, other.best)
        return summed._replace(high=high, best=best)

    @property
    def highest(self) -> str:
        """The highest score, with a star if it was not out; "" if the player never batted.

        >>> Figures(high=101).highest
        '50*'
        """
        return "" if self.high == NONE else f"{self.high // 2}{'*' if self.high % 2 else ''}"

    @property
    def best_bowling(self) -> str:
        """The best bowling, such as "4/17"; "" if the player never bowled.

        >>> _bowled(BowlerLine(balls=24, runs=17, wickets=4)).best_bowling
        '4/17'
        """
        if self.best == NONE:
            return ""
        wickets, left = divmod(self.best, MOST_CONCEDED + 1)
        return f"{wickets}/{MOST_CONCEDED - left}"


def appearances(elevens: Iterable[str], innings: Iterable[Innings]) -> dict[str, Figures]:
    """Everybody's part in one match, also of those who neither batted nor bowled."""
    found = dict.fromkeys(elevens, Figures())
    for each in innings:
        if each.super_over:
            continue
        lines = [(player, _batted(line)) for player, line in each.batters.items()]
        lines += [(player, _bowled(line)) for player, line in each.bowlers.items()]
        for player, figures in lines:
            found[player] = found.get(player, Figures()).plus(figures)
    return {player: figures._replace(matches=1) for player, figures in found.items()}


def _batted(line: BatterLine) -> Figures:
    out = bool(line.out) and line.out not in NOT_OUT_KINDS
    high = 2 * line.runs + (not out)
    return Figures(runs=line.runs, faced=line.balls, outs=int(out), high=high)


def _bowled(line: BowlerLine) -> Figures:
    best = line.wickets * (MOST_CONCEDED + 1) + MOST_CONCEDED - min(line.runs, MOST_CONCEDED)
    return Figures(bowled=line.balls, conceded=line.runs, wickets=line.wickets, best=best)
