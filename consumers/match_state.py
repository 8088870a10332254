"""Where a match stands and how it ended: one rule for the terminal and the live page."""

from consumers.phrases import chances
from streams.messages.card import Card
from streams.messages.predictions import MatchResult, Prediction

IN_PLAY, WAITING, INNINGS_BREAK, RESULT = "in play", "waiting", "innings break", "result"


def state_of(
    prediction: Prediction, result: MatchResult | None = None, *, waiting: bool = False
) -> str:
    """Return where a match stands after a prediction; `result` is its official one.

    `waiting` is whether a message of the match is missing and still expected: that takes
    precedence over an innings break, and a result over both.
    """
    if result is not None or prediction.card.result:
        return RESULT
    if waiting:
        return WAITING
    return INNINGS_BREAK if prediction.innings_over else IN_PLAY


def result_in_words(prediction: Prediction, result: MatchResult | None) -> str:
    """Return the official result, else the one that the innings give; "" while there is none."""
    return result.text if result is not None else prediction.card.result


def to_win(prediction: Prediction, result: MatchResult | None) -> dict[str, float] | None:
    """Return each team's chance by its full name; after the official result it is 1 or 0.

    A tie counts half for each. None where a match ended with nobody to have won it.
    """
    if result is None:
        return chances(prediction)
    if result.winner is not None:
        return {team: float(team == result.winner) for team in prediction.teams}
    return dict.fromkeys(prediction.teams, 0.5) if result.result == "tie" else None


def required(card: Card) -> str:
    """Return what a chase needs, such as "need 12 off 8"; "" when nothing is being chased."""
    return f"need {card.needed} off {card.balls_left}" if card.needed and card.balls_left else ""
