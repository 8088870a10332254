"""What the scorebook shows beyond the scorecard: overs, spells, who faced whom."""

from collections.abc import Mapping
from itertools import chain

from cricket.identity_cache import IdentityCache
from cricket.state import Bowled, Innings, Over

SAME_SPELL = 2  # overs from one over of a bowler to the next: every other one, from one end


def all_overs(innings: Innings) -> tuple[Over, ...]:
    """Every over, including the one being bowled."""
    if not innings.log:
        return innings.overs
    now = Over(
        innings.over, innings.runs, innings.wickets, innings.legal, innings.charged, innings.log
    )
    return (*innings.overs, now)


def deliveries(innings: Innings) -> list[Bowled]:
    """Every delivery, in order."""
    return list(chain.from_iterable(over.log for over in all_overs(innings)))


def faced(innings: Innings, batter: str) -> list[Bowled]:
    """Every delivery to a batter, in order."""
    now = [bowled for bowled in innings.log if bowled[0] == batter]
    return [*_by_batter(innings.overs).get(batter, ()), *now]


def _faced(overs: tuple[Over, ...]) -> Mapping[str, list[Bowled]]:
    by_batter: dict[str, list[Bowled]] = {}
    for over in overs:
        for bowled in over.log:
            by_batter.setdefault(bowled.batter, []).append(bowled)
    return by_batter


_by_batter = IdentityCache(_faced)  # the completed overs stay the same object for six balls


def last_balls(innings: Innings, count: int, batter: str | None = None) -> list[str]:
    """The marks of the last deliveries; if a batter is named, of the last ones he faced."""
    balls = deliveries(innings) if batter is None else faced(innings, batter)
    return [b.mark for b in balls[-count:]]


def against(innings: Innings, batter: str, bowler: str) -> tuple[int, int]:
    """Runs off the bat and balls faced of a batter against a bowler."""
    met = [b for b in faced(innings, batter) if b.bowler == bowler]
    return sum(b.runs for b in met), sum(b.faced for b in met)


def spell(innings: Innings, bowler: str) -> list[Over]:
    """The overs of a bowler's latest spell, in order."""
    overs: list[Over] = []
    for over in reversed(all_overs(innings)):  # runs for every ball, so it stops early
        if overs and overs[-1].number - over.number > SAME_SPELL:
            break
        if any([bowled.bowler == bowler for bowled in over.log]):  # noqa: C419  faster for so few
            overs.append(over)
    return overs[::-1]


def balls_bowled(innings: Innings, bowler: str) -> int:
    """Legal balls as a bowler's figures count them: a complete over is one, however miscounted."""
    balls = innings.bowlers[bowler].balls
    for over in all_overs(innings):
        complete = over.number < innings.over or innings.over_done
        if complete and over.bowlers == (bowler,):
            balls += innings.per_over - over.legal
    return balls
