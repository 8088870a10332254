"""The page when a match has ended, and how it tells what it means."""

import re

import pytest
from playwright.sync_api import Page, expect

from consumers.chase_words import chase_words
from cricket.facts import Outcome
from streams.messages.events import event_of
from streams.messages.predictions import Prediction
from tests.browser.page_content import MADE, expect_score, row_of, said_of_famous, told
from tests.browser.stage import Stage
from tests.support.dashboard_messages import EVENTS, said_of

WHILE_PLAYING = ("The crease", "Next ball")


def test_the_final_of_2019_ends_at_a_hundred_to_nought(stage: Stage, page: Page) -> None:
    said = said_of_famous("1144530")
    stage.tell(said[:-1])
    page.goto(f"{stage.url}/match/1144530")
    expect(page.locator(".board .bar")).to_contain_text("ENG 50.0 %")
    page.evaluate("window.loaded = 'once'")
    stage.tell(said[-1:])
    expect(page.locator(".board .bar")).to_contain_text("ENG 100 %")
    expect(page.locator(".board .bar")).to_contain_text("NZ 0 %")
    expect(page.locator(".board .need")).to_have_text("England won (boundary count)")
    expect(page.get_by_role("status")).to_contain_text("England won (boundary count)")
    for name in WHILE_PLAYING:
        expect(page.get_by_role("region", name=name, exact=True)).to_be_hidden()
    expect(page.locator(".readout").first).to_contain_text("ENG 100 %")
    expect(page.locator(".heading")).to_contain_text("Men's ODI")
    assert page.evaluate("window.loaded") == "once"
    page.goto(stage.url)
    row = row_of(page, "1144530")
    expect(row).to_contain_text("England won (boundary count)")
    expect(row.locator(".tag")).to_have_text("result")


def test_a_match_that_was_abandoned_is_over_and_not_silent(stage: Stage, page: Page) -> None:
    end = event_of("m", 12, 0, Outcome(None, "no result"))
    said = told("abandoned", said_of([*EVENTS[:12], end]))
    stage.tell(said[:-1])
    page.goto(f"{stage.url}/match/abandoned")
    expect(page.get_by_role("region", name="The crease", exact=True)).to_be_visible()
    stage.tell(said[-1:])
    expect(page.locator(".board .need")).to_have_text("No result")
    expect(page.locator(".board .bar")).to_have_count(0)
    expect(page.locator("#feed")).to_have_text("live")
    page.goto(stage.url)
    page.clock.install()
    page.goto(stage.url)
    page.clock.fast_forward(120_000)
    expect(row_of(page, "abandoned").locator(".tag")).to_have_text("result")


def test_a_chase_is_told_by_how_it_ends(stage: Stage, page: Page) -> None:
    chasing = [made for made in MADE if made.card.innings == 1 and made.chase]
    last = chasing[-1]
    stage.tell(told("chase", MADE[: MADE.index(last) + 1]))
    page.goto(f"{stage.url}/match/chase")
    expect_score(page, last)
    likely, otherwise = chase_words(last) or ("", "")
    live = page.locator(".board dl")
    expect(live).to_contain_text(f"BLU {likely}")
    expect(live).to_contain_text(otherwise)


def test_the_page_says_whose_chance_it_draws_and_what_its_words_mean(
    stage: Stage, page: Page
) -> None:
    stage.tell(told("meanings", MADE[:20]))
    page.goto(f"{stage.url}/match/meanings")
    expect(page.locator(".whose")).to_contain_text("The line is the chance of Reds")
    expect(page.locator(".whose")).to_contain_text("below it BLU")
    expect(page.locator(".board .note")).to_contain_text("Points are percentage points")
    expect(page.locator(".board .note")).to_contain_text("Leverage is how much hangs on")
    expect(page.locator(".confidence")).to_contain_text(re.compile(r"once 30 matches of Men's T20"))
    assert isinstance(MADE[19], Prediction)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_on_a_phone_shows_that_it_scrolls_and_stays_where_it_was(
    stage: Stage, page: Page, scheme: str
) -> None:
    name = f"tables-{scheme}"
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": 220, "height": 700})  # so narrow that the table is too wide
    stage.tell(told(name, MADE[:20]))
    page.goto(f"{stage.url}/match/{name}")
    expect_score(page, MADE[19])
    bowlers = page.get_by_role("region", name="Bowlers")
    box = page.locator(".sideways", has=bowlers)
    expect(box).to_have_attribute("data-more", "")
    bowlers.evaluate("element => { element.scrollLeft = 20; }")
    stage.tell(told(name, MADE[20:21]))
    expect_score(page, MADE[20])
    assert bowlers.evaluate("element => element.scrollLeft") == 20
    bowlers.evaluate("element => { element.scrollLeft = element.scrollWidth; }")
    expect(box).not_to_have_attribute("data-more", "")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(box).not_to_have_attribute("data-more", "")
