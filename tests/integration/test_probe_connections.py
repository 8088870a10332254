"""Nobody keeps a probe from the port of a worker's metrics."""

from contextlib import ExitStack

import pytest

from overcast.embedded.children import free_ports
from streams.observability import endpoint
from streams.observability.endpoint import MetricsEndpoint
from streams.observability.health import Health
from tests.integration.deployment import wait_for
from tests.support.sockets import closed, idle, status


def test_a_probe_is_answered_beside_any_number_of_idle_and_slow_connections() -> None:
    """And none of them is left: each ends by itself, or makes room."""
    (port,) = free_ports(1)
    serving = MetricsEndpoint("127.0.0.1", port, Health())
    try:
        with ExitStack() as stack:
            waiting = idle(stack, port, 3 * endpoint.MOST)
            for connection in waiting[-5:]:
                connection.sendall(b"GET /live HTTP/1.0\r\nx: ")
            for _ in range(10):
                assert status(f"http://127.0.0.1:{port}/live") == 200
            assert closed(waiting[0])
            assert len(serving._open) <= endpoint.MOST  # noqa: SLF001
        wait_for(lambda: not serving._open, "all to be forgotten")  # noqa: SLF001
    finally:
        serving.stop()


def test_a_probe_that_never_ends_its_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint._Answer, "timeout", 0.3)  # noqa: SLF001
    (port,) = free_ports(1)
    serving = MetricsEndpoint("127.0.0.1", port, Health())
    try:
        with ExitStack() as stack:
            (connection,) = idle(stack, port, 1)
            connection.sendall(b"GET /live HTTP/1.0\r\nx: ")
            assert closed(connection)
    finally:
        serving.stop()
