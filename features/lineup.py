"""The elevens: what the batting and bowling still to come add to an innings' tilt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from cricket.identity_cache import IdentityCache
from cricket.state import Innings

WICKET_CHANCE = {120: 0.045, 300: 0.028}  # a ball, by the format's balls; how batting is shared out
PAIR = 0.5  # of the balls are faced by each of the two who are in
QUOTA = 5  # a bowler bowls at most a fifth of an innings
FULL_SHARE = 1.15  # who bowls at all that day bowls a little more than usual
SELDOM = 0.02  # of a usual spell: a bowler may bowl on after his usual overs
NOBODY = 1e-9  # balls, so that no bowler's weight is zero


@dataclass(frozen=True, slots=True)
class Strength:
    """A player as history knows him when a match starts.

    `batting` and `bowling` are tilts of the side that bats; `position` is where he usually bats,
    from 0; `balls` how many he usually bowls in a full innings.
    """

    player: str
    batting: float
    bowling: float
    position: float
    balls: float


Lineup = tuple[Strength, ...]  # in the usual batting order


@lru_cache
def shares(full_balls: int) -> tuple[tuple[float, ...], ...]:
    """Shares of the balls left that each batter will face, by their number: [balls + 1][11].

    The two who are in come first, then the next in. A wicket falls with a fixed chance a ball and
    takes either batter.
    """
    chance = WICKET_CHANCE[full_balls]
    places = 11
    faced, there = [0.0] * places, [1.0, 1.0] + [0.0] * (places - 2)
    fallen = [1.0] + [0.0] * places
    table = [tuple(faced)]
    for _ in range(full_balls):
        faced = [f + PAIR * t for f, t in zip(faced, there, strict=True)]
        whole = sum(faced)
        table.append(tuple(f / whole for f in faced))
        there = [t * (1.0 - chance * PAIR) for t in there]
        for place in range(2, places):
            there[place] += fallen[place - 2] * chance
        fallen = [
            f * (1.0 - chance) + before * chance
            for f, before in zip(fallen, [0.0, *fallen[:-1]], strict=True)
        ]
    return tuple(table)


def at_the_start(batting: Lineup, bowling: Lineup, full_balls: int) -> float:
    """The tilt that two elevens bring to a full innings."""
    due = [strength.batting for strength in batting]
    return _weighted(shares(full_balls)[full_balls], due) + _mean(
        [min(s.balls, full_balls / QUOTA) + NOBODY for s in bowling], bowling
    )


def ahead(innings: Innings, batting: Lineup, bowling: Lineup, full_balls: int) -> float:
    """The tilt that the players add to the rest of an innings, as far as it can be foreseen."""
    left = min(innings.balls_left or 0, full_balls)
    known, due = _known(batting), _yet_to_bat(innings, batting)
    pair = (_next(innings.striker, known, due), _next(innings.non_striker, known, due))
    return _weighted(shares(full_balls)[left], (*pair, *due)) + to_bowl(
        innings, bowling, full_balls
    )


def due(innings: Innings, batting: Lineup, bowling: Lineup, full_balls: int) -> float:
    """The tilt that the players of the next ball add; between overs, any bowler may bowl it."""
    waiting = [] if innings.striker else _yet_to_bat(innings, batting)
    facing = _next(innings.striker, _known(batting), waiting)
    if innings.position < 0 or innings.over_done:
        return facing + to_bowl(innings, bowling, full_balls)
    return facing + sum(s.bowling for s in bowling if s.player == innings.bowler)


def to_bowl(innings: Innings, bowling: Lineup, full_balls: int) -> float:
    """The mean bowling tilt of the balls left: the bowlers' usual spells less what they bowled."""
    lines, quota = innings.bowlers, full_balls / QUOTA
    balls = tilt = 0.0
    for strength in bowling:  # written out: it runs eleven times for every ball
        line = lines.get(strength.player)
        bowled = line.balls if line else 0
        usual = strength.balls if strength.balls < quota else quota  # noqa: FURB136  half the time
        rest, least, most = usual * FULL_SHARE - bowled, usual * SELDOM, quota - bowled
        rest = least if rest < least else rest  # noqa: FURB136
        rest = most if rest > most else rest  # noqa: FURB136
        rest = NOBODY if rest < NOBODY else rest  # noqa: FURB136
        balls += rest
        tilt += rest * strength.bowling
    return tilt / balls if balls else 0.0


def _batting(batting: Lineup) -> dict[str, float]:
    return {s.player: s.batting for s in batting}


_known = IdentityCache(_batting)  # the elevens are drawn once a match


def _yet_to_bat(innings: Innings, batting: Lineup) -> list[float]:
    return [s.batting for s in batting if s.player not in innings.batters]


def _next(player: str, known: dict[str, float], due: list[float]) -> float:
    """The batting of the player at this end; of the next man in where the end is empty."""
    if player:
        return known.get(player, 0.0)
    return due.pop(0) if due else 0.0


def _weighted(share: Sequence[float], batting: Iterable[float]) -> float:
    return float(sum(map(mul, share, batting)))


def _mean(weights: list[float], bowling: Lineup) -> float:
    whole = sum(weights)
    return float(sum(map(mul, weights, [s.bowling for s in bowling]))) / whole if whole else 0.0
