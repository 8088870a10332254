"""The page for everybody: by keyboard, on a phone, with a token, and against ill will."""

import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pydantic import SecretStr

from streams.messages.events import MatchStarted
from streams.settings import Settings
from tests.browser.page_content import MADE, PHONE, expect_score, row_of, told
from tests.browser.stage import Stage
from tests.support.dashboard_messages import EVENTS, said_of
from tests.support.parties import prepare

EVIL = "<script>document.title = 'taken'; alert(1)</script>"


def test_a_batter_called_script_is_a_name(stage: Stage, page: Page) -> None:
    start = EVENTS[0]
    assert isinstance(start, MatchStarted)
    players = {"Reds": ("Reds 1", "Reds 2", EVIL), "Blues": ("bowler 0", "bowler 1")}
    names = {"Reds 1": EVIL, "Reds 2": f"{EVIL} 2", "bowler 0": "<img src=x onerror=alert(2)>"}
    fixture = replace(start.fixture, event=EVIL, venue=EVIL, players=players, names=names)
    made = said_of([msgspec.structs.replace(start, fixture=fixture), *EVENTS[1:9]])
    stage.tell(told("evil", made))
    page.goto(f"{stage.url}/match/evil")
    expect(page.locator(".crease")).to_contain_text(EVIL)
    for tab in ("Scorecard", "Overs", "Elevens"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).to_contain_text("<" if tab != "Overs" else "Reds")
    page.goto(stage.url)
    expect(row_of(page, "evil")).to_contain_text(EVIL)
    assert page.locator("main script, main img").count() == 0
    assert "taken" not in page.title()


def test_the_page_is_used_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    stage.tell(told("keys", MADE[:20]))
    page.goto(stage.url)
    expect(row_of(page, "keys")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "match"
    row_of(page, "keys").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect_score(page, MADE[19])
    chart = page.locator(".plot").first
    chart.focus()
    before = page.locator(".readout").first.inner_text()
    page.keyboard.press("Home")
    expect(page.locator(".readout").first).to_contain_text("0.1")
    assert page.locator(".readout").first.inner_text() != before
    page.get_by_role("tab", name="Commentary").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Scorecard")).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_contain_text("Total")
    stage.tell(told("keys", MADE[20:22]))
    expect_score(page, MADE[21])
    expect(page.get_by_role("tab", name="Scorecard")).to_be_focused()


def test_the_page_has_its_landmarks_and_names(stage: Stage, page: Page) -> None:
    stage.tell(told("landmarks", MADE))
    page.goto(f"{stage.url}/match/landmarks")
    expect_score(page, MADE[-1])
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1  # type: ignore[arg-type]
    assert page.locator("h1").count() == 1
    assert page.locator("img:not([alt]), button:empty, a:empty").count() == 0
    for chart in page.locator(".plot").all():
        assert "now" in (name := chart.get_attribute("aria-label") or "") or "between" in name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(
    stage: Stage, page: Page, scheme: str, context: BrowserContext
) -> None:
    assert context
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    stage.tell(told("phone", MADE[:30]))
    for path in ("/", "/match/phone", "/models"):
        page.goto(stage.url + path)
        expect(page.locator("#feed")).to_have_text("live")
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    page.goto(f"{stage.url}/match/phone")
    for tab in ("Scorecard", "Overs", "Elevens", "Commentary"):
        page.get_by_role("tab", name=tab).click()
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(20, 23, 27)") == (scheme == "dark")


def test_a_silent_feed_is_said_to_be_silent_until_it_speaks(stage: Stage, page: Page) -> None:
    def last_heard_of_long_ago(route: Route) -> None:
        document = route.fetch().json()
        document["head"]["row"]["at"] -= 40_000
        route.fulfill(json=document)

    stage.tell(told("silent", MADE[:5]))
    page.route("**/api/matches/silent", last_heard_of_long_ago)
    page.goto(f"{stage.url}/match/silent")
    expect(page.locator("#feed")).to_have_text(re.compile(r"feed silent for \d+ s"))
    assert page.locator("main").get_attribute("data-stale") == "true"
    stage.tell(told("silent", MADE[5:6]))
    expect(page.locator("#feed")).to_have_text("live")


def test_with_a_token_the_page_is_opened_by_signing_in(
    settings: Settings, tmp_path: Path, context: BrowserContext
) -> None:
    token, prefix = SecretStr("open sesame"), f"{settings.topic_prefix}locked."
    own = {"dashboard_token": token, "topic_prefix": prefix}
    made = settings.model_copy(update=own)
    prepare(made)
    locked = Stage(made, tmp_path)
    locked.start()
    try:
        page = context.new_page()
        page.goto(f"{locked.url}/match/m")
        page.get_by_label("Token").fill("open sesame")
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{locked.url}/match/m")  # where one wanted to be
        page.get_by_role("link", name="Overcast").click()
        expect(page.get_by_text("No forecast has been heard yet")).to_be_visible()
        locked.tell(MADE[:4])
        page.get_by_role("link", name="Reds v Blues").click()
        expect_score(page, MADE[3])
        locked.tell(MADE[4:6])
        expect_score(page, MADE[5])
        assert "open sesame" not in json.dumps(context.cookies()) + page.content()
    finally:
        locked.stop()
