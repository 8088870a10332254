"""One fact after another: `fold(state, fact) -> state`, or a `Refusal` that says why not."""

from dataclasses import replace

from cricket.facts import (
    Ball,
    Fact,
    Fixture,
    InningsClose,
    InningsOpening,
    InningsReopened,
    Outcome,
    TargetRevised,
)
from cricket.formats import OVERS
from cricket.formats import format_of as recognise
from cricket.lines import batters_after, bowlers_after, crease_after, extras_after, falls_after
from cricket.revisions import reopen, replace_player, revise_target
from cricket.score import mark
from cricket.state import MOST_OF_AN_INNINGS, Innings, MatchState, Refusal

RECENT_BALLS = 30  # five overs: the longest window that a live feature looks back
MOST_RUNS_OFF_A_BALL = 20  # far above any recorded ball; a larger number is a broken feed


def start(fixture: Fixture) -> MatchState:
    """The state before anything is bowled."""
    return MatchState(fixture)


def fold(state: MatchState, fact: Fact) -> MatchState | Refusal:
    """The state after one more fact."""
    if isinstance(fact, InningsReopened):
        return reopen(state, fact)
    if state.outcome is not None:
        return Refusal("the match has ended")
    if isinstance(fact, Ball):
        return play(state, fact)
    if isinstance(fact, InningsOpening | InningsClose | Outcome):
        return turn(state, fact)
    return (
        revise_target(state, fact)
        if isinstance(fact, TargetRevised)
        else replace_player(state, fact)
    )


def turn(state: MatchState, fact: InningsOpening | InningsClose | Outcome) -> MatchState | Refusal:
    """The state after an innings or the match began or ended."""
    if isinstance(fact, InningsOpening):
        return open_innings(state, fact)
    if isinstance(fact, InningsClose):
        return close_innings(state, fact)
    return end_match(state, fact)


def open_innings(state: MatchState, opening: InningsOpening) -> MatchState | Refusal:
    """The state with a new innings; a chase without a stated target needs one run more."""
    refusal = _refuse_opening(state, opening)
    if refusal:
        return Refusal(refusal)
    innings = Innings(
        number=opening.innings,
        batting=opening.batting,
        limit=_limit(state.fixture, opening),
        per_over=state.fixture.balls_per_over,
        target=_target(state, opening),
        super_over=opening.super_over,
        runs=opening.penalty,
    )
    closed = tuple(replace(i, closed=True) for i in state.innings)
    return replace(state, innings=(*closed, innings))


def _refuse_opening(state: MatchState, opening: InningsOpening) -> str:
    """Why the innings cannot begin now; "" if it can."""
    if opening.innings != len(state.innings):
        return f"innings {opening.innings} opened, {len(state.innings)} is due"
    if opening.batting not in state.fixture.teams:
        return f"{opening.batting!r} does not play in this match"
    if opening.target is not None and opening.innings % 2 == 0:
        return f"innings {opening.innings} answers no other and cannot have a target"
    numbers = (opening.penalty, opening.balls or 0, opening.target or 0)
    possible = min(numbers) >= 0 and max(numbers) <= MOST_OF_AN_INNINGS
    return "" if possible else f"impossible penalty, balls or target {numbers}"


def _limit(fixture: Fixture, opening: InningsOpening) -> int | None:
    """Legal balls the innings may last: stated, one super over, or the format's."""
    if opening.super_over:
        return fixture.balls_per_over
    if opening.balls is not None:
        return opening.balls
    overs = fixture.overs
    return None if overs is None else overs * fixture.balls_per_over


def _target(state: MatchState, opening: InningsOpening) -> int | None:
    """The stated target, else one more than the innings it answers, in limited-overs cricket."""
    if opening.target is not None:
        return opening.target
    if opening.innings % 2 == 0 or state.fixture.overs is None:
        return None
    return state.innings[-1].runs + 1


def close_innings(state: MatchState, close: InningsClose) -> MatchState | Refusal:
    """The state with its innings ended, penalty runs awarded after the last ball included."""
    innings = state.current
    if innings is None or close.innings != innings.number or innings.closed:
        return Refusal(f"innings {close.innings} closed, which is not being played")
    if not 0 <= close.penalty <= MOST_OF_AN_INNINGS:
        return Refusal(f"impossible penalty {close.penalty}")
    ended = replace(
        innings,
        closed=True,
        declared=close.declared,
        runs=innings.runs + close.penalty,
        closing_penalty=close.penalty,
    )
    return state.with_current(ended)


def end_match(state: MatchState, outcome: Outcome) -> MatchState | Refusal:
    """The state with its outcome."""
    if outcome.winner is not None and outcome.winner not in state.fixture.teams:
        return Refusal(f"winner {outcome.winner!r} does not play in this match")
    return replace(state, outcome=outcome)


def play(state: MatchState, ball: Ball) -> MatchState | Refusal:
    """The state after one ball."""
    innings = state.current
    refusal = _refuse(innings, ball)
    if refusal or innings is None:
        return Refusal(refusal)
    played = (*state.innings[:-1], after(innings, ball))
    return MatchState(state.fixture, played, None, state.replaced)


def _refuse(innings: Innings | None, ball: Ball) -> str:
    """Why the ball cannot have been bowled now; "" if it can."""
    if innings is None or ball.innings != innings.number:
        return f"ball of innings {ball.innings}, which is not being played"
    if innings.closed or innings.over_reason in {"target", "all out"}:
        return f"innings {ball.innings} is over ({innings.over_reason})"
    if (ball.over, ball.position) <= (innings.over, innings.position):
        return f"ball {ball.over}.{ball.position} is not after {innings.over}.{innings.position}"
    if innings.limit is not None and ball.over * innings.per_over >= innings.limit:
        return f"over {ball.over} is past the end of the innings ({innings.limit} balls)"
    return _refuse_runs(ball)


def _refuse_runs(ball: Ball) -> str:
    parts = (ball.runs, ball.wides, ball.no_balls, ball.byes, ball.leg_byes, ball.penalty)
    if min(parts) < 0 or max(parts) > MOST_RUNS_OFF_A_BALL:
        return f"impossible runs {parts}"
    if ball.over < 0 or ball.position < 0:
        return "a ball's over and position count from 0"
    return "batter at both ends" if ball.batter == ball.non_striker else ""


def after(innings: Innings, ball: Ball) -> Innings:
    """The innings after a ball that the laws allow. One constructor call: the hot path."""
    same, per_over = ball.over == innings.over, innings.per_over
    legal = (innings.legal if same else 0) + ball.legal
    out = len(ball.dismissals)
    charged = (innings.charged if same else 0) + ball.charged
    balls = ball.over * per_over + min(legal, per_over)
    striker, non_striker = crease_after(ball, over_ends=legal >= per_over)
    return Innings(
        number=innings.number,
        batting=innings.batting,
        limit=innings.limit,
        per_over=per_over,
        target=innings.target,
        super_over=innings.super_over,
        revised=innings.revised,
        runs=innings.runs + ball.total,
        wickets=innings.wickets + out,
        balls=balls,
        deliveries=innings.deliveries + 1,
        over=ball.over,
        position=ball.position,
        legal=legal,
        charged=charged,
        striker=striker,
        non_striker=non_striker,
        bowler=ball.bowler,
        partnership_runs=0 if out else innings.partnership_runs + ball.total,
        partnership_balls=0 if out else innings.partnership_balls + ball.legal,
        extras=extras_after(innings.extras, ball),
        batters=batters_after(innings.batters, ball),
        bowlers=bowlers_after(
            innings.bowlers, ball, maiden=ball.legal and legal == per_over and not charged
        ),
        fall=falls_after(innings, ball, balls) if out else innings.fall,
        marks=(*(innings.marks if same else ()), mark(ball)),
        recent=(*innings.recent[1 - RECENT_BALLS :], -1 if out else ball.total),
    )


def format_of(state: MatchState) -> str:
    """The format of a supported match, such as "T20" (see `cricket.formats`)."""
    name = recognise(state.fixture)
    return name if isinstance(name, str) else ""


def full_balls(state: MatchState) -> int:
    """Legal balls of an undisturbed innings of the match's format."""
    return OVERS.get(format_of(state), 0) * 6
