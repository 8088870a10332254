"""The page and its JSON API over HTTP: read-only, but for signing in with the token."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Annotated, Any
from urllib.parse import parse_qs

import msgspec
from fastapi import FastAPI, Header, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from consumers.dashboard import documents as docs
from consumers.dashboard.assets import Asset, load
from consumers.dashboard.channels import Channels
from consumers.dashboard.event_stream import Notifier, Snapshots, stream
from consumers.dashboard.live import MATCHES, MODELS, Live, channel_of
from consumers.dashboard.sign_in import COOKIE, SignInMiddleware, same, session_of
from consumers.dashboard.state import PageState
from streams.settings import Settings

SESSION_SECONDS = 30 * 86_400
LONGEST_TOKEN = 4_096  # bytes of a sign-in form
REVALIDATED = "public, max-age=0, must-revalidate"


class Dashboard:
    """The page's state and its application; `live.take` feeds it, from one other thread."""

    def __init__(self, settings: Settings) -> None:
        self.bells = Notifier()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.live = Live(
            PageState(settings.dashboard_matches),
            Channels(token_hex(4), self._wake),
            lambda: time.time_ns() // 1_000_000,
        )
        self.settings = settings
        self.snapshots = Snapshots(self.live, time.monotonic)
        self.assets = load()
        self.viewers = 0
        self.app = _application(self)

    def _wake(self, channel: str) -> None:
        """Called by the thread that reads; before the loop runs and after it nobody waits."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self.bells.ring, channel)

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """The beat, as long as the application runs."""
        self._loop = asyncio.get_running_loop()
        beat = asyncio.create_task(self.bells.beat())
        yield
        beat.cancel()

    async def events(self, channel: str, number: int | None) -> AsyncIterator[bytes]:
        """A viewer's stream, counted."""
        self.viewers += 1
        try:
            async for data in stream(channel, number, self.snapshots, self.live, self.bells):
                yield data
        finally:
            self.viewers -= 1


def _application(page: Dashboard) -> FastAPI:
    """The routes. OpenAPI has no viewer here: those load scripts from elsewhere."""
    app = FastAPI(
        title="Overcast, the live page",
        version="1",
        description="Matches and models as JSON, and the stream of what changes in them.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=page.lifespan,
    )
    _pages(app, page)
    _documents(app, page)
    _stream(app, page)
    app.add_middleware(
        SignInMiddleware,
        token=page.settings.dashboard_token,
        sign_in=page.assets["sign-in.html"].body,
    )
    return app


def _pages(app: FastAPI, page: Dashboard) -> None:
    async def index(request: Request) -> Response:
        return _file(request, page.assets["index.html"])

    for path in ("/", "/match/{match_id:path}", "/models"):
        app.add_api_route(path, index, include_in_schema=False)

    @app.get("/static/{name}", include_in_schema=False)
    async def static(request: Request, name: str) -> Response:
        if name not in page.assets:
            raise HTTPException(404)
        return _file(request, page.assets[name])

    @app.get("/health")
    async def health() -> Response:
        """200 once the topics have been read up to now, 503 before that and without Kafka."""
        ready = page.live.feed == "live"
        said = {"feed": page.live.feed, "viewers": page.viewers}
        return Response(msgspec.json.encode(said), 200 if ready else 503, None, "application/json")

    @app.post("/session", include_in_schema=False)
    async def session(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_TOKEN:
                raise HTTPException(413)
        given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
        token = page.settings.dashboard_token
        answer = RedirectResponse("/", 303)
        if token and same(given, token):
            secure, made = request.url.scheme == "https", session_of(token)
            answer.set_cookie(
                COOKIE, made, SESSION_SECONDS, secure=secure, httponly=True, samesite="strict"
            )
        return answer


def _file(request: Request, asset: Asset) -> Response:
    headers = {"etag": asset.etag, "cache-control": REVALIDATED, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    return _squeezed(request, asset.body, asset.compressed, asset.kind, headers)


def _squeezed(
    request: Request, body: bytes, compressed: bytes | None, kind: str, headers: dict[str, str]
) -> Response:
    if compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, 200, headers | {"content-encoding": "gzip"}, kind)
    return Response(body, 200, headers, kind)


def _documents(app: FastAPI, page: Dashboard) -> None:
    @app.get("/api/matches", responses=_schema(docs.ListDocument))
    async def matches(request: Request) -> Response:
        """The matches, with score, chances and who is moving."""
        return _document(page, request, MATCHES)

    @app.get("/api/matches/{match_id:path}", responses=_schema(docs.MatchDocument))
    async def match(request: Request, match_id: str) -> Response:
        """One match, ball by ball."""
        return _document(page, request, channel_of(match_id))

    @app.get("/api/models", responses=_schema(docs.ModelsDocument))
    async def models(request: Request) -> Response:
        """The models: scores over time, calibration, decisions."""
        return _document(page, request, MODELS)


def _document(page: Dashboard, request: Request, channel: str) -> Response:
    made = page.snapshots.of(channel)
    if made is None:
        raise HTTPException(404, "no forecast of such a match has been heard")
    etag = f'"{page.live.hub.cursor(made.number)}"'
    headers = {"etag": etag, "cache-control": "no-cache", "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return _squeezed(request, made.body, made.compressed, "application/json", headers)


def _schema(kind: type) -> dict[int | str, dict[str, Any]]:
    """The answer of a route as OpenAPI tells it, its parts in one schema of its own."""
    (_, parts), name = msgspec.json.schema_components([kind]), kind.__name__
    schema = parts[name] | {"$defs": parts}
    text = msgspec.json.encode(schema).replace(b"#/components/schemas/", b"#/$defs/")
    return {200: {"content": {"application/json": {"schema": msgspec.json.decode(text)}}}}


def _stream(app: FastAPI, page: Dashboard) -> None:
    @app.get("/api/events", response_class=Response, responses={200: {"content": STREAM}})
    async def events(
        channel: Annotated[str, Query(max_length=220)] = MATCHES,
        after: Annotated[str, Query(max_length=64, description="a snapshot's cursor")] = "",
        last_event_id: Annotated[str, Header(max_length=64)] = "",
    ) -> Response:
        """Server-sent events of a channel: `matches`, `models` or `match/<id>`.

        `delta` goes on from the cursor given; `snapshot` takes the place of all that was told
        (no cursor, one of another process, or one too old); `beat` tells the server's time;
        `gone` ends the stream of a match that is not kept.
        """
        if page.viewers >= page.settings.dashboard_viewers:
            raise HTTPException(503, "too many viewers", {"retry-after": "5"})
        number = page.live.hub.number_of(last_event_id or after)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            page.events(channel, number), media_type="text/event-stream", headers=headers
        )


STREAM = {"text/event-stream": {"schema": {"type": "string"}}}
