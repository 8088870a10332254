"""The live page in a real browser, fed by a real Kafka."""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from learning.decisions import Cause, Frozen
from learning.scores import Metrics, Tally
from producers.recorded import shipped_match
from streams import drift, metrics
from streams.events import BallBowled, MatchStarted
from streams.metrics import MetricsMessage
from streams.predictions import Prediction, Said
from streams.settings import Settings
from streams.topics import DRIFT, METRICS
from tests.browser.stage import Stage
from tests.unit.heard import EVENTS, SAID, said_of
from tests.unit.matches import messages

BALLS = [event for event in EVENTS if isinstance(event, BallBowled)]
MADE = [said for said in SAID if isinstance(said, Prediction)]
PHONE = {"width": 390, "height": 844}
EVIL = "<script>document.title = 'taken'; alert(1)</script>"


def told(match_id: str, said: Iterable[Said]) -> list[Any]:
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


def famous(match_id: str, balls: int) -> list[Said]:
    """The first predictions of a shipped match."""
    return said_of(messages(shipped_match(match_id)))[:balls]


def test_a_replay_moves_the_page(stage: Stage, page: Page) -> None:
    stage.tell(told("replay", MADE[:3]))
    page.goto(f"{stage.url}/match/replay")
    expect_score(page, MADE[2])
    page.evaluate("window.loaded = 'once'")
    for at in range(3, 12):
        stage.tell(told("replay", [MADE[at]]))
        expect_score(page, MADE[at])
    assert page.evaluate("window.loaded") == "once"
    assert len(commentary(page)) == 12
    assert page.locator(".plot canvas").count() == 2
    assert "50 % now" not in (page.locator(".plot").first.get_attribute("aria-label") or "")


def test_the_list_moves_too_and_leads_to_the_match(stage: Stage, page: Page) -> None:
    page.goto(stage.url)
    stage.tell(told("list", MADE[:5]))
    row = row_of(page, "list")
    expect(row).to_contain_text(score(MADE[4]))
    stage.tell(told("list", MADE[5:7]))
    expect(row).to_contain_text(score(MADE[6]))
    row.click()
    expect_score(page, MADE[6])
    page.go_back()
    expect(row).to_be_visible()


def test_a_correction_redraws_what_it_moved(stage: Stage, page: Page) -> None:
    wrong = [
        msgspec.structs.replace(e, fact=replace(e.fact, runs=3)) if e == BALLS[2] else e
        for e in EVENTS[: BALLS[8].seq + 1]
    ]
    right = msgspec.structs.replace(BALLS[2], revision=1)
    said = said_of([*wrong, right])
    first = [s for s in said if isinstance(s, Prediction) and not s.revision]
    stage.tell(told("corrected", first))
    page.goto(f"{stage.url}/match/corrected")
    expect_score(page, first[-1])
    before = page.locator(".plot canvas").first.screenshot()
    stage.tell(told("corrected", said[len(first) :]))
    expect_score(page, MADE[8])
    assert score(first[-1]) != score(MADE[8])
    expect(page.locator(".commentary li", has_text="corrected").first).to_be_visible()
    expect(page.locator(".heading")).to_contain_text("corrected: revision 1")
    expect(page.get_by_role("status")).to_contain_text("corrected")
    assert len(commentary(page)) == 9
    assert page.locator(".plot canvas").first.screenshot() != before


def test_a_page_heals_when_its_server_was_away(stage: Stage, page: Page) -> None:
    stage.tell(told("healed", MADE[:5]))
    page.goto(f"{stage.url}/match/healed")
    expect_score(page, MADE[4])
    page.evaluate("window.loaded = 'once'")
    stage.stop()
    expect(page.locator("#feed")).to_have_text("reconnecting")
    stage.tell(told("healed", MADE[5:14]))
    stage.start()
    expect_score(page, MADE[13])
    expect(page.locator("#feed")).to_have_text("live")
    stage.tell(told("healed", MADE[14:16]))
    expect_score(page, MADE[15])
    assert page.evaluate("window.loaded") == "once"
    assert commentary(page) == [made.ball for made in reversed(MADE[:16])]


def test_a_viewer_whose_line_was_cut_misses_nothing(
    stage: Stage, context: BrowserContext, page: Page
) -> None:
    stage.tell(told("cut", MADE[:5]))
    page.goto(f"{stage.url}/match/cut")
    expect_score(page, MADE[4])
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    stage.tell(told("cut", MADE[5:12]))
    context.set_offline(False)
    expect_score(page, MADE[11])
    assert commentary(page) == [made.ball for made in reversed(MADE[:12])]


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


def test_a_silent_feed_is_said_to_be_silent(stage: Stage, page: Page) -> None:
    stage.tell(told("silent", MADE[:5]))
    page.clock.install()
    page.goto(f"{stage.url}/match/silent")
    expect_score(page, MADE[4])
    page.route("**/api/events*", lambda route: route.abort())  # no beat sets the clock right
    page.evaluate("const now = Date.now; Date.now = () => now() + 40000")
    expect(page.locator("#feed")).to_contain_text("feed silent for 4")
    assert page.locator("main").get_attribute("data-stale") == "true"


def test_the_models_page_shows_scores_and_decisions_on_one_axis(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.url}/models")
    expect(page.get_by_text("No model has learned an answer")).to_be_visible()
    for labels, loss in ((100, 0.55), (101, 0.5), (102, 0.45)):
        stage.publish(METRICS, metrics.encode(scored(labels, loss)))
    part = page.get_by_role("region", name="Model t20-male", exact=True)
    expect(part.get_by_role("row", name="last")).to_contain_text("0.450")
    expect(part.locator(".plot canvas")).to_have_count(4)
    expect(part).to_contain_text("Nothing has been decided about it")
    reason = "its low bound went over the margin <b>"
    stage.publish(DRIFT, drift.encode(frozen(101, reason)))
    expect(part.locator(".decisions")).to_contain_text(reason)
    expect(part.locator(".decisions")).to_contain_text("frozen after 101 answers")


def scored(labels: int, log_loss: float) -> MetricsMessage:
    window = Tally(matches=100, log_loss=log_loss, baseline=0.6, brier=0.2, error=17.0)
    told = Metrics(labels, window, window)
    return MetricsMessage(model_key="t20-male", model="v1", at=labels, metrics=told)


def frozen(labels: int, reason: str) -> Frozen:
    cause = Cause("cricket.labels", 0, labels)
    return Frozen(
        id="f", model_key="t20-male", at=1, cause=cause, labels=labels, model="v1", reason=reason
    )


def test_with_a_token_the_page_is_opened_by_signing_in(
    settings: Settings, tmp_path: Path, context: BrowserContext
) -> None:
    own = {"dashboard_token": "open sesame", "topic_prefix": f"{settings.topic_prefix}locked."}
    locked = Stage(settings.model_copy(update=own), tmp_path)
    locked.start()
    try:
        page = context.new_page()
        page.goto(f"{locked.url}/match/m")
        page.get_by_label("Token").fill("open sesame")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("No forecast has been heard yet")).to_be_visible()
        locked.tell(MADE[:4])
        page.get_by_role("link", name="Reds v Blues").click()
        expect_score(page, MADE[3])
        locked.tell(MADE[4:6])
        expect_score(page, MADE[5])
        assert "open sesame" not in json.dumps(context.cookies()) + page.content()
    finally:
        locked.stop()


def test_the_page_that_started_it_shows_all_its_elements(stage: Stage, page: Page) -> None:
    """IPL 2024, match 56, as ESPNcricinfo had it after ball 1.5; and the pictures of the README."""
    folder = os.environ.get("OVERCAST_SCREENSHOTS")
    stage.tell(famous("1426294", 11))
    page.goto(f"{stage.url}/match/1426294")
    shown = page.locator("main")
    for text in (
        "Indian Premier League", "match 56", "Arun Jaitley Stadium", "in play",
        "Rajasthan Royals chose to field", "12/0", "1.5 ov", "run rate 6.54", "Live forecast",
        "v bowler", "Last 5", "career", "Spell", "Dots", "Partnership12 (11) 6.54 an over",
        "This over", "Next ball", "Turning points", "Win probability added", "How sure is it?",
        "Sandeep Sharma to Abishek Porel, no run",
    ):  # fmt: skip
        expect(shown).to_contain_text(text)
    if folder is None:
        return
    stage.tell(famous("1426294", 300)[11:118])
    for match_id, balls in (("1298150", 238), ("1415755", 300), ("1181768", 300), ("287879", 300)):
        stage.tell(famous(match_id, balls))
    pictures(page, stage.url, Path(folder))


def pictures(page: Page, url: str, folder: Path) -> None:
    """The pages as the README shows them."""
    page.goto(f"{url}/match/1298150")
    expect(page.locator(".commentary li")).to_have_count(24)
    page.screenshot(path=folder / "live-match.png", clip=box(1280, 1110), full_page=True)
    page.goto(url)
    expect(row_of(page, "287879")).to_be_visible()
    page.screenshot(path=folder / "live-list.png")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{url}/match/1426294")
    expect(page.locator(".plot canvas")).to_have_count(2)
    page.screenshot(path=folder / "live-phone.png", clip=box(390, 1000), full_page=True)


def box(width: float, height: float) -> dict[str, float]:
    return {"x": 0, "y": 0, "width": width, "height": height}
