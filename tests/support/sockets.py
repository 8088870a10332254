"""Connections as a careless or a hostile client makes them."""

import socket
from contextlib import ExitStack
from urllib.error import HTTPError
from urllib.request import urlopen


def status(url: str) -> int:
    """The status of an answer; an error if none comes within two seconds."""
    try:
        with urlopen(url, timeout=2.0) as answer:  # noqa: S310  our own servers
            answer.read()
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


def idle(stack: ExitStack, port: int, count: int, own: str = "127.0.0.1") -> list[socket.socket]:
    """Connections of an address on which nothing is asked."""
    made = []
    for _ in range(count):
        made.append(stack.enter_context(socket.socket()))
        made[-1].settimeout(20.0)
        made[-1].bind((own, 0))
        made[-1].connect(("127.0.0.1", port))
    return made


def closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection; waits for it."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
