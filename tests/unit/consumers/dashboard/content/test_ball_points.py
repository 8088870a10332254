"""The printed number of a ball where the over's count is not the usual one."""

from dataclasses import replace

import msgspec

from consumers.dashboard.content.ball_points import point_of
from streams.messages.events import BallBowled, MatchEvent
from streams.messages.predictions import Prediction
from tests.support.dashboard_messages import said_of
from tests.support.matches import messages, short_match

OVER = "w.....1"  # a wide and six balls


def printed(position: int, **mark: object) -> list[str]:
    """The numbers of the first over's balls, one of which is marked; up to and with that one."""
    events: list[MatchEvent] = messages(short_match("m", OVER, "1"))
    at = next(n for n, event in enumerate(events) if isinstance(event, BallBowled)) + position
    told = events[at]
    assert isinstance(told, BallBowled)
    marked = msgspec.structs.replace(told, fact=replace(told.fact, **mark))  # type: ignore[arg-type]
    said = said_of([*events[:at], marked])
    return [point_of(each).ball for each in said if isinstance(each, Prediction)]


def test_a_ball_that_is_not_of_the_over_has_the_number_of_the_ball_that_is_due() -> None:
    assert printed(2, not_in_over=True, penalty=5) == ["0.1", "0.1", "0.2"]
    assert printed(2) == ["0.1", "0.1", "0.2"]
    assert printed(1, not_in_over=True) == ["0.1", "0.1"]


def test_the_last_ball_of_an_over_that_was_called_early_has_its_own_number() -> None:
    assert printed(5, over_called=True)[-1] == "0.5"
