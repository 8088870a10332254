"""What the engine says of one moment of a match, whatever River adds to it."""

from typing import NamedTuple

from cricket.state import Innings
from forecast.belief import View
from forecast.engine import At, Chances, Engine, Priors, Total
from forecast.tables import Tables


class Moment(NamedTuple):
    """`chances` by the belief, then by the prior, which are the rows of the `view`."""

    chances: Chances
    total: Total
    view: View


def seen(engine: Engine, innings: Innings, view: View, priors: Priors) -> Moment:
    """The engine's answers."""
    book, left = _book(engine, innings), 0 if innings.closed else innings.balls_left or 0
    if innings.needed is not None:
        at = At(innings.runs, innings.wickets, max(left, 1), innings.needed)
        return Moment(*engine.chasing(book, at, view), view)
    at = At(innings.runs, innings.wickets, left)
    length = innings.limit or book.shape.balls
    return Moment(*engine.batting_first(book, at, view, priors, length), view)


def next_ball(engine: Engine, innings: Innings, view: View) -> list[float]:
    """The chances of the ball that is due; empty when none is."""
    if innings.over_reason:
        return []
    at = At(innings.runs, innings.wickets, innings.balls_left or 0, innings.needed)
    return engine.next_ball(_book(engine, innings), at, view)


def _book(engine: Engine, innings: Innings) -> Tables:
    return engine.brief if innings.super_over else engine.regular
