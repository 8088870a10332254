"""The settings of signing in: what they lack, and what would have no effect."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from streams.settings import Settings

OIDC = {
    "dashboard_url": "https://page.example",
    "dashboard_oidc_issuer": "https://issuer.example/realm",
    "dashboard_oidc_client_id": "page",
    "dashboard_oidc_operators": "ops",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(**given: object) -> Settings:
    return Settings(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (OIDC | {"dashboard_oidc_client_id": ""}, "dashboard_oidc_client_id is missing"),
        (OIDC | {"dashboard_url": ""}, "dashboard_url is missing, and dashboard_oidc_issuer needs"),
        (OIDC | {"dashboard_oidc_operators": ""}, "lets nobody in"),
        (OIDC | {"dashboard_oidc_operators": "ops, *"}, "may not be"),
        (OIDC | {"dashboard_url": "http://page.example"}, "dashboard_url is http"),
        (OIDC | {"dashboard_oidc_issuer": "http://issuer.example"}, "is http"),
        (OIDC | {"dashboard_oidc_issuer": "issuer.example"}, "is no URL of an issuer"),
        (OIDC | {"dashboard_oidc_issuer": "https://u:p@issuer.example"}, "is no URL of an issuer"),
        (OIDC | {"dashboard_oidc_issuer": "https://issuer.example?x=1"}, "is no URL of an issuer"),
        (OIDC | {"dashboard_oidc_scope": "profile"}, "lacks `openid`"),
        (OIDC | {"dashboard_oidc_ca": "nowhere.pem"}, "is not there"),
        ({"dashboard_oidc_client_id": "page"}, "client_id has no effect without"),
        ({"dashboard_oidc_client_secret": "x"}, "client_secret has no effect without"),
        ({"dashboard_oidc_operators": "ops"}, "operators has no effect without"),
        ({"dashboard_url": "page.example"}, "is no URL of the page"),
        ({"dashboard_url": "https://page.example/below"}, "is no URL of the page"),
        ({"dashboard_proxies": "10.0.0.0/8, proxy"}, "is not addresses or networks"),
        ({"dashboard_proxies": "*"}, "is not addresses or networks"),
        ({"dashboard_session_hours": 0}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_refused_in_one_sentence(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        made(**given)


def test_a_file_without_certificates_is_no_ca(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ValidationError, match="dashboard_oidc_ca names a file without"):
        made(**OIDC, dashboard_oidc_ca="ca.pem")


@pytest.mark.parametrize(
    "given",
    [
        {},
        OIDC,
        OIDC | {"dashboard_oidc_client_secret": "x", "dashboard_oidc_viewers": "*"},
        OIDC
        | {
            "dashboard_url": "http://127.0.0.1:8600",
            "dashboard_oidc_issuer": "http://localhost:9000",
        },
        {"dashboard_proxies": ""},
        {"dashboard_proxies": "10.0.0.0/8, ::1"},
        {"dashboard_url": "http://inside.example:8600"},  # tokens alone, as before
    ],
)
def test_what_goes_together_is_taken(given: dict[str, object]) -> None:
    assert made(**given)


def test_addresses_are_kept_in_one_form(tmp_path: Path) -> None:
    kept = made(dashboard_url="https://Page.Example/", dashboard_tokens="tokens")
    assert kept.dashboard_url == "https://page.example"
    assert kept.dashboard_tokens == str(tmp_path / "tokens")
