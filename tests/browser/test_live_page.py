"""The live page in a real browser, fed by a real Kafka."""

from dataclasses import replace
from pathlib import Path

import msgspec
from playwright.sync_api import BrowserContext, Page, expect

from learning.contest.decisions import Cause, Frozen
from learning.model.prequential import Metrics, Tally
from streams.kafka.topics import DRIFT, METRICS
from streams.messages import decisions, metrics
from streams.messages.events import BallBowled
from streams.messages.metrics import MetricsMessage
from streams.messages.predictions import Prediction, Why
from streams.settings import Settings
from tests.browser.page_content import MADE, commentary, expect_score, row_of, score, told
from tests.browser.stage import Stage
from tests.integration.deployment import Deployment
from tests.support.dashboard_messages import EVENTS, said_of
from tests.support.parties import prepare

BALLS = [event for event in EVENTS if isinstance(event, BallBowled)]


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


def test_a_ball_of_a_feed_reaches_the_browser_through_a_worker(
    settings: Settings, page: Page, tmp_path: Path
) -> None:
    name = f"{settings.topic_prefix}worker."  # others tell predictions that no worker made
    own = settings.model_copy(update={"topic_prefix": name, "group": name})
    prepare(own)
    stage, deployment = Stage(own, tmp_path), Deployment(own, tmp_path)
    try:
        deployment.start()
        stage.start()
        page.goto(stage.url)
        deployment.send(EVENTS[:9])
        row_of(page, "m").click()
        expect_score(page, MADE[6])
        deployment.send(EVENTS[9:])
        expect(page.locator(".heading")).to_contain_text("result")
        expect_score(page, MADE[-1])
        page.goto(f"{stage.url}/models")
        expect(page.get_by_role("region", name="Model Men's T20", exact=True)).to_be_visible()
    finally:
        stage.stop()
        deployment.stop()


def test_the_page_says_why_where_a_worker_explains_and_nothing_elsewhere(
    stage: Stage, page: Page
) -> None:
    why = Why(0.21, 0.01, -0.042, 0.0, 0.05, -0.01)
    stage.tell(told("plain", MADE[:3]))
    page.goto(f"{stage.url}/match/plain")
    expect_score(page, MADE[2])
    expect(page.get_by_role("region", name="Why?")).to_be_hidden()
    stage.tell(told("why", [msgspec.structs.replace(made, why=why) for made in MADE[:3]]))
    page.goto(f"{stage.url}/match/why")
    expect_score(page, MADE[2])
    lines = page.get_by_role("region", name="Why?").get_by_role("listitem")
    expect(lines).to_have_count(6)
    expect(lines.nth(0)).to_have_text("the situation+21.0 (+0.0)")
    expect(lines.nth(2)).to_have_text("sides and competition\u22124.2 (+0.0)")


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
    expect(page.locator("#feed")).not_to_have_text("reconnecting")
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


def test_the_models_page_shows_scores_and_decisions_on_one_axis(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.url}/models")
    for labels, loss in ((100, 0.55), (101, 0.5), (102, 0.45)):
        stage.publish(METRICS, metrics.encode(scored(labels, loss)))
    part = page.get_by_role("region", name="Model Women's ODI", exact=True)
    expect(part.get_by_role("row", name="last")).to_contain_text("0.450")
    expect(part.locator(".plot canvas")).to_have_count(4)
    expect(part).to_contain_text("Nothing has been decided about it")
    reason = "its low bound went over the margin <b>"
    stage.publish(DRIFT, decisions.encode(frozen(101, reason)))
    expect(part.locator(".decisions")).to_contain_text(reason)
    expect(part.locator(".decisions")).to_contain_text("frozen after 101 answers")


def scored(labels: int, log_loss: float) -> MetricsMessage:
    window = Tally(matches=100, log_loss=log_loss, baseline=0.6, brier=0.2, error=17.0)
    told = Metrics(labels, window, window)
    return MetricsMessage(model_key="odi-female", model="v1", at=labels, metrics=told)


def frozen(labels: int, reason: str) -> Frozen:
    cause = Cause("cricket.labels", 0, labels)
    return Frozen(
        id="f", model_key="odi-female", at=1, cause=cause, labels=labels, model="v1", reason=reason
    )
