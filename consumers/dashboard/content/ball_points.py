"""One ball's prediction, reduced to what the page keeps of it."""

import msgspec

from consumers.phrases import chances
from cricket.facts import Ball
from cricket.score import balls_of, mark
from streams.messages.card import Card
from streams.messages.predictions import Prediction

EXTRA_MARKS = ("wd", "nb")


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One ball on the charts and in the commentary.

    `chance` is the first-named team's, ties counted half, and `added` what the ball did to it;
    `total`, `low` and `high` are the projected total and its 80 % interval, in runs. `ball` is the
    printed number, such as "14.3"; it repeats when a wide is bowled again.
    """

    seq: int
    rank: int
    revision: int
    innings: int
    over: int
    ball: str
    mark: str
    wicket: bool
    text: str
    runs: int
    wickets: int
    chance: float
    added: float
    total: float
    low: float
    high: float
    batter: str
    bowler: str
    milestones: tuple[str, ...] = ()


def point_of(prediction: Prediction) -> Point:
    """Return the point of a prediction; without its delivery it has no mark."""
    card, ball, total = prediction.card, prediction.delivery, prediction.total
    first = card.batting == prediction.teams[0]
    return Point(
        seq=prediction.seq,
        rank=prediction.rank,
        revision=prediction.revision,
        innings=card.innings,
        over=ball.over if ball else int(card.overs.split(".")[0]),
        ball=_printed(card, ball),
        mark=mark(ball) if ball else "",
        wicket=bool(ball and ball.dismissals),
        text=prediction.ball,
        runs=card.runs,
        wickets=card.wickets,
        chance=chances(prediction)[prediction.teams[0]],
        added=prediction.win_added if first else -prediction.win_added,
        total=total.mean,
        low=total.q10,
        high=total.q90,
        batter=ball.batter if ball else "",
        bowler=ball.bowler if ball else "",
        milestones=card.milestones,
    )


def _printed(card: Card, ball: Ball | None) -> str:
    """Return the ball's number: the first of an over is 0.1, and again after a wide."""
    if ball is None:
        return card.overs
    legal = balls_of(card.overs) - ball.over * 6
    if ball.over_called:  # the count goes on from a whole over
        legal = sum(not mark.endswith(EXTRA_MARKS) for mark in card.this_over)
    return f"{ball.over}.{legal if ball.legal else legal + 1}"
