"""The page over HTTP: documents, files, headers, the token; without a network."""

import asyncio
import re
from typing import Any
from urllib.parse import unquote, urljoin

import httpx
import msgspec
import pytest
from starlette.types import Message

from consumers.dashboard.app import Dashboard
from consumers.dashboard.assets import UPLOT, AssetError, asset, load, uplot
from consumers.dashboard.content.documents import ListDocument, MatchDocument
from streams.settings import Settings
from tests.support.dashboard_messages import SAID, heard

TOKEN = "a token, not a short one"  # noqa: S105  of no deployment


def page_of(**settings: Any) -> Dashboard:
    page = Dashboard(Settings(**settings))
    page.live.take(heard(SAID[:30]))
    return page


PAGE = page_of()
LOCKED = page_of(dashboard_token=TOKEN)


def asked(page: Dashboard, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(page.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
            return await client.request(method, path, **more)

    return asyncio.run(ask())


def test_the_documents_hold_what_the_topics_told() -> None:
    listed = msgspec.json.decode(asked(PAGE, "/api/matches").content, type=ListDocument)
    assert [row.id for row in listed.rows] == ["m"]
    match = msgspec.json.decode(asked(PAGE, "/api/matches/m").content, type=MatchDocument)
    assert match.head.row == listed.rows[0]
    assert match.cursor == listed.cursor


def test_a_match_that_was_not_heard_of_is_not_found() -> None:
    assert asked(PAGE, "/api/matches/none").status_code == 404


@pytest.mark.parametrize("path", ["/", "/match/m", "/match/a/b", "/models", "/static/style.css"])
def test_pages_and_files_are_sent_once_and_then_by_their_digest(path: str) -> None:
    answer = asked(PAGE, path)
    assert answer.status_code == 200
    again = asked(PAGE, path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_module_is_sent_with_those_it_imports_from_other_folders() -> None:
    seen, to_fetch = set[str](), ["/static/main.js"]
    while to_fetch:
        path = to_fetch.pop()
        answer = asked(PAGE, path)
        assert (answer.status_code, answer.headers["content-type"][:15]) == (200, "text/javascript")
        imported = re.findall(r'from "(\.[^"]+)";$', answer.text, re.MULTILINE)
        fresh = {urljoin(path, module) for module in imported} - seen
        seen |= fresh
        to_fetch += fresh
    own = {f"/static/{name}" for name in load() if name.endswith(".js") and name not in UPLOT}
    assert seen | {"/static/main.js"} == own


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/match",
        "/static/match/",
        "/static/match/none.js",
        "/static/match/../main.js",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/match/%2e%2e/%2e%2e/app.py",
        "/static/%2fetc%2fpasswd",
    ],
)
def test_what_was_not_loaded_is_not_found_in_any_folder(path: str) -> None:
    async def status() -> int:
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        # not through httpx, which would resolve the dots before they are sent
        scope = {"type": "http", "method": "GET", "path": unquote(path), "raw_path": path.encode()}
        await PAGE.app(scope | {"query_string": b"", "headers": []}, receive, send)
        return int(messages[0]["status"])

    assert asyncio.run(status()) == 404


def test_what_is_sent_is_compressed_for_those_who_ask() -> None:
    small = asked(PAGE, "/api/matches/m", headers={"accept-encoding": "gzip"})
    plain = asked(PAGE, "/api/matches/m", headers={"accept-encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert small.json()["points"] == plain.json()["points"]


@pytest.mark.parametrize("path", ["/", "/api/matches", "/static/none", "/session", "/nowhere"])
def test_every_answer_has_a_strict_policy(path: str) -> None:
    for page in (PAGE, LOCKED):
        headers = asked(page, path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy


def test_the_pages_hold_nothing_inline_and_nothing_from_elsewhere() -> None:
    for name, file in load().items():
        if name.endswith(".html"):
            text = file.body.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", text)
            assert not re.findall(r"(?:src|href)=\"(?!/|#)", text)


@pytest.mark.parametrize("path", ["/", "/match/m", "/api/matches", "/api/events", "/api/models"])
def test_without_the_token_there_is_nothing_to_see(path: str) -> None:
    answer = asked(LOCKED, path)
    assert answer.status_code == 401
    assert TOKEN not in answer.text
    assert "Reds" not in answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_opens_in_a_header(scheme: str) -> None:
    shown = {"authorization": f"{scheme} {TOKEN}"}
    assert asked(LOCKED, "/api/matches", headers=shown).status_code == 200
    assert asked(LOCKED, "/api/matches", headers={"authorization": scheme}).status_code == 401
    wrong = {"authorization": f"{scheme} {TOKEN}x"}
    assert asked(LOCKED, "/api/matches", headers=wrong).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    for path in ("/", "/api/matches", "/api/matches/m", "/api/models", "/api/events"):
        assert asked(PAGE, path, method).status_code == 405


def test_the_documents_are_described_by_openapi() -> None:
    told = asked(PAGE, "/api/openapi.json").json()
    for path in ("/api/matches", "/api/matches/{match_id}", "/api/models", "/api/events"):
        assert told["paths"][path]["get"]["description"]
    answer = told["paths"]["/api/matches/{match_id}"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    assert {"cursor", "head", "points", "cards"} <= schema["properties"].keys()
    references = re.findall(r'"\$ref": ?"([^"]+)"', msgspec.json.encode(schema).decode())
    assert references
    assert {r.removeprefix("#/$defs/") for r in references} <= schema["$defs"].keys()


def test_health_waits_until_the_topics_have_been_read() -> None:
    page = page_of()
    assert asked(page, "/health").status_code == 503
    page.live.feed = "live"
    assert asked(page, "/health").json() == {"feed": "live", "viewers": 0}


def test_beyond_the_most_viewers_others_are_asked_to_come_later() -> None:
    page = page_of(dashboard_viewers=1)
    page.viewers = 1
    answer = asked(page, "/api/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_uplot_is_its_author_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"uPlot (v1.6.31)" in uplot()["uplot.iife.min.js"][:100]
    forged = dict.fromkeys(("uplot.iife.min.js", "uplot.min.css"), "0" * 64)
    monkeypatch.setattr("consumers.dashboard.assets.UPLOT", forged)
    with pytest.raises(AssetError, match=r"is not uPlot 1\.6\.31"):
        uplot()


def test_what_does_not_shrink_is_not_compressed() -> None:
    assert asset("a.woff2", bytes(range(256))).compressed is None
    assert asset("a.css", b"a" * 1_000).compressed is not None
