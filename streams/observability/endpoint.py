"""The port on which a process answers for its monitoring: /metrics, /live, /ready.

Every process serves it in the same way: `with exposed(settings, health): …` or
`expose(settings, health)`.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Lock, Thread
from typing import Any

from prometheus_client import REGISTRY, disable_created_metrics
from prometheus_client.exposition import choose_encoder

from streams.observability.health import Health
from streams.settings import Settings

# drops a second series for each counter: nobody asks when it was created
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

log = logging.getLogger(__name__)

OK, UNAVAILABLE, NOT_FOUND = 200, 503, 404
MOST = 32  # connections: some scrapes and probes at a time
REQUEST_SECONDS = 5.0
PAUSE_SECONDS = 0.1


class MetricsEndpoint(ThreadingHTTPServer):
    """Answers GET requests in threads of its own; a scrape never waits for a ball.

    At most MOST connections are open. Where there is no room, the one that has waited longest
    without a request is closed: who asks for nothing cannot keep out a probe.
    """

    daemon_threads = True

    def __init__(self, host: str, port: int, health: Health) -> None:
        self.health = health
        self._open: set[Any] = set()
        self._waiting: dict[Any, None] = {}  # those without a whole request, in order
        self._lock = Lock()
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

    def get_request(self) -> tuple[Any, Any]:
        """The next connection; without a file for it, none for a moment."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(PAUSE_SECONDS)  # the server would ask again at once
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for a connection; one that waits makes some."""
        del client_address
        with self._lock:
            if len(self._open) >= MOST and not self._close_waiting():
                return False
            self._open.add(request)
            self._waiting[request] = None
        return True

    def _close_waiting(self) -> bool:
        """Close the connection that has waited longest for its request; its thread then ends."""
        longest = next(iter(self._waiting), None)
        if longest is None:
            return False
        del self._waiting[longest]
        self._open.discard(longest)
        with suppress(OSError):
            longest.shutdown(SHUT_RDWR)
        return True

    def answers(self, request: Any) -> None:
        """Note that a connection's request is whole."""
        with self._lock:
            self._waiting.pop(request, None)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection, and close it."""
        with self._lock:
            self._open.discard(request)
            self._waiting.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing above debug: who leaves before the answer is no news."""
        del request
        log.debug("%s got no answer: %r", client_address, sys.exception())

    def stop(self) -> None:
        """Stop answering, and free the port."""
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: MetricsEndpoint
    timeout = REQUEST_SECONDS  # of each wait for a piece of the request, and for the whole answer

    def do_GET(self) -> None:
        """Answer one of the three paths; 404 for all others."""
        self.server.answers(self.connection)
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
