"""How a match stands by its innings alone: the result that follows, with its margin."""

from cricket.facts import NOT_OUT_KINDS, Fixture, Outcome
from cricket.state import Innings, MatchState
from cricket.transitions import lead


def result_of(state: MatchState) -> Outcome | None:
    """The result that the innings give; None while the match is open, or ended undecided.

    A chase that was stopped short of its target and its balls decides nothing. A tie has the
    winner of the first super over that was not tied; the innings do not show
    how other ties are settled (boundaries, a bowl-out).
    """
    proper = [innings for innings in state.innings if not innings.super_over]
    if state.fixture.overs is None:
        return _multi_day(state, proper) if proper else None
    if len(proper) < 2:
        return None
    result = _chase(*proper[-2:])
    tied = result is not None and result.result == "tie"
    return Outcome(_eliminator(state), "tie") if tied else result


def all_out(innings: Innings) -> bool:
    """Whether nobody is left to bat: retired and absent ones cannot, once the innings is closed.

    Where two are still in, another may have come for the one who retired.
    """
    if innings.wickets >= innings.wicket_limit:
        return True
    if innings.striker and innings.non_striker:
        return False
    gone = sum(line.out in NOT_OUT_KINDS for line in innings.batters.values())
    return innings.closed and innings.wickets + gone + len(innings.absent) >= innings.wicket_limit


def _ended(innings: Innings) -> bool:
    return innings.over_reason in {"target", "all out", "balls"} or all_out(innings)


def _chase(first: Innings, second: Innings) -> Outcome | None:
    """The result of an innings and the chase that answers it; None while that is open."""
    target = second.target
    if target is None or not _ended(second):
        return None
    if second.runs >= target:
        left = second.wicket_limit - second.wickets
        # all out and ahead by penalty runs after the last ball: the margin is in runs
        margin = {"wickets": left} if left else {"runs": second.runs - target + 1}
        return Outcome(second.batting, "win", margin)
    short = target - 1 - second.runs
    return Outcome(first.batting, "win", {"runs": short}) if short else Outcome(None, "tie")


def _eliminator(state: MatchState) -> str | None:
    """Who won the super overs; None while nobody has."""
    extra = [innings for innings in state.innings if innings.super_over]
    results = (_chase(*pair) for pair in zip(extra[::2], extra[1::2], strict=False))
    return next((r.winner for r in results if r is not None and r.winner is not None), None)


def _multi_day(state: MatchState, innings: list[Innings]) -> Outcome | None:
    """The result of a match without a limit of overs; None for a draw, which no innings shows."""
    last = innings[-1]
    if last.target is not None:
        return _chase(innings[-2], last)
    behind, other = -lead(state, last.batting), state.fixture.opponent(last.batting)
    batted = [sum(i.batting == team for i in innings) for team in (last.batting, other)]
    if batted == [2, 1] and behind > 0 and all_out(last):
        return Outcome(other, "win", {"innings": 1, "runs": behind})
    return None


def in_words(fixture: Fixture, outcome: Outcome) -> str:
    """How a match ended: "Delhi Capitals beat Rajasthan Royals by 20 runs"."""
    if outcome.winner is None:
        return {"tie": "Match tied", "draw": "Match drawn"}.get(outcome.result, "No result")
    if outcome.result == "tie":
        return f"Match tied, {outcome.winner} won the tie-break"
    margin = ", ".join(_margin(kind, number) for kind, number in outcome.by.items())
    method = f" ({outcome.method})" if outcome.method else ""
    loser = fixture.opponent(outcome.winner)
    return f"{outcome.winner} beat {loser}" + (f" by {margin}" if margin else "") + method


def _margin(kind: str, number: int) -> str:
    if kind == "innings":
        return "an innings"
    return f"{number} {kind if number != 1 else kind.rstrip('s')}"
