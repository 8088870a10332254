"""Par scores and revised targets by Duckworth-Lewis, Standard Edition: never the official DLS.

The formulas are those of the published Standard Edition (Duckworth and Lewis, 1998 and 2002): a
side that has less of the resources than the other needs its share of the score, a side that has
more adds what an average innings makes of the difference. Resources are per cent of a full
50-over innings, whatever the format. Penalty runs that the first side was awarded after its innings
are no part of what resources are worth: they are added to par and target as they are (6.2).
"""

from collections.abc import Iterable, Iterator
from math import floor

from cricket.resources import resources
from cricket.state import Innings, Interruption, MatchState

G50 = 245.0  # runs of an average 50-over innings; the published editions say 200 or 245
TENTH = 1e-9  # keeps a share that is whole in decimals from being floored below itself


def revised_target(score: int, r1: float, r2: float, g50: float = G50) -> int:
    """Runs the second side needs to win, having `r2` per cent where the first had `r1`.

    >>> revised_target(250, 100.0, 80.0), revised_target(250, 80.0, 100.0)
    (201, 300)
    """
    return par(score, r1, r2, g50) + 1


def par(score: int, r1: float, r2: float, g50: float = G50) -> int:
    """Runs that tie, with `r2` per cent of resources used where the first side had `r1`."""
    if r2 <= r1:
        return floor(score * r2 / r1 + TENTH) if r1 else 0
    return floor(score + (r2 - r1) * g50 / 100.0 + TENTH)


def lost(interruption: Interruption) -> float:
    """Per cent of resources that an interruption takes away."""
    before, after = interruption.before, interruption.after
    wickets = interruption.wickets
    return resources(before, wickets) - resources(after, wickets)


def available(innings: Innings) -> float:
    """Per cent of resources that an innings had: those of its length, less what was lost.

    An innings that was closed with balls and wickets in hand has lost the rest; one that was all
    out has not.
    """
    if innings.limit is None:
        raise ValueError("an innings without a limit has no Duckworth-Lewis resources")
    cut = sum(stop.before - stop.after for stop in innings.interruptions)
    had = resources(innings.limit + cut, 0) - sum(lost(stop) for stop in innings.interruptions)
    stopped = innings.closed and innings.over_reason == "closed"
    return had - (remaining(innings) if stopped else 0.0)


def remaining(innings: Innings) -> float:
    """Per cent of resources still in hand; none once a side, however small, is all out."""
    return resources(innings.balls_left or 0, innings.wickets) if innings.wickets_left else 0.0


def par_score(state: MatchState, g50: float = G50) -> int | None:
    """The score that would tie if the chase ended now; None outside a chase."""
    innings = _chase(state)
    if innings is None:
        return None
    used = available(innings) - (0.0 if innings.closed else remaining(innings))
    first = state.innings[-2]
    return _par_with(first, available(first), used, g50)


def target_after(state: MatchState, balls: int, g50: float = G50) -> int | None:
    """The target if the chase becomes `balls` legal balls long now; None outside a chase."""
    innings = _chase(state)
    if innings is None:
        return None
    left = max(0, balls - innings.balls)
    return next(_targets(state.innings[-2], innings, [left], g50))


def targets_if_lost(state: MatchState, overs: Iterable[int], g50: float = G50) -> dict[int, int]:
    """The target by the overs that the chase loses now, of those it still has; {} outside one.

    An over counts as `per_over` legal balls of those left: in mid-over the overs lost are whole.
    """
    innings = _chase(state)
    if innings is None or innings.over_reason:
        return {}
    balls, left = innings.per_over, innings.balls_left or 0
    possible = [number for number in overs if number * balls < left]
    lefts = [left - number * balls for number in possible]
    return dict(zip(possible, _targets(state.innings[-2], innings, lefts, g50), strict=True))


def _chase(state: MatchState) -> Innings | None:
    """The innings that is being chased in; None outside a chase that Duckworth-Lewis knows."""
    innings = state.current
    if innings is None or innings.target is None or innings.super_over or innings.limit is None:
        return None
    return innings


def _targets(first: Innings, chase: Innings, lefts: Iterable[int], g50: float) -> Iterator[int]:
    """The targets if so many legal balls are left now."""
    r1, had, left = available(first), available(chase), chase.balls_left or 0
    for fewer in lefts:
        r2 = had - lost(Interruption(left, fewer, chase.wickets))
        yield _par_with(first, r1, r2, g50) + 1


def _par_with(first: Innings, r1: float, r2: float, g50: float) -> int:
    """Par where the first side had `r1` per cent and the second has used, or will have, `r2`."""
    made, awarded = first.runs - first.closing_penalty, first.closing_penalty
    return par(made, r1, r2, g50) + awarded
