"""What the tests of the page tell, and what a page then shows."""

from collections.abc import Iterable
from typing import Any

import msgspec
from playwright.sync_api import Locator, Page, expect

from learning.keys import model_key
from producers.recorded import shipped_match
from streams.messages.predictions import Prediction, PredictionMessage
from streams.pipeline.advance import advance
from tests.support.dashboard_messages import SAID
from tests.support.matches import log_of, messages, served

MADE = [said for said in SAID if isinstance(said, Prediction)]
PHONE = {"width": 390, "height": 844}


def told(match_id: str, said: Iterable[PredictionMessage]) -> list[Any]:
    """The messages as those of a match of its own: the page is shared by all tests."""
    return [msgspec.structs.replace(message, match_id=match_id) for message in said]


def row_of(page: Page, match_id: str) -> Locator:
    """A match in the list."""
    return page.locator(f"a[href='/match/{match_id}']")


def score(said: Prediction) -> str:
    return f"{said.card.runs}/{said.card.wickets}"


def expect_score(page: Page, said: Prediction) -> None:
    expect(page.locator(".big")).to_contain_text(score(said))
    expect(page.locator(".big")).to_contain_text(said.card.overs)


def commentary(page: Page) -> list[str]:
    return page.locator(".commentary .what").all_inner_texts()


def famous(match_id: str, balls: int) -> list[PredictionMessage]:
    """The first predictions of a shipped match."""
    return said_of_famous(match_id)[:balls]


def said_of_famous(match_id: str) -> list[PredictionMessage]:
    """All that is said of a shipped match, its official result last."""
    match = shipped_match(match_id)
    key = str(model_key(match.fixture))
    return advance({}, log_of(messages(match)), {key: served(key)}).predictions
