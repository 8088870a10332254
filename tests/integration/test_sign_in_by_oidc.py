"""Signing in by OpenID Connect, at an issuer on the loopback that holds the page to its part."""

import base64
import hmac
import json
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from consumers.dashboard.app import Dashboard
from consumers.dashboard.sign_in.attempts import FREE
from overcast.embedded.certificates import Authority
from streams.settings import Settings
from tests.support.oidc_issuer import CLIENT, CLIENT_SECRET, OidcIssuer
from tests.support.visitor import Visitor

URL = "http://127.0.0.1:8600"
OPEN_SESAME = "open sesame"
OPS = {"sub": "17", "preferred_username": "asha", "groups": ["ops"]}


class Signed:
    """A page that takes the word of such an issuer."""

    def __init__(self, issuer: OidcIssuer, **settings: Any) -> None:
        self.issuer = issuer
        issuer.redirect, issuer.person = f"{URL}/oidc/callback", OPS
        self.seconds = 1_000.0
        given = {
            "dashboard_url": URL,
            "dashboard_oidc_issuer": issuer.url,
            "dashboard_oidc_client_id": CLIENT,
            "dashboard_oidc_client_secret": CLIENT_SECRET,
            "dashboard_oidc_viewers": "staff",
            "dashboard_oidc_operators": "ops",
        }
        self.page = Dashboard(Settings(**given | settings), clock=lambda: self.seconds)

    def visitor(self, address: str = "203.0.113.7") -> Visitor:
        return Visitor(self.page, URL, address)

    def back(self, visitor: Visitor, to: str = "/", verify: ssl.SSLContext | None = None) -> str:
        """Begin to sign in, and be sent back by the issuer: the path with code and state."""
        begun = visitor.ask("/oidc/start", params={"to": to})
        assert begun.status_code == 303
        sent = httpx.get(begun.headers["location"], verify=verify or True)
        return sent.headers["location"].removeprefix(URL)

    def sign_in(self, visitor: Visitor, to: str = "/") -> httpx.Response:
        return visitor.ask(self.back(visitor, to))


@pytest.fixture
def issuer() -> Iterator[OidcIssuer]:
    made = OidcIssuer()
    yield made
    made.stop()


@pytest.fixture
def signed(issuer: OidcIssuer) -> Signed:
    return Signed(issuer)


def test_whom_the_issuer_names_is_signed_in_and_led_back(signed: Signed) -> None:
    visitor = signed.visitor()
    refused = visitor.ask("/match/m?x=1")
    assert refused.status_code == 401
    assert "/oidc/start?to=%2Fmatch%2Fm%3Fx%3D1" in refused.text
    answer = signed.sign_in(visitor, "/match/m?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/match/m?x=1")
    session = visitor.ask("/session").json()
    assert (session["name"], session["role"]) == ("asha (17)", "operator")
    assert visitor.ask("/operator").status_code == 200
    assert list(visitor.cookies) == ["overcast"]  # that of the sign-in is gone


def test_the_request_has_pkce_state_and_nonce_and_each_is_new(signed: Signed) -> None:
    asked = []
    for _ in range(2):
        begun = signed.visitor().ask("/oidc/start")
        query = parse_qs(urlsplit(begun.headers["location"]).query)
        asked.append({name: values[0] for name, values in query.items()})
    for name in ("code_challenge", "state", "nonce"):
        assert len(asked[0][name]) >= 20
        assert asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == "S256"
    assert asked[0]["redirect_uri"] == f"{URL}/oidc/callback"


def test_the_groups_make_the_role_and_without_one_nobody_comes_in(signed: Signed) -> None:
    signed.issuer.person = OPS | {"groups": ["staff"]}
    viewer = signed.visitor()
    signed.sign_in(viewer)
    assert viewer.ask("/session").json()["role"] == "viewer"
    assert viewer.ask("/operator").status_code == 403
    signed.issuer.person = OPS | {"groups": ["strangers"]}
    stranger = signed.visitor()
    answer = signed.sign_in(stranger)
    assert answer.status_code == 403
    assert "nobody has given you a role" in answer.text
    assert stranger.ask("/").status_code == 401


def _without(name: str) -> Any:
    return lambda claims: {n: v for n, v in claims.items() if n != name}


def _with(**more: Any) -> Any:
    return lambda claims: claims | more


LONG_AGO = int(time.time()) - 3_600
SPOILT = {
    "wrong nonce": _with(nonce="another"),
    "no nonce": _without("nonce"),
    "wrong audience": _with(aud="another page"),
    "wrong audience by us": _with(aud="another page", azp=CLIENT),
    "no audience": _without("aud"),
    "wrong issuer": _with(iss="https://evil.example"),
    "no issuer": _without("iss"),
    "expired": _with(exp=LONG_AGO),
    "no end": _without("exp"),
    "not yet": _with(nbf=int(time.time()) + 3_600),
    "for another party": _with(aud=[CLIENT, "other"], azp="other"),
    "nobody": _without("sub"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_an_id_token_that_proves_nothing_signs_nobody_in(
    signed: Signed, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    signed.issuer.spoil = SPOILT[spoilt]
    visitor = signed.visitor()
    answer = signed.sign_in(visitor)
    assert answer.status_code == 403
    assert "does not prove who you are" in answer.text
    assert visitor.ask("/").status_code == 401
    assert "does not prove who you are" in caplog.text
    assert CLIENT_SECRET not in caplog.text
    assert signed.issuer.signed_in == 1  # it was the token, and nothing before it


def test_a_token_signed_by_a_foreign_key_signs_nobody_in(signed: Signed) -> None:
    signed.issuer.signing_key = RSAKey.generate_key(2048, parameters={"kid": "1"})
    assert signed.sign_in(signed.visitor()).status_code == 403


def _forged(alg: str, secret: bytes = b"") -> Callable[[dict[str, Any]], str]:
    """A token whose signature is one that everybody can make, by hand: the library refuses to."""

    def forge(claims: dict[str, Any]) -> str:
        parts = [_written(json.dumps(part).encode()) for part in ({"alg": alg}, claims)]
        signed = ".".join(parts)
        signature = hmac.digest(secret, signed.encode(), "sha256") if secret else b""
        return f"{signed}.{_written(signature)}"

    return forge


def _written(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_nor_does_one_signed_by_the_public_key_as_a_shared_secret_or_by_none(
    signed: Signed,
) -> None:
    """The issuer says that it signs by HS256, too: only it may be able to sign."""
    public = signed.issuer.key.as_pem(private=False)
    forgeries = _forged("HS256", public), _forged("HS256", CLIENT_SECRET.encode()), _forged("none")
    for forge in forgeries:
        signed.issuer.sign = forge
        assert signed.sign_in(signed.visitor()).status_code == 403
    assert signed.issuer.signed_in == 3


def test_a_new_key_of_the_issuer_is_fetched_once_it_signs_with_it(signed: Signed) -> None:
    assert signed.sign_in(signed.visitor()).status_code == 303
    new = RSAKey.generate_key(2048, parameters={"kid": "2"})
    signed.issuer.key = signed.issuer.signing_key = new
    signed.issuer.header = {"alg": "RS256", "kid": "2"}
    assert signed.sign_in(signed.visitor()).status_code == 303
    assert signed.issuer.fetched_keys == 2


def test_a_key_that_the_issuer_gave_up_is_trusted_for_an_hour_at_most(signed: Signed) -> None:
    assert signed.sign_in(signed.visitor()).status_code == 303
    old = signed.issuer.key
    signed.issuer.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
    signed.issuer.signing_key = old
    signed.seconds += 3_600
    assert signed.sign_in(signed.visitor()).status_code == 403


def test_a_wrong_state_signs_nobody_in(signed: Signed) -> None:
    visitor = signed.visitor()
    back = signed.back(visitor)
    wrong = [back + "x", back.partition("&state")[0], "/oidc/callback?state=", "/oidc/callback"]
    for path in wrong:
        assert visitor.ask(path).status_code == 403
    assert signed.issuer.signed_in == 0


def test_a_code_is_used_once(signed: Signed) -> None:
    visitor = signed.visitor()
    back, cookies = signed.back(visitor), httpx.Cookies(visitor.cookies)
    assert visitor.ask(back).status_code == 303
    replaying = signed.visitor()
    replaying.cookies = cookies  # and with the cookies of that browser, too
    answer = replaying.ask(back)
    assert answer.status_code == 403
    assert "was used before" in answer.text
    assert replaying.ask("/").status_code == 401


def test_a_sign_in_that_another_browser_began_is_not_finished_here(signed: Signed) -> None:
    """Nobody is signed in as somebody else by a link that they are sent."""
    back = signed.back(signed.visitor())
    victim = signed.visitor()
    assert victim.ask(back).status_code == 403
    signed.back(victim)  # it has a sign-in of its own under way
    back = signed.back(signed.visitor())
    assert victim.ask(back).status_code == 403
    assert victim.ask("/").status_code == 401
    assert signed.issuer.signed_in == 0


def test_a_sign_in_has_ten_minutes(signed: Signed) -> None:
    visitor = signed.visitor()
    back = signed.back(visitor)
    signed.seconds += 600
    assert "taken too long" in visitor.ask(back).text


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(signed: Signed, to: str) -> None:
    assert signed.sign_in(signed.visitor(), to).headers["location"] == "/"


def test_what_the_issuer_says_of_an_error_is_not_repeated(signed: Signed) -> None:
    visitor = signed.visitor()
    state = parse_qs(urlsplit(signed.back(visitor)).query)["state"][0]
    query = {"state": state, "error": "access_denied", "error_description": "<b>call 555</b>"}
    answer = visitor.ask("/oidc/callback", params=query)
    assert answer.status_code == 403
    assert "555" not in answer.text


def test_a_code_of_another_browser_fails_by_pkce(signed: Signed) -> None:
    """Whoever has stolen a code cannot use it in a sign-in of their own."""
    stolen = parse_qs(urlsplit(signed.back(signed.visitor())).query)["code"][0]
    thief = signed.visitor()
    state = parse_qs(urlsplit(signed.back(thief)).query)["state"][0]
    answer = thief.ask("/oidc/callback", params={"code": stolen, "state": state})
    assert answer.status_code == 403
    assert signed.issuer.signed_in == 0


def test_who_fails_too_often_has_to_wait(signed: Signed) -> None:
    visitor = signed.visitor()
    for _ in range(FREE):
        assert visitor.ask("/oidc/callback?code=x&state=y").status_code == 403
    for path in ("/oidc/callback?code=x&state=y", "/oidc/start"):
        answer = visitor.ask(path)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) == 1
    assert signed.sign_in(signed.visitor("203.0.113.8")).status_code == 303


def test_sign_ins_that_are_begun_and_not_finished_do_not_pile_up(signed: Signed) -> None:
    honest = signed.visitor("203.0.113.8")
    back = signed.back(honest)
    for _ in range(60):
        assert signed.visitor().ask("/oidc/start").status_code == 303
    assert signed.page.entrance.issuer is not None
    assert signed.page.entrance.issuer.under_way == 51  # 50 of an address
    assert honest.ask(back).status_code == 303


def test_an_issuer_that_is_away_or_another_one_is_said_to_be_that(signed: Signed) -> None:
    signed.issuer.described = {"issuer": "https://evil.example"}
    answer = signed.visitor().ask("/oidc/start")
    assert answer.status_code == 502
    assert "by another name" in answer.text
    signed.issuer.stop()
    answer = signed.visitor().ask("/oidc/start")
    assert answer.status_code == 502
    assert "cannot be reached" in answer.text


@pytest.mark.parametrize(
    "described",
    [{"issuer": None}, {"authorization_endpoint": None}, {"jwks_uri": None}, {"jwks_uri": "x"}, []],
)
def test_a_description_that_lacks_something_ends_in_a_sentence(
    signed: Signed, described: Any
) -> None:
    signed.issuer.described = described
    visitor = signed.visitor()
    answer = visitor.ask("/oidc/start")
    if answer.status_code == 303:
        answer = visitor.ask(signed.back(visitor))
    assert answer.status_code in {403, 502}
    assert 'role="alert"' in answer.text
    assert visitor.ask("/").status_code == 401


def test_signing_in_works_again_once_the_issuer_is_back(signed: Signed) -> None:
    signed.issuer.described = {"issuer": "https://evil.example"}
    assert signed.visitor().ask("/oidc/start").status_code == 502
    signed.issuer.described = {}
    assert signed.sign_in(signed.visitor()).status_code == 303


def test_without_a_secret_pkce_is_the_proof(issuer: OidcIssuer) -> None:
    issuer.secret = ""
    signed = Signed(issuer, dashboard_oidc_client_secret="")
    assert signed.sign_in(signed.visitor()).status_code == 303


def test_a_wrong_secret_signs_nobody_in(issuer: OidcIssuer) -> None:
    signed = Signed(issuer, dashboard_oidc_client_secret=CLIENT_SECRET + "x")
    answer = signed.sign_in(signed.visitor())
    assert answer.status_code == 403
    assert CLIENT_SECRET not in answer.text


def test_a_session_ends_and_tokens_may_be_given_beside_the_issuer(issuer: OidcIssuer) -> None:
    signed = Signed(issuer, dashboard_token=OPEN_SESAME, dashboard_session_hours=1)
    visitor, program = signed.visitor(), signed.visitor()
    page = visitor.ask("/").text
    assert "Sign in with 127.0.0.1" in page
    assert 'name="token"' in page
    signed.sign_in(visitor)
    assert visitor.ask("/").status_code == 200
    signed.seconds += 3_600
    assert visitor.ask("/").status_code == 401
    given = {"authorization": f"Bearer {OPEN_SESAME}"}
    assert program.ask("/api/matches", headers=given).status_code == 200


def test_an_issuer_by_https_is_checked_by_its_authority(tmp_path: Path) -> None:
    authority = Authority("test")
    cert, key = authority.issue("issuer", ["127.0.0.1"]).write(tmp_path, "issuer")
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.cert)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    issuer = OidcIssuer(context)
    try:
        untrusting = Signed(issuer)
        assert untrusting.visitor().ask("/oidc/start").status_code == 502
        trusting = Signed(issuer, dashboard_oidc_ca=str(ca))
        verify = ssl.create_default_context(cafile=ca)
        visitor = trusting.visitor()
        assert visitor.ask(trusting.back(visitor, verify=verify)).status_code == 303
    finally:
        issuer.stop()
