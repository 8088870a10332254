"""How many connections the page holds, of one address and in all, and for how long.

A connection waits until its request is complete, and again after its answer. One that waits is
closed after REQUEST_SECONDS, and at once where there is no room for another: who asks for nothing
cannot keep out who does. One that does not read its answer is cut off.
"""

import asyncio
import ipaddress
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 10.0  # for a whole request, and between two
LARGEST_REQUEST = 64 * 1024  # bytes, headers and body together; a form has 4 KiB
STALLED_SECONDS = 15.0  # in which a reader must take something of what waits for it
READ_SECONDS = 60.0  # in which it must take all of that: at most a snapshot, some hundred KB
OTHER_FILES = 128  # of the process: Kafka's connections, the metrics port, the log
PAGES = 100  # connections beside the viewers' streams
SAY_SECONDS = 60.0
SAME_NETWORK = 64  # bits of an IPv6 address: a household has as many addresses as it likes

log = logging.getLogger(__name__)


class Refusals:
    """Refused connections, told in one line a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last: float | None = None
        self._by_address: Counter[str] = Counter()

    def note(self, address: str) -> None:
        """Count a refused connection; say how many there were, if nothing was said for a minute."""
        self._by_address[address] += 1
        now = self._now()
        if self._last is not None and now - self._last < SAY_SECONDS:
            return
        ((most, count),) = self._by_address.most_common(1)
        total = self._by_address.total()
        log.warning("refused %s connections, %s of them of %s", total, count, most)
        self._last = now
        self._by_address.clear()


class Bounds:
    """The open connections, at most `each` of one address and `most` in all."""

    def __init__(self, most: int, each: int, refusals: Refusals) -> None:
        self._most = most
        self._each = each
        self._refusals = refusals
        self._open: dict[BoundedProtocol, str] = {}
        self._waiting: dict[BoundedProtocol, str] = {}  # the longest waiting first
        self._of: Counter[str] = Counter()

    def admit(self, connection: "BoundedProtocol", address: str) -> bool:
        """Whether a new connection may stay; where there is no room, one that waits makes some."""
        has_room = self._of[address] < self._each or self._close_waiting(address)
        if not has_room or (len(self._open) >= self._most and not self._close_waiting(None)):
            self._refusals.note(address)
            return False
        self._open[connection] = self._waiting[connection] = address
        self._of[address] += 1
        return True

    def _close_waiting(self, address: str | None) -> bool:
        """Close the connection that has waited longest, of an address if one is given."""
        for connection, own in self._waiting.items():
            if address in {None, own}:
                self._refusals.note(own)
                self.forget(connection)
                connection.transport.abort()
                return True
        return False

    def forget(self, connection: "BoundedProtocol") -> None:
        """Count a connection no longer."""
        address = self._open.pop(connection, None)
        self._waiting.pop(connection, None)
        if address is not None:
            self._of[address] -= 1
            self._of += Counter()  # drops addresses without connections

    def waits(self, connection: "BoundedProtocol") -> None:
        """Note that a connection waits for a request."""
        if connection in self._open:
            self._waiting[connection] = self._open[connection]

    def works(self, connection: "BoundedProtocol") -> None:
        """Note that a connection's request is complete."""
        self._waiting.pop(connection, None)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's connection, within bounds; `clock` calls back after so many seconds."""

    def __init__(self, bounds: Bounds, **options: Any) -> None:
        super().__init__(**options)
        self._bounds = bounds
        self._received = 0
        self._request_end: asyncio.TimerHandle | None = None
        self._reading_end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection if there is room for it."""
        self.transport = transport
        if self._bounds.admit(self, _network(transport)):
            super().connection_made(transport)
            self._await_request()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._bounds.forget(self)
        for timer in (self._request_end, self._reading_end):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request that is not too large."""
        self._received += len(data)
        if self._received > LARGEST_REQUEST:
            self.transport.abort()
        else:
            super().data_received(data)

    def on_message_complete(self) -> None:
        """Begin to work: the request is complete. One that was answered before leads nowhere."""
        super().on_message_complete()
        if not self.cycle.response_complete:
            self._received = 0
            self._bounds.works(self)
            if self._request_end is not None:
                self._request_end.cancel()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it has come already."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._bounds.waits(self)
            self._await_request()

    def _await_request(self) -> None:
        if self._request_end is not None:
            self._request_end.cancel()
        self._request_end = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """Watch a reader that is behind."""
        super().pause_writing()
        self._watch_reading(self.loop.time() + READ_SECONDS)

    def resume_writing(self) -> None:
        """Stop watching: the reader has caught up."""
        super().resume_writing()
        if self._reading_end is not None:
            self._reading_end.cancel()

    def _watch_reading(self, end: float) -> None:
        unread = self.transport.get_write_buffer_size()
        self._reading_end = self.loop.call_later(STALLED_SECONDS, self._cut_off, unread, end)

    def _cut_off(self, unread: int, end: float) -> None:
        """End a connection of which nothing was read, or that is behind for too long."""
        if self.transport.get_write_buffer_size() >= unread or self.loop.time() > end:
            self.transport.abort()
        else:
            self._watch_reading(end)


def _network(transport: asyncio.Transport) -> str:
    """Whose connection it is."""
    peer = transport.get_extra_info("peername")
    return network_of(str(peer[0])) if peer else ""


def network_of(host: str) -> str:
    """Whose address it is: an IPv4 address itself, or the network of an IPv6 one.

    >>> network_of("203.0.113.7"), network_of("2001:db8::1:2"), network_of("::ffff:203.0.113.7")
    ('203.0.113.7', '2001:db8::/64', '203.0.113.7')
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), SAME_NETWORK), strict=False))


def connections_for(viewers: int) -> int:
    """How many connections the process may hold: room for so many viewers, if its files allow it.

    The soft limit of open files is raised as far as it is needed and allowed; where that is not far
    enough, a line in the log says so.
    """
    wanted = viewers + PAGES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    most = max(soft - OTHER_FILES, soft // 2)
    log.warning(
        "%s open files are allowed: at most %s connections, where dashboard_viewers needs %s; "
        "raise the hard limit (ulimit -Hn) to %s",
        *(soft, most, wanted, needed),
    )
    return most


class Sparse(logging.Filter):
    """Lets each kind of line through once a minute: ill-formed requests must not fill the disk."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is the first of its kind for a minute."""
        now, kind = self._now(), str(record.msg).partition("\n")[0]
        if now - self._last.get(kind, now - SAY_SECONDS) < SAY_SECONDS:
            return False
        self._last[kind] = now
        return True
