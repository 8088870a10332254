"""A browser, a Kafka and a server for all tests of the page, and a tab of its own for each."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from overcast.embedded.servers import Addresses, running_servers
from streams.settings import Settings
from tests.browser.stage import FLAGS, Stage, browser_path
from tests.support.parties import prepare
from tests.support.tools import tool

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")  # no longer: Playwright's loop would be in other tests' way
def browser() -> Iterator[Browser]:
    path = browser_path() or tool("chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """Kafka and Redis; with OVERCAST_TEST_SECURE=1 those of `overcast up --secure`."""
    with running_servers(print, secure=os.environ.get("OVERCAST_TEST_SECURE") == "1") as found:
        yield found


@pytest.fixture(scope="session")
def settings(addresses: Addresses) -> Settings:
    name = f"page-{uuid4().hex[:8]}."
    made = Settings(
        **addresses.settings,
        topic_prefix=name,
        group=f"{name}workers",
        partitions=2,
    )
    prepare(made)
    return made


@pytest.fixture(scope="session")
def stage(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server for all tests, each of which tells a match of its own."""
    made = Stage(settings, tmp_path_factory.mktemp("page"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    made.set_default_timeout(300_000)
    expect.set_options(timeout=300_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that must not complain: no error, no broken policy, in any test."""
    made, complaints = context.new_page(), []  # type: ignore[var-annotated]

    def heard(text: str) -> None:
        expected = ("ERR_CONNECTION", "ERR_INTERNET", "(Unauthorized)")  # it is down, or locked
        if not any(each in text for each in expected):
            complaints.append(text)

    made.on("console", lambda message: message.type == "error" and heard(message.text))
    made.on("pageerror", lambda error: heard(str(error)))
    made.on("dialog", lambda dialog: (heard(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield made
    assert complaints == []
