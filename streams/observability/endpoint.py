"""The port on which a process answers for its monitoring: /metrics, /live, /ready.

Every process serves it in the same way: `with exposed(settings, health): …` or
`expose(settings, health)`.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from prometheus_client import REGISTRY, disable_created_metrics
from prometheus_client.exposition import choose_encoder

from streams.observability.health import Health
from streams.settings import Settings

# drops a second series for each counter: nobody asks when it was created
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

log = logging.getLogger(__name__)

OK, UNAVAILABLE, NOT_FOUND = 200, 503, 404


class MetricsEndpoint(ThreadingHTTPServer):
    """Answers GET requests in threads of its own; a scrape never waits for a ball."""

    daemon_threads = True

    def __init__(self, host: str, port: int, health: Health) -> None:
        self.health = health
        try:
            super().__init__((host, port), _Answer)
        except OSError as error:
            raise OSError(
                f"cannot serve metrics on {host}:{port}: {error.strerror}. Choose another with "
                "OVERCAST_METRICS_PORT (0: none) or OVERCAST_METRICS_HOST."
            ) from error
        Thread(target=self.serve_forever, name="metrics", daemon=True).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def stop(self) -> None:
        """Stop answering, and free the port."""
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: MetricsEndpoint

    def do_GET(self) -> None:
        """Answer one of the three paths; 404 for all others."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            encode, content_type = choose_encoder(self.headers.get("Accept", ""))
            self._answer(OK, content_type, encode(REGISTRY))
        elif path in {"/live", "/ready"}:
            well, checks = self.server.health.answer(path[1:])
            body = json.dumps({path[1:]: well, "checks": checks}).encode() + b"\n"
            self._answer(OK if well else UNAVAILABLE, "application/json", body)
        else:
            self._answer(NOT_FOUND, "text/plain; charset=utf-8", b"/metrics, /live, /ready\n")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *line: Any) -> None:
        """Log nothing: a probe every few seconds is not news."""


def expose(settings: Settings, health: Health) -> MetricsEndpoint | None:
    """Serve on the metrics port; return None if that is 0."""
    if not settings.metrics_port:
        return None
    return MetricsEndpoint(settings.metrics_host, settings.metrics_port, health)


@contextmanager
def exposed(settings: Settings, health: Health) -> Iterator[None]:
    """Serve while the block runs: for commands beside a worker, to which the port belongs.

    Where the port is taken, as on one machine with one `overcast.toml`, a warning is logged.
    """
    try:
        serving = expose(settings, health)
    except OSError as error:
        log.warning("%s", error)
        serving = None
    try:
        yield
    finally:
        if serving is not None:
            serving.stop()
