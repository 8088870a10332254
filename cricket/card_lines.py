"""How one ball changes the lines on the card: batters, bowlers, extras, wickets, the crease."""

from dataclasses import replace
from typing import NamedTuple

from cricket.facts import BOWLER_KINDS, NOT_OUT_KINDS, Ball, Wicket
from cricket.score import mark
from cricket.state import BatterLine, Bowled, BowlerLine, Extras, Fall, Innings, Partnership

_NEW_BATTER = BatterLine()
_NEW_BOWLER = BowlerLine()


def batters_after(batters: dict[str, BatterLine], ball: Ball) -> dict[str, BatterLine]:
    """Every batter's line; a no-ball counts as a ball faced, a wide does not (Law 22.6, 21.15)."""
    lines = batters.copy()
    old = lines.get(ball.batter, _NEW_BATTER)
    runs, boundary = ball.runs, not ball.non_boundary
    lines[ball.batter] = BatterLine(
        old.runs + runs,
        old.balls + ball.faced,
        old.fours + (runs == 4 and boundary),
        old.sixes + (runs == 6 and boundary),
    )
    other = lines.get(ball.non_striker)
    if other is None or other.out in NOT_OUT_KINDS:
        lines[ball.non_striker] = _back(other or _NEW_BATTER)
    for wicket in ball.wickets:
        lines[wicket.player] = _gone(lines.get(wicket.player, _NEW_BATTER), wicket, ball.bowler)
    return lines


def _back(line: BatterLine) -> BatterLine:
    """The line of a batter at the crease: one who retired hurt may resume (Law 25.4.2)."""
    return BatterLine(line.runs, line.balls, line.fours, line.sixes)


def _gone(line: BatterLine, wicket: Wicket, bowler: str) -> BatterLine:
    return BatterLine(
        line.runs,
        line.balls,
        line.fours,
        line.sixes,
        wicket.kind,
        bowler if wicket.kind in BOWLER_KINDS else "",
        wicket.fielders,
        wicket.substitutes,
    )


def bowlers_after(innings: Innings, ball: Ball, legal: int, charged: int) -> dict[str, BowlerLine]:
    """Every bowler's figures; `legal` and `charged` are the over's, with the ball."""
    lines = innings.bowlers.copy()
    if ball.over == innings.over + 1 and not innings.over_done:
        _credit_short_over(innings, lines)
    over_ends = legal >= innings.per_over or ball.over_called
    maiden = _maiden(innings, ball, charged) if over_ends else 0
    old = lines.get(ball.bowler, _NEW_BOWLER)
    runs, boundary = ball.runs, not ball.non_boundary
    cost = runs + ball.wides + ball.no_balls
    lines[ball.bowler] = BowlerLine(
        old.balls + ball.legal,
        old.runs + cost,
        old.wickets + (credited(ball) if ball.wickets else 0),
        old.maidens + maiden,
        old.dots + (not cost and ball.faced),
        old.fours + (runs == 4 and boundary),
        old.sixes + (runs == 6 and boundary),
        old.wides + ball.wides,
        old.no_balls + ball.no_balls,
    )
    return lines


def credited(ball: Ball) -> int:
    """Wickets of the ball that are the bowler's."""
    return sum(wicket.kind in BOWLER_KINDS for wicket in ball.wickets)


def _maiden(innings: Innings, ball: Ball, charged: int) -> int:
    """What a ball of a complete over does to the bowler's maidens: 1, 0 or -1.

    The whole over must be one bowler's; a miscounted one may still be lost by its seventh ball.
    """
    if ball.over != innings.over:  # it was called after its first ball
        return int(not charged)
    if innings.charged or any(bowled.bowler != ball.bowler for bowled in innings.log):
        return 0
    return (not charged) - innings.over_done


def _credit_short_over(innings: Innings, lines: dict[str, BowlerLine]) -> None:
    """Credit a maiden for a short over that nobody called: the next one's first ball shows it."""
    bowlers = {bowled.bowler for bowled in innings.log}
    if len(bowlers) == 1 and not innings.charged:
        line = lines[innings.bowler]
        lines[innings.bowler] = replace(line, maidens=line.maidens + 1)


def extras_after(extras: Extras, ball: Ball) -> Extras:
    """The innings' extras after a ball that had some."""
    return Extras(
        extras.wides + ball.wides,
        extras.no_balls + ball.no_balls,
        extras.byes + ball.byes,
        extras.leg_byes + ball.leg_byes,
        extras.penalty + ball.penalty,
    )


def falls_after(
    innings: Innings, out: tuple[Wicket, ...], ball: Ball, legal: int
) -> tuple[Fall, ...]:
    """The fall of wickets with those of a ball; `legal` are the over's legal balls with it."""
    per_over, runs = innings.per_over, innings.runs + ball.total
    balls = ball.over * per_over + min(legal, per_over)
    return (*innings.fall, *(Fall(wicket.player, runs, balls) for wicket in out))


class Stands(NamedTuple):
    """The partnerships that are completed, and runs and balls of the one that goes on."""

    completed: tuple[Partnership, ...]
    runs: int
    balls: int


def stands_after(innings: Innings, ball: Ball, out: tuple[Wicket, ...]) -> Stands:
    """The partnerships after a ball that took wickets; `out` are its dismissals in order.

    Who was out before the ball (retired, timed out) takes no part in its runs. Who is timed out
    shares an empty partnership with the batter who stayed.
    """
    stands = Stands(innings.partnerships, innings.partnership_runs, innings.partnership_balls)
    ends = (ball.batter, ball.non_striker)
    before = not any(wicket.player in ends for wicket in out)
    if before:
        stands = _broken(stands, (innings.striker, innings.non_striker), out)
    stands = Stands(stands.completed, stands.runs + ball.total, stands.balls + ball.legal)
    return stands if before else _broken(stands, ends, out)


def _broken(stands: Stands, ends: tuple[str, str], out: tuple[Wicket, ...]) -> Stands:
    """The partnerships after dismissals; an end is "" while nobody has come in there."""
    for wicket in out:
        player, number = wicket.player, len(stands.completed) + 1
        if player not in ends:
            ends = (player, next((end for end in reversed(ends) if end), ""))
        stand = Partnership(number, ends, stands.runs, stands.balls)
        stands = Stands((*stands.completed, stand), 0, 0)
        ends = ("", next((end for end in ends if end != player), ""))
    return stands


def written(ball: Ball) -> Bowled:
    """The ball as the scorebook records it."""
    credit = credited(ball) if ball.wickets else 0
    return Bowled(ball.batter, ball.bowler, ball.runs, int(ball.faced), mark(ball), credit)


def free_hit_after(innings: Innings, ball: Ball) -> bool:
    """Whether the next ball is a free hit: after a no-ball, and again if it was not a legal one."""
    if innings.limit is None:
        return False
    return ball.no_balls > 0 or (innings.free_hit and not ball.legal)


def crease_after(ball: Ball, per_over: int = 6, *, over_ends: bool) -> tuple[str, str]:
    """Striker and non-striker for the next ball; "" where a batter has left.

    The batters cross for an odd number of runs run, and change ends with the over. A wide itself
    is not run, nor a no-ball, which costs one run and in The Hundred two; what a record counts
    as no-balls beyond that was run.
    """
    run = ball.runs + ball.byes + ball.leg_byes
    if ball.wides > 1:
        run += ball.wides - 1
    if ball.no_balls > 1 and not (per_over == 5 and ball.no_balls == 2):
        run += ball.no_balls - 1
    striker, non_striker = ball.batter, ball.non_striker
    if ball.wickets:
        gone = {wicket.player for wicket in ball.wickets}
        striker, non_striker = (
            "" if player in gone else player for player in (striker, non_striker)
        )
    crossed = (run % 2 == 1) != over_ends
    return (non_striker, striker) if crossed else (striker, non_striker)
