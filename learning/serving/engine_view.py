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
    if innings.needed is not None:
        at = place_of(tables, innings, max(left, 1))
        end = engine.chase_end(tables, at, view)
        return EngineView(*engine.chasing(tables, at, view), view, end)
    at = place_of(tables, innings, left)
    length = innings.limit or tables.shape.balls
    return EngineView(*engine.batting_first(tables, at, view, priors, length), view)


def next_ball(engine: Engine, innings: Innings, view: View) -> list[float]:
    """The chances of each outcome of the ball that is due; empty when none is."""
    if innings.over_reason:
        return []
    tables = _tables(engine, innings)
    return engine.next_ball(tables, _at(tables, innings), view)


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
    tables = _tables(engine, innings)
    at = _at(tables, innings)
    length = innings.limit or tables.shape.balls
    return spread(chances, engine.leverage(tables, at, engine_view.view, priors, length))


def place_of(tables: Tables, innings: Innings, left: int) -> At:
    """Where an innings stands in the tables, with `left` legal balls to go."""
    return At(innings.runs, _down(tables, innings), left, innings.needed)


def _at(tables: Tables, innings: Innings) -> At:
    return place_of(tables, innings, innings.balls_left or 0)


def _down(tables: Tables, innings: Innings) -> int:
    """Wickets down as the tables count them: they end where the side is all out.

    A side that lacks players begins with as many down, and is all out in time.
    """
    ends: int = tables.reach.shape[1]
    return max(ends - innings.wickets_left, 0)


def _tables(engine: Engine, innings: Innings) -> Tables:
    return engine.super_over(innings.wicket_limit) if innings.super_over else engine.regular
