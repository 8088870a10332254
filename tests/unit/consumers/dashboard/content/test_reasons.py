"""The page says what contributed to a forecast, and what the last ball moved of it."""

from msgspec.structs import replace

from consumers.dashboard.content.documents import Reason
from consumers.dashboard.content.match import Match
from consumers.dashboard.content.match_page import head, row
from consumers.dashboard.content.state import PageState
from streams.messages.predictions import Prediction, Why
from tests.support.dashboard_messages import SAID

MADE = [said for said in SAID if isinstance(said, Prediction)]
FIRST = Why(0.1, 0.01, 0.02, 0.0, 0.0, -0.03)
SECOND = Why(0.2, 0.01, 0.02, 0.0, 0.05, -0.01)


def reasons(*told: Prediction) -> tuple[Reason, ...]:
    match = Match("m")
    for prediction in told:
        match.take(prediction, 0)
    newest, line = match.newest, row(match)
    assert newest is not None
    assert line is not None
    return head(match, newest, line, None, PageState().careers).why


def test_each_group_comes_in_the_order_of_the_path_with_what_the_last_ball_moved() -> None:
    found = reasons(replace(MADE[0], why=FIRST), replace(MADE[1], why=SECOND))
    assert [reason.name for reason in found] == list(Why.__struct_fields__)
    assert found[0] == Reason("state", 0.2, 0.1)
    assert found[4] == Reason("conditions", 0.05, 0.05)


def test_nothing_is_compared_over_an_innings_break_or_with_a_ball_that_was_not_explained() -> None:
    chase = next(made for made in MADE if made.card.innings == 1)
    before = MADE[MADE.index(chase) - 1]
    for earlier in (replace(before, why=FIRST), replace(chase, seq=chase.seq - 1, why=None)):
        found = reasons(earlier, replace(chase, why=SECOND))
        assert {reason.moved for reason in found} == {None}


def test_a_forecast_that_was_not_explained_has_no_reasons() -> None:
    assert reasons(MADE[0]) == ()
