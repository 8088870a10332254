"""The engine's own answers about a match as it stands, before River's correction."""

from collections.abc import Sequence
from typing import NamedTuple

from cricket.state import Innings
from forecast.belief import View
from forecast.engine import Chances, ChaseEnd, Engine, Priors, Total
from forecast.leverage import spread
from forecast.tables import At, Tables


class EngineView(NamedTuple):
    """The engine's answers; rows of `view` and of `chances` are the belief, then the prior.

    `chase` is how a chase is likely to end, None in an innings that sets a target.
    """

    chances: Chances
    total: Total
    view: View
    chase: ChaseEnd | None = None


def view_of(engine: Engine, innings: Innings, view: View, priors: Priors) -> EngineView:
    """The engine's answers about an innings, given a view of its conditions."""
    tables, left = _tables(engine, innings), 0 if innings.closed else innings.balls_left or 0
    needed = innings.needed
    if needed is not None:
        at = At(innings.runs, innings.wickets, max(left, 1), needed)
        end = engine.chase_end(tables, at, view)
        return EngineView(*engine.chasing(tables, at, view), view, end)
    at = At(innings.runs, innings.wickets, left)
    length = innings.limit or tables.shape.balls
    return EngineView(*engine.batting_first(tables, at, view, priors, length), view)


def next_ball(engine: Engine, innings: Innings, view: View) -> list[float]:
    """The chances of each outcome of the ball that is due; empty when none is."""
    if innings.over_reason:
        return []
    return engine.next_ball(_tables(engine, innings), _at(innings), view)


def leverage(
    engine: Engine,
    innings: Innings,
    engine_view: EngineView,
    priors: Priors,
    chances: Sequence[float],
) -> float:
    """The leverage of the ball that is due, whose outcomes have these chances; 0 when none is."""
    if not chances:
        return 0.0
    tables, at = _tables(engine, innings), _at(innings)
    length = innings.limit or tables.shape.balls
    return spread(chances, engine.leverage(tables, at, engine_view.view, priors, length))


def _at(innings: Innings) -> At:
    return At(innings.runs, innings.wickets, innings.balls_left or 0, innings.needed)


def _tables(engine: Engine, innings: Innings) -> Tables:
    return engine.brief if innings.super_over else engine.regular
