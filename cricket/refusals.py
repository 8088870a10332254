"""Wrong cricket: why a ball cannot have been bowled now, with the Law it breaks.

The numbers are those of the Laws of Cricket, 2017 code. What umpires may let pass (a bowler
replaced in mid-over, an over too many of one bowler) is not refused: a refusal loses the ball.
"""

from cricket.facts import BOWLER_KINDS, NOT_OUT_KINDS, Ball, Fixture
from cricket.state import Innings, MatchState

MOST_RUNS_OFF_A_BALL = 20  # far above any recorded ball; a larger number is a broken feed
A_SIDE = 11
SETS_OF_TEN = 2  # The Hundred: a bowler may bowl two sets of five running
OFF_A_NO_BALL = NOT_OUT_KINDS | {  # Law 21.18; retirements and the like can come at any time
    "run out",
    "obstructing the field",
    "hit the ball twice",
    "handled the ball",
    "timed out",
    "retired out",
}
OFF_A_WIDE = OFF_A_NO_BALL - {"hit the ball twice"} | {"stumped", "hit wicket"}  # Law 22.9
WITHOUT_BATTING = NOT_OUT_KINDS | {"timed out", "retired out", "absent"}


def why_not(state: MatchState, innings: Innings | None, ball: Ball) -> str:
    """Why the ball cannot have been bowled now; "" if it can."""
    if innings is None or ball.innings != innings.number:
        return f"ball of innings {ball.innings}, which is not being played"
    return (
        _out_of_place(state, innings, ball)
        or _impossible_runs(ball)
        or _wrong_people(state, innings, ball)
        or (_wrong_wickets(state, innings, ball) if ball.wickets else "")
    )


def _out_of_place(state: MatchState, innings: Innings, ball: Ball) -> str:
    over, last = ball.over, innings.over
    reason = innings.over_reason
    if reason and reason != "balls" and not (reason == "all out" and _bats_on(state, innings)):
        return f"innings {ball.innings} is over ({reason})"
    if over < last or (over == last and ball.position <= innings.position):
        return f"ball {over}.{ball.position} is not after {last}.{innings.position}"
    if innings.limit is not None and over * innings.per_over >= innings.limit:
        return f"over {over} is past the end of the innings ({innings.limit} balls)"
    if over == last and innings.over_done and not ball.miscounted:
        if innings.over_called:
            return f"over {over} was called after {innings.legal} balls (Law 17.5)"
        return f"over {over} has its {innings.legal} balls and was not miscounted (Law 17.1)"
    return ""


def _bats_on(state: MatchState, innings: Innings) -> bool:
    """Whether a side whose usual wickets are down can still have two batters.

    A super over is not everywhere over with two wickets, and a list of players can be short: the
    ball that was bowled shows it.
    """
    return not innings.closed and innings.wickets < _most_wickets(state, innings)


def _most_wickets(state: MatchState, innings: Innings) -> int:
    """Wickets that a side can lose at most, whatever is known to end its innings."""
    side = state.fixture.players.get(innings.batting, ())
    came_later = sum(r.team == innings.batting and not r.role for r in state.replaced)
    return max(A_SIDE - 1, len(side) - came_later - 1, innings.wicket_limit)


def _impossible_runs(ball: Ball) -> str:
    together = ball.runs | ball.wides | ball.no_balls | ball.byes | ball.leg_byes | ball.penalty
    if 0 <= together < 16 and ball.over >= 0 <= ball.position:  # nearly every ball
        return ""
    parts = (ball.runs, ball.wides, ball.no_balls, ball.byes, ball.leg_byes, ball.penalty)
    if min(parts) < 0 or max(parts) > MOST_RUNS_OFF_A_BALL:
        return f"impossible runs {parts}"
    if ball.over < 0 or ball.position < 0:
        return "a ball's over and position count from 0"
    return ""


def _wrong_people(state: MatchState, innings: Innings, ball: Ball) -> str:
    batter, other = ball.batter, ball.non_striker
    if batter == other:
        return "batter at both ends"
    for player in (batter, other):
        line = innings.batters.get(player)
        if line is None:
            reason = _cannot_come_in(state, innings, player)
            if reason:
                return reason
        elif line.out and line.out not in NOT_OUT_KINDS:
            return f"{state.fixture.name(player)} is out ({line.out}) and cannot bat"
    if ball.bowler != innings.bowler or ball.over != innings.over:
        return _cannot_bowl(state, innings, ball)
    return ""


def _cannot_come_in(state: MatchState, innings: Innings, player: str) -> str:
    """Why a player who has not batted yet cannot; "" if he can."""
    fixture, side = state.fixture, innings.batting
    if _plays_only_for(fixture, fixture.opponent(side), player):
        return f"{fixture.name(player)} plays for the other side"
    substitutes = sum(r.team == side and not r.role for r in state.replaced)
    players = len(fixture.players.get(side, ()))
    most = max(A_SIDE, players, innings.wicket_limit + 1) + substitutes
    if len(innings.batters) >= most:
        return f"{fixture.name(player)} would be batter {most + 1} of {most} (Law 1.1)"
    return ""


def _cannot_bowl(state: MatchState, innings: Innings, ball: Ball) -> str:
    """Why a bowler other than the last ball's, or of a new over, cannot bowl it; "" if he can."""
    fixture, bowler = state.fixture, ball.bowler
    if bowler not in innings.bowlers and _plays_only_for(fixture, innings.batting, bowler):
        return f"{fixture.name(bowler)} bowls to his own side"
    if ball.over != innings.over + 1 or not innings.log or bowler != innings.bowler:
        return ""
    before = [innings.log]
    if innings.per_over == 5:
        before += [over.log for over in innings.overs[-1:] if over.number == innings.over - 1]
    allowed = SETS_OF_TEN if innings.per_over == 5 else 1
    if len(before) < allowed or any(b.bowler != bowler for log in before for b in log):
        return ""
    return f"{fixture.name(bowler)} bowled the over before too (Law 17.6)"


def _plays_only_for(fixture: Fixture, team: str, player: str) -> bool:
    """Whether he is listed there alone: records take namesakes of both sides for one person."""
    sides = fixture.players
    return player in sides.get(team, ()) and player not in sides.get(fixture.opponent(team), ())


def _wrong_wickets(state: MatchState, innings: Innings, ball: Ball) -> str:
    gone = [wicket.player for wicket in ball.wickets]
    if len(set(gone)) < len(gone):
        return f"{gone[0]} is out twice"
    most = _most_wickets(state, innings)
    if innings.wickets + len(ball.dismissals) > most:
        return f"wicket {innings.wickets + len(gone)} of {most}"
    reasons = (_cannot_be_out(innings, ball, w.kind, w.player) for w in ball.wickets)
    return next(filter(None, reasons), "")


def _cannot_be_out(innings: Innings, ball: Ball, kind: str, player: str) -> str:
    """Why a player cannot be out in this way; "" if he can."""
    if (ball.no_balls or ball.free_hit) and kind not in OFF_A_NO_BALL:
        return f"{kind} off a {'no-ball' if ball.no_balls else 'free hit'} (Law 21.18)"
    if ball.wides and kind not in OFF_A_WIDE:
        return f"{kind} off a wide (Law 22.9)"
    if player == ball.batter:
        return ""
    if kind in BOWLER_KINDS:
        return f"{kind}: {player}, who did not face the ball"
    if player == ball.non_striker or kind in WITHOUT_BATTING:
        return _is_out(innings, player)
    return f"{kind}: {player}, who is not batting"


def _is_out(innings: Innings, player: str) -> str:
    line = innings.batters.get(player)
    out = line is not None and line.out not in {"", *NOT_OUT_KINDS}
    return f"{player} is out already" if out else ""
