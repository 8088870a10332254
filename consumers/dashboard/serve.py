"""Serving the page: uvicorn in this thread, the reader of Kafka in another."""

import logging
import socket
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from prometheus_client import Gauge

from consumers.dashboard.app import Dashboard
from consumers.dashboard.connections import (
    BoundedProtocol,
    Bounds,
    Refusals,
    Sparse,
    connections_for,
)
from consumers.dashboard.live import LIVE
from consumers.dashboard.reader import TopicReader
from streams.observability.endpoint import exposed
from streams.observability.health import Health
from streams.settings import Settings

BACKLOG = 1_024
VIEWERS = Gauge("overcast_viewers", "Streams of the live page that are open now")
LEAVE_SECONDS = 3  # for viewers' streams to end after they are closed


class _Server(uvicorn.Server):
    """A server that closes the viewers' streams before it waits for them to end."""

    def __init__(self, config: uvicorn.Config, page: Dashboard) -> None:
        super().__init__(config)
        self._page = page

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._page.notifier.close()
        super().handle_exit(sig, frame)


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until a signal ends it; OSError if the port is taken."""
    page = Dashboard(settings)
    listening = socket.create_server(
        (settings.dashboard_host, settings.dashboard_port), backlog=BACKLOG
    )
    most = connections_for(settings.dashboard_viewers)
    bounds = Bounds(most, settings.dashboard_per_address, Refusals())
    logging.getLogger("uvicorn.error").addFilter(Sparse())
    logging.getLogger("asyncio").addFilter(Sparse())
    config = config_of(page, settings, bounds)
    reading = TopicReader(settings, page.live)
    reading.start()
    if page.entrance.may_have_operators:
        page.contests.start()
    say(f"http://{settings.dashboard_host}:{listening.getsockname()[1]}")
    VIEWERS.set_function(lambda: page.viewers)
    try:
        with exposed(settings, _health(page)):
            _Server(config, page).run([listening])
    finally:
        reading.stop()
        page.contests.stop()
        listening.close()


def config_of(page: Dashboard, settings: Settings, bounds: Bounds) -> uvicorn.Config:
    """How uvicorn serves a page: within bounds, and believing the proxies that are named."""
    return uvicorn.Config(
        page.app,
        http=cast("type[BoundedProtocol]", partial(BoundedProtocol, bounds)),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.dashboard_proxies),
        forwarded_allow_ips=settings.dashboard_proxies,
        timeout_graceful_shutdown=LEAVE_SECONDS,
    )


def _health(page: Dashboard) -> Health:
    """Return the health check: ready once the topics have been read up to now."""

    def feed() -> str:
        return "" if page.live.feed == LIVE else f"the feed is {page.live.feed}"

    return Health(ready={"feed": feed})
