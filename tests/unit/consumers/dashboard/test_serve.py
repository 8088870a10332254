"""How the page is served: whose word is taken for where a request comes from."""

from pathlib import Path

import pytest

from consumers.dashboard.app import Dashboard
from consumers.dashboard.connections import Bounds, Refusals
from consumers.dashboard.serve import config_of
from consumers.dashboard.sign_in.attempts import FREE
from consumers.dashboard.sign_in.tokens import add
from streams.settings import Settings
from tests.support.visitor import Visitor

PROXY, CLIENT, OTHER = "10.1.2.3", "203.0.113.7", "203.0.113.8"


class Behind:
    """A page whose requests come through uvicorn's own layers."""

    def __init__(self, file: Path, proxies: str) -> None:
        self.asha = add(file, "asha", "operator")
        settings = Settings(dashboard_tokens=str(file), dashboard_proxies=proxies)
        page = Dashboard(settings)
        config = config_of(page, settings, Bounds(10, 10, Refusals()))
        config.load()
        self.app = config.loaded_app

    def sign_in(self, token: str, client: str, through: str) -> int:
        visitor = Visitor(self, address=through)
        form, sent = {"token": token}, {"origin": "http://page", "x-forwarded-for": client}
        return visitor.ask("/session", "POST", data=form, headers=sent).status_code


@pytest.mark.parametrize("proxies", ["10.0.0.0/8", "127.0.0.1, 10.1.2.3"])
def test_behind_a_proxy_that_is_named_each_client_has_its_own_attempts(
    tmp_path: Path, proxies: str
) -> None:
    page = Behind(tmp_path / "tokens", proxies)
    assert [page.sign_in("x", CLIENT, PROXY) for _ in range(FREE + 1)] == [401] * FREE + [429]
    assert page.sign_in(page.asha, OTHER, PROXY) == 303
    lying = f"{OTHER}, {CLIENT}"  # what a client sends stands before what the proxy adds
    assert page.sign_in(page.asha, lying, PROXY) == 429


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "10.2.0.0/16"])
def test_nobody_else_can_say_that_they_come_from_elsewhere(tmp_path: Path, proxies: str) -> None:
    page = Behind(tmp_path / "tokens", proxies)
    answers = [page.sign_in("x", f"203.0.113.{n}", PROXY) for n in range(FREE + 1)]
    assert answers == [401] * FREE + [429]
