"""The transitions of a match: an innings opens or closes, the match ends."""

from dataclasses import replace

from cricket.facts import Fixture, InningsClose, InningsOpening, Outcome
from cricket.state import ALL_WICKETS, MOST_OF_AN_INNINGS, Innings, MatchState, Refusal

FEWEST_PLAYERS = 6  # as in sixes; a shorter list is not a whole side, but some of its names
MOST_WICKETS = 30  # sides of 22 have played; a larger number is a broken feed


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
        powerplays=opening.powerplays,
        opening_penalty=opening.penalty,
        all_out_at=_all_out_at(state, opening),
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
    if not possible:
        return f"impossible penalty, balls or target {numbers}"
    fits = opening.wickets is None or 1 <= opening.wickets <= MOST_WICKETS
    return "" if fits else f"impossible number of wickets {opening.wickets}"


def _all_out_at(state: MatchState, opening: InningsOpening) -> int | None:
    """Wickets that end the innings, if other than usual.

    They are stated, or for a super over those of the one before, or those of a side that names
    fewer than eleven players.
    """
    if opening.wickets is not None:
        return opening.wickets
    if opening.super_over:
        before = state.innings[-1] if state.innings else None
        return before.all_out_at if before is not None and before.super_over else None
    players = len(state.fixture.players.get(opening.batting, ()))
    return players - 1 if FEWEST_PLAYERS <= players <= ALL_WICKETS else None


def _limit(fixture: Fixture, opening: InningsOpening) -> int | None:
    """Legal balls the innings may last: stated, one super over, or the format's."""
    if opening.super_over:
        return fixture.balls_per_over
    if opening.balls is not None:
        return opening.balls
    overs = fixture.overs
    return None if overs is None else overs * fixture.balls_per_over


def _target(state: MatchState, opening: InningsOpening) -> int | None:
    """The stated target, else one more than the deficit; None for an open innings.

    In limited-overs cricket that is the innings before, in a multi-day match the lead that the
    fourth innings faces.
    """
    if opening.target is not None or opening.innings % 2 == 0:
        return opening.target
    if state.fixture.overs is not None or opening.super_over:
        return state.innings[-1].runs + 1
    if opening.innings != 3:
        return None
    behind = lead(state, state.fixture.opponent(opening.batting))
    return behind + 1 if behind >= 0 else None


def lead(state: MatchState, team: str) -> int:
    """Runs by which a side is ahead over its innings so far, super overs apart."""
    proper = [innings for innings in state.innings if not innings.super_over]
    return sum(i.runs if i.batting == team else -i.runs for i in proper)


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
        forfeited=close.forfeited,
        absent=close.absent,
        runs=innings.runs + close.penalty,
        closing_penalty=close.penalty,
    )
    return state.with_current(ended)


def end_match(state: MatchState, outcome: Outcome) -> MatchState | Refusal:
    """The state with its outcome."""
    if outcome.winner is not None and outcome.winner not in state.fixture.teams:
        return Refusal(f"winner {outcome.winner!r} does not play in this match")
    return replace(state, outcome=outcome)
