"""The official result on the page: how a match ended, whatever its last ball led to."""

from dataclasses import replace

import msgspec
import pytest

from consumers.dashboard.content.match import Match
from consumers.dashboard.content.match_page import head, row
from consumers.dashboard.content.state import PageState
from cricket.facts import InningsClose, InningsReopened, Outcome
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from producers.recorded import shipped_match
from streams.messages.events import MatchEvent, event_of
from streams.messages.predictions import PredictionMessage
from streams.pipeline.advance import advance
from tests.support.dashboard_messages import EVENTS, SAID, board_of, said_of
from tests.support.feeds import revised
from tests.support.matches import KEY, REDS, log_of, messages

ENDED = EVENTS[-1]


def ended(outcome: Outcome, balls: int) -> list[PredictionMessage]:
    """A match that ends so after its first messages."""
    return said_of([*EVENTS[: balls + 2], event_of("m", balls + 2, 0, outcome)])


def match_of(said: list[PredictionMessage]) -> Match:
    return board_of(said).matches["m"]


def shown(match: Match) -> tuple[str, str, tuple[float, float] | None]:
    line = row(match)
    assert line is not None
    return line.state, line.result, line.chances


def test_the_final_of_2019_ends_with_england_at_a_hundred() -> None:
    key, events = "odi-male", messages(shipped_match("1144530"))
    said = advance({}, log_of(events), {key: Forecaster(load_starter()[key])}).predictions
    match = board_of(said).matches["1144530"]
    assert shown(match) == ("result", "England won (boundary count)", (1.0, 0.0))
    before = shown(board_of(said[:-1]).matches["1144530"])
    assert before == ("result", "Match tied", (0.5, 0.5))
    line = row(match)
    assert line is not None
    assert line.chart[-1] == 1.0
    page = head(match, match.newest, line, None, PageState().careers)  # type: ignore[arg-type]
    assert page.official is not None
    assert (page.official.winner, page.official.tie_break) == ("England", "boundary count")
    assert (page.confidence, page.kind) == (None, "Men's ODI")


@pytest.mark.parametrize(
    ("outcome", "text", "chances"),
    [
        (Outcome(None, "no result"), "No result", None),
        (Outcome(None, "abandoned"), "Match abandoned", None),
        (Outcome(REDS, "win", {"runs": 7}, "D/L"), "Reds beat Blues by 7 runs (D/L)", (1.0, 0.0)),
        (Outcome("Blues", "win", method="Awarded"), "Match awarded to Blues", (0.0, 1.0)),
        (Outcome(None, "tie"), "Match tied", (0.5, 0.5)),
    ],
)
def test_a_match_that_was_ended_early_is_over_and_not_silent(
    outcome: Outcome, text: str, chances: tuple[float, float] | None
) -> None:
    match = match_of(ended(outcome, 9))
    assert shown(match) == ("result", text, chances)
    line = row(match)
    assert line is not None
    assert (line.need, match.waiting) == ("", False)


def test_a_corrected_result_is_shown_and_a_match_that_goes_on_is_in_play_again() -> None:
    amended = match_of(said_of([*EVENTS, revised(ENDED, winner=REDS, method="D/L")]))
    assert shown(amended) == ("result", "Reds beat Blues (D/L)", (1.0, 0.0))
    goes_on: list[MatchEvent] = [
        *EVENTS[:11],
        event_of("m", 11, 0, InningsClose(0)),
        event_of("m", 12, 0, Outcome(None, "no result")),
        event_of("m", 13, 0, InningsReopened(0)),
    ]
    assert shown(match_of(said_of(goes_on)))[:2] == ("in play", "")
    assert shown(match_of(said_of(goes_on[:-1])))[:2] == ("result", "No result")


def test_a_message_that_comes_again_changes_no_result() -> None:
    match = match_of(SAID)
    before = shown(match)
    assert match.take(SAID[-1], 0) is None
    assert shown(match) == before


def test_the_official_result_settles_a_match_for_calibration() -> None:
    rain = Outcome(REDS, "win", {"runs": 7}, "D/L")
    (counts,) = board_of(ended(rain, 20)).models[KEY].settled.values()
    assert sum(times for _, _, times in counts) == 20
    for outcome in (
        replace(rain, method="Awarded"),
        Outcome(None, "no result"),
        Outcome(REDS, "tie", tie_break="bowl-out"),
    ):
        board = board_of(ended(outcome, 20))
        assert not any(model.settled for model in board.models.values())


def test_a_revised_result_counts_as_no_corrected_ball() -> None:
    said = said_of([*EVENTS, revised(ENDED, winner=REDS, method="D/L")])
    assert match_of(said).corrections() == 0
    assert msgspec.structs.asdict(said[-1])["revision"] == 1
