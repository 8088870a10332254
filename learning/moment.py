"""What the engine says of one moment of a match, whatever River adds to it."""

from typing import NamedTuple

from cricket.state import Innings
from forecast.engine import At, Chances, Engine, Priors, Total
from forecast.outcomes import Array
from forecast.tables import Tables


class Moment(NamedTuple):
    """`chances` by the belief, then by the prior, of which `weights` are the rows."""

    chances: Chances
    total: Total
    weights: Array


def seen(engine: Engine, innings: Innings, weights: Array, priors: Priors) -> Moment:
    """The engine's answers, `weights` being the belief and the prior."""
    book, left = _book(engine, innings), 0 if innings.closed else innings.balls_left or 0
    if innings.needed is not None:
        at = At(innings.runs, innings.wickets, max(left, 1), innings.needed)
        return Moment(*engine.chasing(book, at, weights), weights)
    at = At(innings.runs, innings.wickets, left)
    length = innings.limit or book.shape.balls
    return Moment(*engine.batting_first(book, at, weights, priors, length), weights)


def next_ball(engine: Engine, innings: Innings, weights: Array) -> list[float]:
    """The chances of the ball that is due; empty when none is."""
    if innings.over_reason:
        return []
    at = At(innings.runs, innings.wickets, innings.balls_left or 0, innings.needed)
    return engine.next_ball(_book(engine, innings), at, weights)


def _book(engine: Engine, innings: Innings) -> Tables:
    return engine.brief if innings.super_over else engine.regular
