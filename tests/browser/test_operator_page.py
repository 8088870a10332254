"""The operator's page in a real browser: signing in, an order, the learner's answer."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consumers.dashboard.sign_in.tokens import add
from streams.kafka.topics import CONTESTS, DRIFT, create_topics
from streams.messages import decisions
from streams.models import contest_log
from streams.settings import Settings
from tests.browser.page_content import PHONE
from tests.browser.stage import Stage
from tests.integration.deployment import Deployment
from tests.support.contests import on_trial
from tests.support.decisions import alarm, raised
from tests.support.oidc_issuer import CLIENT, CLIENT_SECRET, OidcIssuer

PICTURES = os.environ.get("OVERCAST_TEST_SCREENSHOTS", "")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


class Operated:
    """A page of its own, with an operator and a viewer, and an issuer beside the tokens."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.asha = add(folder / "tokens", "asha", "operator")
        self.ben = add(folder / "tokens", "ben", "viewer")
        self.issuer = OidcIssuer()
        self.issuer.person = {"sub": "17", "preferred_username": "chandra", "groups": ["ops"]}
        name = f"{settings.topic_prefix}operated.{uuid4().hex[:8]}."  # what one froze is frozen
        self.stage = Stage(settings, folder)
        more: dict[str, Any] = {
            "topic_prefix": name,
            "group": name,
            "dashboard_tokens": str(folder / "tokens"),
            "dashboard_url": self.stage.url,
            "dashboard_oidc_issuer": self.issuer.url,
            "dashboard_oidc_client_id": CLIENT,
            "dashboard_oidc_client_secret": CLIENT_SECRET,
            "dashboard_oidc_operators": "ops",
        }
        self.stage.settings = Settings(**settings.model_dump(include={"kafka", "redis"}) | more)
        self.issuer.redirect = f"{self.stage.url}/oidc/callback"
        create_topics(self.stage.settings)

    def stop(self) -> None:
        self.stage.stop()
        self.issuer.stop()


@pytest.fixture
def operated(settings: Settings, tmp_path: Path) -> Iterator[Operated]:
    made = Operated(settings, tmp_path)
    made.stage.start()
    yield made
    made.stop()


def picture(page: Page, name: str) -> None:
    """A picture of what is in the window, if pictures are wanted."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/live-{name}.png")


def sign_in(page: Page, operated: Operated, token: str, path: str = "/operator") -> None:
    page.goto(operated.stage.url + path)
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_an_operator_signs_in_freezes_a_model_and_sees_the_learner_s_answer(
    operated: Operated, context: BrowserContext, tmp_path: Path
) -> None:
    deployment = Deployment(operated.stage.settings, tmp_path)
    page = context.new_page()
    try:
        deployment.start()
        sign_in(page, operated, operated.asha)
        part = page.get_by_role("region", name="Model Men's T20", exact=True)
        part.get_by_role("button", name="Freeze Men's T20").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Workers go on forecasting")
        dialog.get_by_role("button", name="Freeze Men's T20").click()
        expect(dialog.get_by_label("Reason")).to_be_focused()  # nothing was sent without one
        dialog.get_by_label("Reason").fill("a final <b>")
        dialog.get_by_role("button", name="Freeze Men's T20").click()
        expect(dialog.get_by_role("status")).to_contain_text("a final <b>")
        expect(dialog).to_contain_text("Accepted: frozen")
        dialog.get_by_role("button", name="Close").click()
        expect(part).to_contain_text("frozen by asha via page (unsigned): a final <b>")
        expect(part.get_by_role("button", name="Unfreeze Men's T20")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Token")).to_be_visible()
        page.goto(f"{operated.stage.url}/operator")
        expect(page.get_by_label("Token")).to_be_visible()
    finally:
        deployment.stop()


def test_who_comes_by_the_issuer_is_known_by_name_and_led_back(
    operated: Operated, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{operated.stage.url}/operator")
    page.get_by_role("link", name="Sign in with 127.0.0.1").click()
    expect(page.get_by_role("heading", name="Operator", exact=True)).to_be_visible()
    expect(page.locator("#account")).to_contain_text("chandra (17)")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    page.get_by_role("link", name="Operator").click()
    expect(page.get_by_role("button", name="Freeze Men's T20")).to_be_visible()


def test_a_viewer_has_no_way_to_the_operator_s_page(
    operated: Operated, context: BrowserContext
) -> None:
    page = context.new_page()
    sign_in(page, operated, operated.ben, "/")
    expect(page.locator("#account")).to_contain_text("ben")
    expect(page.get_by_role("link", name="Operator")).to_be_hidden()
    page.goto(f"{operated.stage.url}/operator")
    expect(page.get_by_role("heading", name="For operators only")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_challenger_is_shown_with_its_evidence_on_any_screen(
    operated: Operated, page: Page, scheme: str
) -> None:
    state = on_trial("t20-male", [(0.62, 0.55), (0.71, 0.66), (0.48, 0.5), (0.9, 0.72)] * 8)
    name = state.challengers[0].name
    operated.stage.publish(DRIFT, decisions.encode(alarm()))
    operated.stage.publish(DRIFT, decisions.encode(raised(name)))
    operated.stage.publish(CONTESTS, contest_log.encode(state))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(operated.stage.url)
    sign_in(page, operated, operated.asha)
    trial = page.locator(".trials li", has_text=name)
    expect(trial).to_contain_text("Over 32 matches it lost 0.070 nats a match less")
    expect(trial.locator("svg.gain rect")).to_have_count(1)
    expect(page.locator(".decisions").first).to_contain_text("went from +0.00 to +0.40")
    if scheme == "light":
        picture(page, "operator")
    trial.get_by_role("button", name=f"Promote {name}").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"{name} serves every match")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(FITS)
    trial.get_by_role("button", name=f"Promote {name}").click()
    assert page.evaluate(FITS)
