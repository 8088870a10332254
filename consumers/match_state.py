"""Where a match stands and what the chase needs: one rule for the terminal and the live page."""

from streams.messages.card import Card
from streams.messages.predictions import Prediction

IN_PLAY, WAITING, INNINGS_BREAK, RESULT = "in play", "waiting", "innings break", "result"


def state_of(prediction: Prediction, *, waiting: bool = False) -> str:
    """Return where a match stands after a prediction.

    `waiting` is whether a message of the match is missing and still expected: that takes
    precedence over an innings break, and a result over both.
    """
    if prediction.card.result:
        return RESULT
    if waiting:
        return WAITING
    return INNINGS_BREAK if prediction.innings_over else IN_PLAY


def required(card: Card) -> str:
    """Return what a chase needs, such as "need 12 off 8"; "" when nothing is being chased."""
    return f"need {card.needed} off {card.balls_left}" if card.needed and card.balls_left else ""
