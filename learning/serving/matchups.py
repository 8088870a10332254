"""Who faced whom, as numbers: places in the lineups that the match drew at its start."""

from collections import Counter
from collections.abc import Sequence

from cricket.identity_cache import IdentityCache
from features.lineup import Lineup
from forecast.outcomes import EXTRA, OUTCOMES

PLACES = 64  # in a lineup, the last of them for whoever is not in it
NOBODY = PLACES - 1
SETTLED = 0.75  # of a full innings: a shorter one tells nothing of who bowls how much


def duel(batting: Lineup, bowling: Lineup, batter: str, bowler: str) -> int:
    """The number of a batter's and a bowler's duel."""
    facing, bowled = _places(batting), _places(bowling)
    return facing.get(batter, NOBODY) * PLACES + bowled.get(bowler, NOBODY)


def tilt(batting: Lineup, bowling: Lineup, number: int) -> float:
    """What the two together add to the tilt of a ball; nothing is known of a stranger."""
    facing, bowled = divmod(number, PLACES)
    adds = batting[facing].batting if facing < len(batting) else 0.0
    return adds + (bowling[bowled].bowling if bowled < len(bowling) else 0.0)


def players(lineup: Lineup) -> tuple[str, ...]:
    """The lineup's players in their places."""
    return tuple(strength.player for strength in lineup[:NOBODY])


def duel_players(lineups: tuple[tuple[str, ...], tuple[str, ...]], number: int) -> tuple[str, str]:
    """Batter and bowler of a duel; "" for a stranger."""
    return _name(lineups[0], number // PLACES), _name(lineups[1], number % PLACES)


def _in_order(lineup: Lineup) -> dict[str, int]:
    names = players(lineup)
    return {player: names.index(player) for player in names}


_places = IdentityCache(_in_order)  # the elevens are drawn once a match


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
    whole = sum(legal)
    if whole < SETTLED * full_balls:
        return {}
    bowled = Counter(who for (_, who), counts in zip(duels, legal, strict=True) if counts)
    return {player: bowled[player] * full_balls / whole for player in bowling}
