"""Tokens for aiokafka, from a token endpoint on loopback."""

import asyncio
import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from overcast.embedded.certificates import Authority
from streams import oauth_tokens
from streams.access import TokenLogin
from streams.oauth_tokens import TokenError, TokenProvider, fetch

SECRET = "s3cr3t:W0rd"  # noqa: S105  of no deployment


class Endpoint(ThreadingHTTPServer):
    """Answers what it is given, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: bytes = json.dumps({"access_token": "t1", "expires_in": 100}).encode()
        self.status = 200
        self.location = ""
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def login(self, scheme: str = "http", ca: str = "", scope: str = "") -> TokenLogin:
        url = f"{scheme}://127.0.0.1:{self.server_port}/token"
        return TokenLogin(url, "me", SecretStr(SECRET), scope, ca=ca)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Endpoint

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = parse_qs(self.rfile.read(length).decode())
        self.server.asked.append((self.headers["Authorization"], body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Authorization"], {}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving(made: Endpoint) -> Iterator[Endpoint]:
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as made:
        yield made


def test_the_client_proves_itself_and_names_its_scope(endpoint: Endpoint) -> None:
    assert fetch(endpoint.login(scope="a b")).text == "t1"
    [(proof, body)] = endpoint.asked
    assert base64.b64decode(proof.removeprefix("Basic ")).decode() == f"me:{SECRET}"
    assert body == {"grant_type": ["client_credentials"], "scope": ["a b"]}


def test_a_token_is_used_for_four_fifths_of_its_life(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(oauth_tokens.time, "monotonic", lambda: now)
    provider = TokenProvider(endpoint.login())
    assert [asyncio.run(provider.token()) for _ in range(3)] == ["t1"] * 3
    now += 79.9
    endpoint.answer = json.dumps({"access_token": "t2", "expires_in": 100}).encode()
    assert provider.current() == "t1"
    now += 0.2
    assert provider.current() == "t2"
    assert len(endpoint.asked) == 2


def jwt(seconds: float) -> str:
    claims = json.dumps({"exp": time.time() + seconds}).encode()
    return f"h.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"


@pytest.mark.parametrize(
    ("answer", "life"),
    [
        ({}, 800),
        ({"expires_in": 100}, 80),
        ({"access_token": "opaque"}, 48),
        ({"access_token": "a.b.c", "expires_in": "soon"}, 48),
        ({"access_token": "a.bm90aGluZw.c", "expires_in": 0}, 48),
    ],
)
def test_how_long_a_token_lives_is_what_the_endpoint_or_the_token_says(
    endpoint: Endpoint, answer: dict[str, object], life: float
) -> None:
    endpoint.answer = json.dumps({"access_token": jwt(1_000)} | answer).encode()
    before = time.monotonic()
    assert life - 1 < fetch(endpoint.login()).until - before < life + 60


def refused(login: TokenLogin) -> str:
    with pytest.raises(TokenError) as error:
        fetch(login)
    said = str(error.value)
    assert SECRET not in said
    assert base64.b64encode(f"me:{SECRET}".encode()).decode() not in said
    return said


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, b"{}", "it answered 401: are kafka_oauth_client_id and _secret right?"),
        (500, SECRET.encode(), "it answered 500"),
        (200, b"<html>", "its answer cannot be read"),
        (200, b"\xff", "its answer cannot be read"),
        (200, b"[]", "answered without an access_token"),
        (200, b'{"access_token": 7}', "answered without an access_token"),
        (200, b'{"access_token": ""}', "answered without an access_token"),
    ],
)
def test_an_endpoint_that_gives_no_token_is_named_without_the_secret(
    endpoint: Endpoint, status: int, answer: bytes, words: str
) -> None:
    endpoint.status, endpoint.answer = status, answer
    said = refused(endpoint.login())
    assert words in said
    assert f"http://127.0.0.1:{endpoint.server_port}/token" in said


def test_nothing_that_listens_is_a_failed_connection_which_aiokafka_tries_again() -> None:
    made = Endpoint()
    made.server_close()
    assert "no token from http://127.0.0.1" in refused(made.login())
    assert issubclass(TokenError, OSError)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_secret_follows_no_redirect(endpoint: Endpoint, status: int) -> None:
    with serving(Endpoint()) as elsewhere:
        endpoint.status = status
        endpoint.location = f"http://127.0.0.1:{elsewhere.server_port}/"
        assert f"it answered {status}" in refused(endpoint.login())
        assert elsewhere.asked == []


def test_the_endpoint_must_show_a_certificate_of_the_named_authority(tmp_path: Path) -> None:
    ours, foreign = Authority("ours"), Authority("foreign")
    (tmp_path / "ours.crt").write_bytes(ours.cert)
    (tmp_path / "foreign.crt").write_bytes(foreign.cert)
    cert, key = ours.issue("endpoint", ["127.0.0.1"]).write(tmp_path, "endpoint")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    made = Endpoint()
    made.socket = context.wrap_socket(made.socket, server_side=True)
    with serving(made) as endpoint:
        assert fetch(endpoint.login("https", str(tmp_path / "ours.crt"))).text == "t1"
        for ca in (str(tmp_path / "foreign.crt"), ""):
            assert "certificate verify failed" in refused(endpoint.login("https", ca))
    assert len(endpoint.asked) == 1
