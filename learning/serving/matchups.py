"""Who faced whom, as numbers: places in the lineups that the match drew at its start."""

from collections import Counter
from collections.abc import Sequence

from cricket.identity_cache import IdentityCache
from features.lineup import Lineup
from forecast.outcomes import EXTRA, OUTCOMES

PLACES = 64  # in a lineup; the last one stands for anybody who is not in it
NOBODY = PLACES - 1
SETTLED = 0.75  # of a full innings: a shorter one does not show who usually bowls how much


def duel(batting: Lineup, bowling: Lineup, batter: str, bowler: str) -> int:
    """The number of the duel between a batter and a bowler."""
    batters, bowlers = _places(batting), _places(bowling)
    return batters.get(batter, NOBODY) * PLACES + bowlers.get(bowler, NOBODY)


def tilt(batting: Lineup, bowling: Lineup, number: int) -> float:
    """What the two of a duel together add to the tilt of a ball; an unknown player adds 0."""
    batter, bowler = divmod(number, PLACES)
    batter_tilt = batting[batter].batting if batter < len(batting) else 0.0
    return batter_tilt + (bowling[bowler].bowling if bowler < len(bowling) else 0.0)


def players(lineup: Lineup) -> tuple[str, ...]:
    """The lineup's players in their places."""
    return tuple(strength.player for strength in lineup[:NOBODY])


def duel_players(lineups: tuple[tuple[str, ...], tuple[str, ...]], number: int) -> tuple[str, str]:
    """Batter and bowler of a duel; "" for an unknown player."""
    return _name(lineups[0], number // PLACES), _name(lineups[1], number % PLACES)


def _in_order(lineup: Lineup) -> dict[str, int]:
    names = players(lineup)
    return {player: names.index(player) for player in names}


_places = IdentityCache(_in_order)  # a match has the same lineups from ball to ball


def _name(lineup: tuple[str, ...], place: int) -> str:
    return lineup[place] if place < len(lineup) else ""


def batting_order(duels: list[tuple[str, str]]) -> tuple[str, ...]:
    """The batters in the order in which they faced their first ball."""
    return tuple(dict.fromkeys(batter for batter, _ in duels if batter))


def spells(
    bowling: tuple[str, ...], codes: Sequence[int], duels: list[tuple[str, str]], full_balls: int
) -> dict[str, float]:
    """Legal balls that each of the bowling side bowled, scaled to a full innings."""
    legal = [code % len(OUTCOMES) != EXTRA for code in codes]
    legal_balls = sum(legal)
    if legal_balls < SETTLED * full_balls:
        return {}
    bowled = Counter(bowler for (_, bowler), counts in zip(duels, legal, strict=True) if counts)
    return {player: bowled[player] * full_balls / legal_balls for player in bowling}
