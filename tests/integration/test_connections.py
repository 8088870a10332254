"""Who asks for nothing, or reads nothing, keeps nobody from the page."""

import logging
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

from consumers.dashboard import connections
from consumers.dashboard.app import Dashboard
from consumers.dashboard.connections import BoundedProtocol, Bounds, Refusals
from consumers.dashboard.live import LIVE, MATCHES
from overcast.embedded.children import free_ports
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, wait_for
from tests.support.sockets import closed, idle, status

FILES = 512


@contextmanager
def serving(most: int = 1_000, each: int = 100) -> Iterator[SimpleNamespace]:
    """The page on a port of its own, without a Kafka; its feed is live."""
    page, (port,) = Dashboard(Settings()), free_ports(1)
    page.live.feed = LIVE
    bounds = Bounds(most, each, Refusals())
    protocol: Callable[..., BoundedProtocol] = partial(BoundedProtocol, bounds)
    config = uvicorn.Config(page.app, port=port, http=protocol, log_level="error")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started, "the page")
    try:
        yield SimpleNamespace(page=page, port=port, url=f"http://127.0.0.1:{port}", bounds=bounds)
    finally:
        page.notifier.close()
        server.should_exit = True
        thread.join(10)


def test_520_idle_connections_at_512_files_keep_nobody_out(
    settings: Settings, tmp_path: Path
) -> None:
    page, health = free_ports(2)
    environment = os.environ | settings.as_environment(["kafka", "topic_prefix"])
    environment["OVERCAST_METRICS_PORT"] = str(health)
    environment["OVERCAST_STATE_DIR"] = str(tmp_path)
    log = tmp_path / "log"
    server = subprocess.Popen(
        [sys.executable, "-m", "overcast", "dashboard", "--port", str(page)],
        env=environment,
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES)),  # noqa: PLW1509
    )
    try:
        wait_for(lambda: bool(log.read_text()) and _well(health), "the page", log)
        with ExitStack() as stack:
            for number in range(1, 5):
                idle(stack, page, 130, f"127.0.0.{number}")
            idle(stack, health, 100)
            for _ in range(5):
                assert status(f"http://127.0.0.1:{page}/") == 200
                assert status(f"http://127.0.0.1:{page}/health") == 200
                assert status(f"http://127.0.0.1:{health}/live") == 200
                assert status(f"http://127.0.0.1:{health}/ready") == 200
        assert server.poll() is None
    finally:
        server.terminate()
        server.wait(DEADLINE)
    said = log.read_text()
    assert len(said) < 5_000, said[:5_000]
    assert f"{FILES} open files are allowed: at most {FILES - 128} connections" in said
    assert said.count("refused") == 1


def _well(port: int) -> bool:
    try:
        return status(f"http://127.0.0.1:{port}/ready") == 200
    except OSError:
        return False


def test_the_soft_limit_of_files_is_raised_as_far_as_the_viewers_need() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, before[1]))
        assert connections.connections_for(1_000) == 1_100
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1_228, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_one_address_has_no_more_than_its_connections() -> None:
    with serving(each=10) as served, ExitStack() as stack:
        busy = [_stream(stack, served.port) for _ in range(10)]
        (eleventh,) = idle(stack, served.port, 1)
        assert closed(eleventh)
        (other,) = idle(stack, served.port, 1, "127.0.0.2")
        other.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        assert other.recv(12) == b"HTTP/1.1 200"
        busy[0].close()
        wait_for(lambda: status(f"{served.url}/health") == 200, "room for another")


def test_where_all_are_taken_the_longest_waiting_makes_room() -> None:
    with serving(most=10) as served, ExitStack() as stack:
        waiting = idle(stack, served.port, 10)
        assert status(f"{served.url}/health") == 200
        assert closed(waiting[0])
        waiting[-1].sendall(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        assert waiting[-1].recv(12) == b"HTTP/1.1 200"


REQUESTS = {
    "nothing": [b""],
    "blank lines for ever": [b"\r\n"] * 400,
    "a header by bytes": [b"GET / HTTP/1.1\r\nhost: x\r\nx: ", *[b"y"] * 400],
    "a body by bytes": [b"POST /session HTTP/1.1\r\ncontent-length: 999\r\n\r\n", *[b"y"] * 400],
    "a second request by bytes": [b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET ", *[b"y"] * 400],
    "no second request": [b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"],
}


@pytest.mark.parametrize("pieces", REQUESTS.values(), ids=REQUESTS)
def test_a_connection_without_a_whole_request_is_closed(
    pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.5)
    with serving() as served, ExitStack() as stack:
        (connection,) = idle(stack, served.port, 1)
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.01)
            while connection.recv(65_536):
                pass
        except ConnectionError:
            pass
        wait_for(lambda: not served.bounds._open, "it to be forgotten")  # noqa: SLF001


def test_an_endless_request_is_cut_off() -> None:
    with serving() as served, ExitStack() as stack:
        (connection,) = idle(stack, served.port, 1)
        with pytest.raises(ConnectionError):  # noqa: PT012
            connection.sendall(b"GET / HTTP/1.1\r\nx: ")
            while True:
                connection.sendall(b"y" * 65_536)


def _stream(stack: ExitStack, port: int, buffer: int = 0) -> socket.socket:
    """A viewer's stream, of which the first bytes were read."""
    connection = stack.enter_context(socket.socket())
    connection.settimeout(20.0)
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.connect(("127.0.0.1", port))
    connection.sendall(b"GET /api/events HTTP/1.1\r\nhost: x\r\n\r\n")
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def test_a_reader_that_never_reads_is_cut_off_and_costs_a_bounded_buffer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.5)
    with serving() as served, ExitStack() as stack:
        never = _stream(stack, served.port, 4_096)
        reads = _stream(stack, served.port)
        largest, frame = 0, b'"%s"' % (b"x" * 100_000)
        (held,) = [p for p in served.bounds._open if _peer(p) == never.getsockname()]  # noqa: SLF001
        for _ in range(300):
            served.page.live.channels.publish(MATCHES, frame)
            largest = max(largest, held.transport.get_write_buffer_size())
            reads.recv(1 << 20)
            if held not in served.bounds._open:  # noqa: SLF001
                break
            time.sleep(0.02)
        assert held not in served.bounds._open, "it is still held"  # noqa: SLF001
        assert largest < 256 * 101_000  # what the ring holds, once
        wait_for(lambda: served.page.viewers == 1, "one viewer to be left")


def _peer(connection: BoundedProtocol) -> object:
    return connection.transport.get_extra_info("peername")


def test_refused_connections_are_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 100.0
    refusals = Refusals(lambda: now)
    with caplog.at_level(logging.WARNING):
        for _ in range(1_000):
            refusals.note("10.0.0.1")
        now += 60
        refusals.note("10.0.0.2")
    assert caplog.messages == [
        "refused 1 connections, 1 of them of 10.0.0.1",
        "refused 1000 connections, 999 of them of 10.0.0.1",
    ]


def test_an_ipv6_household_counts_as_one_address() -> None:
    def network(host: str) -> str:
        peer = SimpleNamespace(get_extra_info=lambda _: (host, 1))
        return connections._network(peer)  # type: ignore[arg-type]  # noqa: SLF001

    assert network("2001:db8::1") == network("2001:db8::ffff:2") != network("2001:db8:1::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") != network("10.0.0.2")
