"""Balls of a record that break the Laws beyond doubt, by what the record itself says.

They are found without the fold, so that what it refuses can be told apart: the record's own
mistake, or one of Overcast.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from cricket.facts import BOWLER_KINDS, Ball, Wicket

Place = tuple[int, int, int]  # innings, over, position

NEVER_OFF_A_WIDE = BOWLER_KINDS - {"stumped", "hit wicket"} | {"hit the ball twice"}  # Law 22.9
NEVER_OFF_A_NO_BALL = BOWLER_KINDS  # Law 21.18
DISMISSED = BOWLER_KINDS | {"run out"}
SETS_RUNNING = {5: 2}  # The Hundred: two sets of five by one bowler; else one over (Law 17.6)


def contradictions(balls: Iterable[Ball], per_over: int) -> frozenset[Place]:
    """The places of the balls that cannot have been bowled as they are recorded."""
    places: set[Place] = set()
    for _, innings in groupby(balls, key=lambda ball: ball.innings):
        recorded = list(innings)
        places.update(_place(ball) for ball in recorded if _impossible(ball))
        places.update(map(_place, _after_being_out(recorded)))
        places.update(map(_place, _overs_running(recorded, SETS_RUNNING.get(per_over, 1))))
    return frozenset(places)


def _place(ball: Ball) -> Place:
    return ball.innings, ball.over, ball.position


def _impossible(ball: Ball) -> bool:
    """Whether a ball contradicts itself."""
    if ball.batter == ball.non_striker:
        return True
    if not ball.wickets:
        return False
    gone = [wicket.player for wicket in ball.wickets]
    return len(set(gone)) < len(gone) or any(_impossible_wicket(ball, w) for w in ball.wickets)


def _impossible_wicket(ball: Ball, wicket: Wicket) -> bool:
    kind = wicket.kind
    if kind in BOWLER_KINDS and wicket.player != ball.batter:
        return True
    off_a_wide = ball.wides > 0 and kind in NEVER_OFF_A_WIDE
    return off_a_wide or (ball.no_balls > 0 and kind in NEVER_OFF_A_NO_BALL)


def _after_being_out(balls: list[Ball]) -> Iterator[Ball]:
    """The balls of batters who had been out: bowled, caught, run out and the like."""
    out: set[str] = set()
    for ball in balls:
        here = (ball.batter, ball.non_striker, *(wicket.player for wicket in ball.wickets))
        if not out.isdisjoint(here):
            yield ball
        out.update(w.player for w in ball.wickets if w.kind in DISMISSED)


def _overs_running(balls: list[Ball], allowed: int) -> Iterator[Ball]:
    """The balls of each over too many that one bowler bowled running, every ball of them."""
    running, before = 0, (-1, "")
    for over, group in groupby(balls, key=lambda ball: ball.over):
        bowled = list(group)
        (bowler, *others) = dict.fromkeys(ball.bowler for ball in bowled)
        again = not others and before == (over - 1, bowler)
        running = running + 1 if again else 1
        before = (over, "" if others else bowler)
        if running > allowed:
            yield from bowled
