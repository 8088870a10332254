"""The page and its JSON API over HTTP: read-only, but for signing in and an operator's orders."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Header, HTTPException, Query, Request
from starlette.responses import Response, StreamingResponse

from consumers.dashboard.assets import Asset, load
from consumers.dashboard.channels import Channels
from consumers.dashboard.content import documents as docs
from consumers.dashboard.content.careers import Careers
from consumers.dashboard.content.state import PageState
from consumers.dashboard.contests import Contests
from consumers.dashboard.event_stream import Notifier, Snapshots, stream
from consumers.dashboard.live import LIVE, MATCHES, MODELS, Live, channel_of
from consumers.dashboard.operator import GiveOrder, Operations, add_operator, orders_by
from consumers.dashboard.sign_in.entrance import entrance_of
from consumers.dashboard.sign_in.middleware import SignInMiddleware
from consumers.dashboard.sign_in.routes import add_sign_in
from learning.starter import load_careers
from streams.settings import Settings

REVALIDATED = "public, max-age=0, must-revalidate"


class Dashboard:
    """The page's state and its application; one other thread feeds it through `live.take`.

    An operator's order is given by `give_order`.
    """

    def __init__(
        self,
        settings: Settings,
        give_order: GiveOrder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.notifier = Notifier()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.live = Live(
            PageState(settings.dashboard_matches, careers=Careers(load_careers())),
            Channels(token_hex(4), self._wake),
            lambda: time.time_ns() // 1_000_000,
        )
        self.settings = settings
        self.snapshots = Snapshots(self.live, clock)
        self.assets = load()
        self.viewers = 0
        self.entrance = entrance_of(settings, clock)
        self.contests = Contests(settings)
        self.operations = Operations(
            self.live, self.entrance, give_order or orders_by(settings), self.contests.stored
        )
        self.app = _application(self)

    def _wake(self, channel: str) -> None:
        """Notify viewers, called by the reading thread; nobody waits before or after the loop."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self.notifier.notify, channel)

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Keep the heartbeat going as long as the application runs."""
        self._loop = asyncio.get_running_loop()
        beat = asyncio.create_task(self.notifier.beat())
        yield
        beat.cancel()

    async def events(self, channel: str, number: int | None) -> AsyncIterator[bytes]:
        """Stream to a viewer, who is counted meanwhile."""
        self.viewers += 1
        try:
            async for data in stream(channel, number, self.snapshots, self.live, self.notifier):
                yield data
        finally:
            self.viewers -= 1


def _application(page: Dashboard) -> FastAPI:
    """Return the application with its routes; no OpenAPI viewer: those load foreign scripts."""
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
    add_sign_in(app, page.entrance)
    add_operator(app, page.operations, lambda request: _file(request, page.assets["index.html"]))
    _documents(app, page)
    _stream(app, page)
    app.add_middleware(SignInMiddleware, entrance=page.entrance)
    return app


def _pages(app: FastAPI, page: Dashboard) -> None:
    async def index(request: Request) -> Response:
        return _file(request, page.assets["index.html"])

    for path in ("/", "/match/{match_id:path}", "/models"):
        app.add_api_route(path, index, include_in_schema=False)

    @app.get("/static/{name:path}", include_in_schema=False)
    async def static(request: Request, name: str) -> Response:
        if name not in page.assets:  # a path that was not loaded is never looked for on disk
            raise HTTPException(404)
        return _file(request, page.assets[name])

    @app.get("/health")
    async def health() -> Response:
        """200 once the topics have been read up to now; 503 before that and without Kafka."""
        status = 200 if page.live.feed == LIVE else 503
        body = msgspec.json.encode({"feed": page.live.feed, "viewers": page.viewers})
        return Response(body, status, None, "application/json")


def _file(request: Request, asset: Asset) -> Response:
    headers = {"etag": asset.etag, "cache-control": REVALIDATED, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    return _compressed(request, asset.body, asset.compressed, asset.kind, headers)


def _compressed(
    request: Request, body: bytes, compressed: bytes | None, kind: str, headers: dict[str, str]
) -> Response:
    if compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, 200, headers | {"content-encoding": "gzip"}, kind)
    return Response(body, 200, headers, kind)


def _documents(app: FastAPI, page: Dashboard) -> None:
    @app.get("/api/matches", responses=_schema(docs.ListDocument))
    async def matches(request: Request) -> Response:
        """The matches, with score, chances and how these have moved."""
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
    snapshot = page.snapshots.of(channel)
    if snapshot is None:
        raise HTTPException(404, "no forecast of such a match has been received")
    etag = f'"{page.live.channels.cursor(snapshot.number)}"'
    headers = {"etag": etag, "cache-control": "no-cache", "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return _compressed(request, snapshot.body, snapshot.compressed, "application/json", headers)


def _schema(kind: type) -> dict[int | str, dict[str, Any]]:
    """Return a route's OpenAPI response: one schema that contains its own definitions."""
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

        `delta` continues from the cursor given; `snapshot` replaces everything sent before (no
        cursor, one of another process, or one too old); `beat` carries the server's time; `gone`
        ends the stream of a match that is not kept.
        """
        if page.viewers >= page.settings.dashboard_viewers:
            raise HTTPException(503, "too many viewers", {"retry-after": "5"})
        number = page.live.channels.number_of(last_event_id or after)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            page.events(channel, number), media_type="text/event-stream", headers=headers
        )


STREAM = {"text/event-stream": {"schema": {"type": "string"}}}
