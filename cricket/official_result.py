"""The official result of a match that has ended: what was decided, by what, and in words."""

from dataclasses import dataclass, field, replace

from cricket.facts import Fixture, Outcome
from cricket.results import in_words, result_of
from cricket.state import MatchState

ABANDONED, NO_RESULT = "abandoned", "no result"
AWARDED = "Awarded"
SUPER_OVER, BOUNDARY_COUNT = "super over", "boundary count"


@dataclass(frozen=True, slots=True)
class OfficialResult:
    """How a match ended officially.

    `result` is "win", "tie", "draw", "no result" or "abandoned" (without a ball bowled, or as the
    feed says). A tie
    that was broken stays a tie and has a winner; `tie_break` is "super over", "boundary count" or
    what the feed says, "" where neither the innings nor the feed show it. `by` is the margin, such
    as {"runs": 20}, `method` such as "D/L", and `text` all of it in words.
    """

    winner: str | None
    result: str
    by: dict[str, int] = field(default_factory=dict)
    method: str = ""
    tie_break: str = ""
    text: str = ""


def official_result(state: MatchState) -> OfficialResult | None:
    """The official result; None while the match has not ended.

    The outcome that the feed told holds, whatever the innings would give; they give the margin of a
    win where the feed states none.
    """
    if state.outcome is None:
        return None
    outcome = _with_margin(state, state.outcome)
    result, tie_break = _kind(state, outcome), _tie_break(state, outcome)
    text = _text(state.fixture, outcome, result, tie_break)
    return OfficialResult(outcome.winner, result, outcome.by, outcome.method, tie_break, text)


def _with_margin(state: MatchState, outcome: Outcome) -> Outcome:
    """The outcome with the margin that the innings give, if it states none and they agree."""
    by_innings = result_of(state)
    if outcome.by or outcome.method or by_innings is None:
        return outcome
    agreed = (by_innings.winner, by_innings.result) == (outcome.winner, outcome.result)
    return replace(outcome, by=by_innings.by) if agreed else outcome


def _kind(state: MatchState, outcome: Outcome) -> str:
    """The kind of result; a match without a ball, and without a winner, was abandoned."""
    if outcome.result in {"tie", "draw"}:
        return outcome.result
    if outcome.winner is not None:
        return "win"
    bowled = any(innings.deliveries for innings in state.innings)
    return NO_RESULT if bowled and outcome.result != ABANDONED else ABANDONED


def _tie_break(state: MatchState, outcome: Outcome) -> str:
    """What broke a tie; "" if nothing did, or if nobody says what."""
    winner = outcome.winner
    if outcome.result != "tie" or winner is None or outcome.tie_break:
        return outcome.tie_break
    by_innings = result_of(state)
    if by_innings is not None and by_innings.winner == winner:
        return SUPER_OVER
    counts = boundaries(state)
    drawn = by_innings is not None and by_innings.winner is None
    has_super_over = any(innings.super_over for innings in state.innings)
    more = counts[winner] > counts[state.fixture.opponent(winner)]
    return BOUNDARY_COUNT if drawn and has_super_over and more else ""


def boundaries(state: MatchState) -> dict[str, int]:
    """Fours and sixes of each side in the match, its super overs included."""
    counts = dict.fromkeys(state.fixture.teams, 0)
    for innings in state.innings:
        counts[innings.batting] += sum(b.fours + b.sixes for b in innings.batters.values())
    return counts


def _text(fixture: Fixture, outcome: Outcome, result: str, tie_break: str) -> str:
    """The result in words: "England won (boundary count)", "Match abandoned"."""
    if outcome.winner is not None and tie_break:
        return f"{outcome.winner} won ({tie_break})"
    if outcome.winner is not None and outcome.method == AWARDED:
        return f"Match awarded to {outcome.winner}"
    if result in {ABANDONED, NO_RESULT}:
        return "Match abandoned" if result == ABANDONED else "No result"
    method = f" ({outcome.method})" if outcome.method and outcome.winner is None else ""
    return in_words(fixture, outcome) + method
