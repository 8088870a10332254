"""Signing in by a token, over HTTP without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.dashboard.app import Dashboard
from consumers.dashboard.sign_in.attempts import FREE
from consumers.dashboard.sign_in.tokens import TokenFileError, add
from streams.settings import Settings
from tests.support.visitor import Visitor

OPEN_SESAME = "open sesame"
PRIVATE = ["/", "/match/m", "/models", "/operator", "/api/matches", "/api/models", "/api/operator"]


class Guarded:
    """A page with a viewer and an operator, and the clock that it goes by."""

    def __init__(self, file: Path, **settings: object) -> None:
        self.file = file
        self.asha, self.ben = add(file, "asha", "operator"), add(file, "ben", "viewer")
        self.seconds = 1_000.0
        given = {"dashboard_tokens": str(file)} | settings
        self.page = Dashboard(Settings(**given), clock=lambda: self.seconds)  # type: ignore[arg-type]

    def visitor(self, **more: str) -> Visitor:
        return Visitor(self.page, **more)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    return Guarded(tmp_path / "tokens", dashboard_token=OPEN_SESAME)  # type: ignore[return-value]


def test_who_has_signed_in_is_led_back_and_known_by_name_and_role(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    refused = visitor.ask("/match/m?x=1")
    assert refused.status_code == 401
    assert 'name="to" value="/match/m?x=1"' in refused.text
    answer = visitor.sign_in(guarded.asha, "/match/m?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/match/m?x=1")
    assert visitor.ask("/match/m").status_code == 200
    session = visitor.ask("/session").json()
    assert (session["name"], session["role"]) == ("asha", "operator")
    assert visitor.ask("/api/matches").status_code == 200


def test_the_one_token_of_before_lets_viewers_in(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    visitor.sign_in(OPEN_SESAME)
    assert visitor.ask("/session").json()["role"] == "viewer"
    assert visitor.ask("/operator").status_code == 403


def test_the_cookie_is_not_the_token_and_no_script_reads_it(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    cookie = visitor.sign_in(guarded.asha).headers["set-cookie"]
    assert guarded.asha not in cookie
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Max-Age=43200" in cookie  # twelve hours
    assert guarded.asha not in visitor.ask("/session").text


def test_by_https_the_cookie_is_for_this_host_by_https_alone(tmp_path: Path) -> None:
    public = "https://page.example"
    guarded = Guarded(tmp_path / "tokens", dashboard_url=public)
    cookie = guarded.visitor(url=public).sign_in(guarded.ben).headers["set-cookie"]
    assert cookie.startswith("__Host-overcast=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    by_proxy = Visitor(guarded.page, "https://page.example")
    assert "max-age=31536000" in by_proxy.ask("/").headers["strict-transport-security"]


def test_without_a_public_https_address_nothing_is_promised_of_https(guarded: Guarded) -> None:
    assert "strict-transport-security" not in guarded.visitor().ask("/").headers


@pytest.mark.parametrize("path", PRIVATE)
def test_without_signing_in_there_is_nothing_to_see_and_nothing_is_kept(
    guarded: Guarded, path: str
) -> None:
    answer = guarded.visitor().ask(path)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"
    for secret in (guarded.asha, OPEN_SESAME, guarded.file.read_text().split()[2]):
        assert secret not in answer.text


@pytest.mark.parametrize("path", [*PRIVATE, "/session", "/nowhere", "/static/style.css", "/health"])
def test_every_answer_has_the_headers(guarded: Guarded, path: str) -> None:
    visitor = guarded.visitor()
    visitor.sign_in(guarded.asha)
    for headers in (guarded.visitor().ask(path).headers, visitor.ask(path).headers):
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        if not path.startswith(("/static/", "/health")):
            assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("wrong", ["", "wrong", "x" * 3_000])
def test_a_wrong_token_opens_nothing(guarded: Guarded, wrong: str) -> None:
    answer = guarded.visitor().sign_in(wrong)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "not valid here" in answer.text
    assert not wrong or wrong not in answer.text


def test_who_signs_in_and_who_fails_is_logged_without_any_token(
    guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    visitor = guarded.visitor()
    visitor.sign_in("a wrong one")
    visitor.sign_in(guarded.asha)
    assert "signing in from 203.0.113.7 has failed: no such token" in caplog.text
    assert "asha has signed in as operator" in caplog.text
    assert not any(token in caplog.text for token in ("a wrong one", guarded.asha))


def test_a_form_that_is_too_long_or_from_another_site_is_refused(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    assert visitor.ask("/session", "POST", content=b"x" * 10_000).status_code == 413
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        form = {"token": guarded.asha}
        answer = visitor.ask("/session", "POST", data=form, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_signing_in_leads_to_no_other_site(guarded: Guarded, to: str) -> None:
    assert guarded.visitor().sign_in(guarded.ben, to).headers["location"] == "/"
    shown = guarded.visitor().ask("/" + to.replace("\\", "%5c")).text
    assert re.findall(r'name="to" value="(/?[^/"][^"]*|/)"', shown)


def test_where_one_was_is_no_markup(guarded: Guarded) -> None:
    text = guarded.visitor().ask('/match/"><script>x</script>').text
    assert "<script>x" not in text


def test_signing_out_ends_the_session_wherever_its_cookie_was_copied_to(guarded: Guarded) -> None:
    visitor, thief = guarded.visitor(), guarded.visitor()
    visitor.sign_in(guarded.asha)
    thief.cookies = visitor.cookies
    assert thief.ask("/models").status_code == 200
    assert visitor.act("/session", "DELETE").status_code == 204
    assert "overcast" not in visitor.cookies
    assert thief.ask("/models").status_code == 401


def test_signing_in_again_ends_the_session_before(guarded: Guarded) -> None:
    visitor, old = guarded.visitor(), guarded.visitor()
    visitor.sign_in(guarded.ben)
    old.cookies = visitor.cookies
    visitor.sign_in(guarded.asha)
    assert (old.ask("/").status_code, visitor.ask("/").status_code) == (401, 200)


def test_nobody_is_signed_out_by_another_page(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    visitor.sign_in(guarded.asha)
    key = visitor.form_key()
    for headers in (
        {},
        {"x-form-key": key},  # a browser always says from where
        {"x-form-key": key, "origin": "https://evil.example"},
        {"x-form-key": key, "origin": "http://page", "sec-fetch-site": "cross-site"},
        {"x-form-key": key + "x", "origin": "http://page"},
        {"origin": "http://page"},
    ):
        assert visitor.ask("/session", "DELETE", headers=headers).status_code == 403
    assert visitor.ask("/").status_code == 200


def test_a_session_ends_after_its_hours_and_an_operator_s_sooner(guarded: Guarded) -> None:
    asha, ben = guarded.visitor(), guarded.visitor()
    asha.sign_in(guarded.asha)
    ben.sign_in(guarded.ben)
    guarded.seconds += 12 * 3_600 - 1
    assert asha.ask("/").status_code == ben.ask("/").status_code == 200
    guarded.seconds += 1
    assert (asha.ask("/").status_code, ben.ask("/").status_code) == (401, 200)
    guarded.seconds += 30 * 86_400
    assert ben.ask("/").status_code == 401


def test_a_line_that_is_removed_or_changed_ends_the_sessions_of_its_token(guarded: Guarded) -> None:
    asha, ben = guarded.visitor(), guarded.visitor()
    asha.sign_in(guarded.asha)
    ben.sign_in(guarded.ben)
    lines = guarded.file.read_text().replace("asha operator", "asha viewer").splitlines()
    guarded.file.write_text(lines[0] + "\n")
    assert asha.ask("/").status_code == ben.ask("/").status_code == 401
    assert asha.sign_in(guarded.asha).status_code == 303
    assert asha.ask("/session").json()["role"] == "viewer"
    assert ben.sign_in(guarded.ben).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_program_gives_its_token_in_a_header(guarded: Guarded, scheme: str) -> None:
    program = guarded.visitor()
    for token in (guarded.asha, guarded.ben, OPEN_SESAME):
        given = {"authorization": f"{scheme} {token}"}
        assert program.ask("/api/matches", headers=given).status_code == 200
    for wrong in (scheme, f"{scheme} {guarded.ben}x", f"Basic {guarded.ben}", guarded.ben):
        assert program.ask("/api/matches", headers={"authorization": wrong}).status_code == 401


@pytest.mark.parametrize("way", ["form", "header"])
def test_who_fails_too_often_has_to_wait_and_nobody_else(guarded: Guarded, way: str) -> None:
    def try_with(visitor: Visitor, token: str) -> int:
        if way == "form":
            return visitor.sign_in(token).status_code
        given = {"authorization": f"Bearer {token}"}
        return visitor.ask("/api/matches", headers=given).status_code

    visitor, other = guarded.visitor(), guarded.visitor(address="203.0.113.8")
    signed_in = guarded.visitor()
    signed_in.sign_in(guarded.ben)
    assert [try_with(visitor, "wrong") for _ in range(FREE)] == [401] * FREE
    assert try_with(visitor, guarded.asha) == 429  # or it could be tried whether it is right
    assert try_with(other, guarded.asha) in {200, 303}
    assert signed_in.ask("/").status_code == 200  # of the same address
    guarded.seconds += 1
    assert try_with(visitor, guarded.asha) in {200, 303}


def test_the_wait_is_in_the_answer(guarded: Guarded) -> None:
    visitor = guarded.visitor()
    for _ in range(FREE + 3):
        guarded.seconds += 100
        visitor.sign_in("wrong")
    answer = visitor.sign_in("wrong")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "8")
    assert "try again in 8 s" in answer.text


def test_an_ipv6_household_is_one_address(guarded: Guarded) -> None:
    for number in range(FREE):
        guarded.visitor(address=f"2001:db8::{number:x}").sign_in("wrong")
    assert guarded.visitor(address="2001:db8::ffff").sign_in(guarded.asha).status_code == 429
    assert guarded.visitor(address="2001:db8:0:1::1").sign_in(guarded.asha).status_code == 303


def test_a_file_of_tokens_that_is_none_ends_the_server_before_it_starts(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    with pytest.raises(FileNotFoundError):
        Dashboard(Settings(dashboard_tokens=str(file)))
    file.write_text("asha operator secret\n")
    with pytest.raises(TokenFileError, match="line 1"):
        Dashboard(Settings(dashboard_tokens=str(file)))


def test_a_file_that_breaks_later_lets_nobody_in(guarded: Guarded) -> None:
    guarded.file.write_text("broken\n")
    assert guarded.visitor().sign_in(guarded.asha).status_code == 401
    assert guarded.visitor().sign_in(OPEN_SESAME).status_code == 303


def test_without_any_sign_in_everybody_looks_as_before() -> None:
    visitor = Visitor(Dashboard(Settings()))
    assert visitor.ask("/").headers["cache-control"].startswith("public")
    assert visitor.ask("/api/matches").headers["cache-control"] == "no-cache"
    session = visitor.ask("/session").json()
    assert session == {"guarded": False, "name": "", "role": "", "form_key": ""}
    assert visitor.sign_in("").status_code == 401
    assert "set-cookie" not in visitor.sign_in("anything").headers
