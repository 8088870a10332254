"""Exact results: the chances of a match (or super over) that is decided are 0 or 1."""

from cricket.state import Innings, MatchState

Result = tuple[float, float, float]  # win, tie, lose of the side batting
WON, TIED, LOST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
USED_UP = frozenset({"all out", "balls"})


def decided(state: MatchState, innings: Innings) -> Result | None:
    """The exact result once the match (or super over) is decided; None while it is open.

    A chase that rain ended stays open until its outcome comes.
    """
    if state.outcome is not None and state.outcome.result in {"win", "tie"}:
        return _by_outcome(state, innings)
    if innings.target is None:
        return None
    if innings.runs >= innings.target:
        return WON
    if innings.over_reason not in USED_UP:
        return None
    return TIED if innings.runs == innings.target - 1 else LOST


def _by_outcome(state: MatchState, innings: Innings) -> Result:
    """The result by the match's outcome; after a tie only its super over has a winner."""
    outcome = state.outcome
    if outcome is None or outcome.winner is None:
        return TIED
    if outcome.result == "tie" and not innings.super_over:
        return TIED
    return WON if outcome.winner == innings.batting else LOST


def played_out(innings: Innings) -> bool:
    """Whether no further ball of the innings is due."""
    return innings.over_reason != ""
