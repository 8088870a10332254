"""What a live page hears of a match: the worker's predictions as Kafka would give them."""

from collections.abc import Iterable

from consumers.dashboard.content.state import PREDICTIONS, PageMessage, PageState
from streams.messages.events import MatchEvent
from streams.messages.predictions import PredictionMessage, encode
from tests.support.matches import log_of, messages, run, short_match

AT = 1_714_000_000_000
EVENTS = messages(short_match("m", "14.6wW2" * 3, "1146..2" * 5))


def said_of(events: Iterable[MatchEvent]) -> list[PredictionMessage]:
    return run(log_of(events)).predictions


SAID = said_of(EVENTS)


def heard(said: Iterable[PredictionMessage], first: int = 0) -> list[PageMessage]:
    return [
        PageMessage(PREDICTIONS, 0, offset, AT + offset, encode(message))
        for offset, message in enumerate(said, first)
    ]


def board_of(said: Iterable[PredictionMessage]) -> PageState:
    board = PageState()
    for message in heard(said):
        board.take(message)
    return board
