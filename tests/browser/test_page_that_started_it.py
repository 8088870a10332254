"""The page that started it, element by element; and the pictures of the documents."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.page_content import PHONE, famous, row_of
from tests.browser.stage import Stage


def test_the_page_that_started_it_shows_all_its_elements(stage: Stage, page: Page) -> None:
    """IPL 2024, match 56, as ESPNcricinfo had it after ball 1.5; and the pictures of the README."""
    folder = os.environ.get("OVERCAST_TEST_SCREENSHOTS")
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
