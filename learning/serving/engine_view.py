"""What the engine says of one moment of a match, whatever River adds to it."""

from collections.abc import Sequence
from typing import NamedTuple

from cricket.state import Innings
from forecast.belief import View
from forecast.engine import Chances, Engine, Priors, Total
from forecast.leverage import spread
from forecast.tables import At, Tables


class EngineView(NamedTuple):
    """`chances` by the belief, then by the prior, which are the rows of the `view`."""

    chances: Chances
    total: Total
    view: View


def view_of(engine: Engine, innings: Innings, view: View, priors: Priors) -> EngineView:
    """The engine's answers."""
    book, left = _book(engine, innings), 0 if innings.closed else innings.balls_left or 0
    needed = innings.needed
    if needed is not None:
        at = At(innings.runs, innings.wickets, max(left, 1), needed)
        return EngineView(*engine.chasing(book, at, view), view)
    at = At(innings.runs, innings.wickets, left)
    length = innings.limit or book.shape.balls
    return EngineView(*engine.batting_first(book, at, view, priors, length), view)


def next_ball(engine: Engine, innings: Innings, view: View) -> list[float]:
    """The chances of the ball that is due; empty when none is."""
    if innings.over_reason:
        return []
    return engine.next_ball(_book(engine, innings), _at(innings), view)


def leverage(
    engine: Engine, innings: Innings, moment: EngineView, priors: Priors, balls: Sequence[float]
) -> float:
    """How much hangs on the ball that is due, whose chances are `balls`; 0 when none is."""
    if not balls:
        return 0.0
    book, at = _book(engine, innings), _at(innings)
    length = innings.limit or book.shape.balls
    return spread(balls, engine.leverage(book, at, moment.view, priors, length))


def _at(innings: Innings) -> At:
    return At(innings.runs, innings.wickets, innings.balls_left or 0, innings.needed)


def _book(engine: Engine, innings: Innings) -> Tables:
    return engine.brief if innings.super_over else engine.regular
