"""How one ball changes the lines on the card: batters, bowlers, extras, wickets, the crease."""

from cricket.facts import BOWLER_KINDS, Ball
from cricket.state import BatterLine, BowlerLine, Extras, Fall, Innings

_NEW_BATTER = BatterLine()
_NEW_BOWLER = BowlerLine()


def batters_after(batters: dict[str, BatterLine], ball: Ball) -> dict[str, BatterLine]:
    """Every batter's line; a no-ball counts as a ball faced, a wide does not."""
    lines = dict(batters)
    old = lines.get(ball.batter, _NEW_BATTER)
    boundary = not ball.non_boundary
    lines[ball.batter] = BatterLine(
        old.runs + ball.runs,
        old.balls + (not ball.wides),
        old.fours + (boundary and ball.runs == 4),
        old.sixes + (boundary and ball.runs == 6),
    )
    lines.setdefault(ball.non_striker, _NEW_BATTER)
    for wicket in ball.wickets:
        line = lines.get(wicket.player, _NEW_BATTER)
        lines[wicket.player] = BatterLine(
            line.runs, line.balls, line.fours, line.sixes, wicket.kind
        )
    return lines


def bowlers_after(
    bowlers: dict[str, BowlerLine], ball: Ball, *, maiden: bool
) -> dict[str, BowlerLine]:
    """Every bowler's figures; `maiden` if this ball completes a maiden over."""
    lines = dict(bowlers)
    old = lines.get(ball.bowler, _NEW_BOWLER)
    credited = sum(w.kind in BOWLER_KINDS for w in ball.wickets)
    lines[ball.bowler] = BowlerLine(
        old.balls + ball.legal,
        old.runs + ball.charged,
        old.wickets + credited,
        old.maidens + maiden,
        old.dots + (not ball.charged),
    )
    return lines


def extras_after(extras: Extras, ball: Ball) -> Extras:
    """The innings' extras; the same object where the ball had none."""
    if not ball.extras:
        return extras
    return Extras(
        extras.wides + ball.wides,
        extras.no_balls + ball.no_balls,
        extras.byes + ball.byes,
        extras.leg_byes + ball.leg_byes,
        extras.penalty + ball.penalty,
    )


def falls_after(innings: Innings, ball: Ball, balls: int) -> tuple[Fall, ...]:
    """The fall of wickets with this ball's, at `balls` legal balls."""
    runs = innings.runs + ball.total
    return (*innings.fall, *(Fall(w.player, runs, balls) for w in ball.dismissals))


def crease_after(ball: Ball, *, over_ends: bool) -> tuple[str, str]:
    """Striker and non-striker for the next ball; "" where a batter has left.

    The batters cross for an odd number of runs run, and change ends with the over. A wide or a
    no-ball itself is not run.
    """
    run = ball.runs + ball.byes + ball.leg_byes + max(0, ball.wides - 1)
    ends = (ball.batter, ball.non_striker)
    gone = {w.player for w in ball.wickets}
    striker, non_striker = ("" if player in gone else player for player in ends)
    crossed = (run % 2 == 1) != over_ends
    return (non_striker, striker) if crossed else (striker, non_striker)
