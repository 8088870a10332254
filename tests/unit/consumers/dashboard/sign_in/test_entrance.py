"""The way in that is configured, and what it needs."""

import sys

import pytest

from consumers.dashboard.sign_in.entrance import entrance_of
from streams.settings import Settings
from tests.unit.consumers.dashboard.sign_in.test_claims import settings


def test_without_the_extra_the_page_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "consumers.dashboard.sign_in.oidc", raising=False)
    monkeypatch.setitem(sys.modules, "authlib.integrations.starlette_client", None)
    assert not entrance_of(Settings()).is_guarded
    with pytest.raises(ValueError, match=r"needs Authlib and httpx2.*overcast\[page-oidc\]"):
        entrance_of(settings("*"))


@pytest.mark.parametrize(
    ("viewers", "operators", "may"), [("*", "", False), ("", "ops", True), ("staff", "ops", True)]
)
def test_there_are_operators_only_where_the_settings_make_some(
    viewers: str, operators: str, *, may: bool
) -> None:
    entrance = entrance_of(settings(viewers, operators))
    assert entrance.is_guarded
    assert entrance.may_have_operators == may
