"""Every client of Redis is made here, whatever stands behind its URL; and calls outlast a failover.

All keys of a partition lie on one server. A call is made to the server that holds them now, as a
whole, and again if it fails by what passes: a server that starts or is away, one that is no longer
the primary, a cluster or a Sentinel that has not chosen another yet.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, TypeVar

import redis
from redis import exceptions
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from features.store_address import StoreAddress, store_address

T = TypeVar("T")

ANSWER_SECONDS = 10.0
# Two minutes of a server that refuses connections: a Sentinel waits 30 s by itself, a cluster 15,
# before they choose another primary. After TRIES the worker ends.
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, TRIES = 0.02, 0.5, 240
# Answers of a server that starts, or is no longer the primary: its connections are closed, since
# new ones lead to the primary of that time.
ELSEWHERE = (
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.MasterDownError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
)
PASSING = (
    *ELSEWHERE,
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.MovedError,
    exceptions.AskError,
    exceptions.NoScriptError,  # another server has answered since the script was loaded
)


def redis_client(url: str, seconds: float = ANSWER_SECONDS) -> redis.Redis | RedisCluster:
    """A client that tries once; a cluster's finds its nodes before it returns.

    RedisError if none of them answers, ValueError if there is no such URL.
    """
    address = store_address(url)
    options = _limits(seconds) | _tls(address) | dict(address.options)
    if address.kind == "sentinel":
        asking = _limits(seconds) | _tls(address) | dict(address.sentinel)
        sentinel = Sentinel(address.hosts, sentinel_kwargs=asking, **options)  # type: ignore[no-untyped-call]
        primary: redis.Redis = sentinel.master_for(address.master)  # type: ignore[no-untyped-call]
        return primary
    if address.kind == "cluster":
        nodes = [ClusterNode(*host) for host in address.hosts]  # type: ignore[no-untyped-call]
        for name in ("retry_on_error", "db"):  # which a cluster's client does not take
            options.pop(name, None)
        with _as_redis_error():
            return RedisCluster(startup_nodes=nodes, require_full_coverage=False, **options)
    if address.kind == "socket":
        return redis.Redis(unix_socket_path=address.path, **options)
    (host,) = address.hosts
    return redis.Redis(host=host.name, port=host.port, **options)


@contextmanager
def _as_redis_error() -> Iterator[None]:
    """What a cluster's client raises of its own is none: no node answers, no node has a slot."""
    try:
        yield
    except exceptions.RedisClusterException as error:
        raise exceptions.ConnectionError(str(error)) from error


def _limits(seconds: float) -> dict[str, Any]:
    return {
        "socket_timeout": seconds,
        "socket_connect_timeout": seconds,
        "retry": Retry(NoBackoff(), 0),
        "retry_on_error": [*ELSEWHERE],
    }


def _tls(address: StoreAddress) -> dict[str, Any]:
    """Certificates are always checked, and whom they name; no option says otherwise."""
    if not address.tls:
        return {}
    files = {name: v for name, v in address.options.items() if name.startswith("ssl_")}
    return {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True} | files


def close(client: redis.Redis | RedisCluster) -> None:
    """Close a client's connections, and those to Sentinel."""
    client.close()
    if isinstance(client, redis.Redis):
        pool = client.connection_pool
        if isinstance(pool, SentinelConnectionPool):
            pool.sentinel_manager.close()


class StoreClient:
    """Calls to the servers behind a URL. `failed` is called at each failure of one.

    Nothing connects before the first call; it may be made in any thread.
    """

    def __init__(
        self,
        url: str,
        failed: Callable[[], None] = lambda: None,
        tries: int = TRIES,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        store_address(url)
        self._url = url
        self._seconds = seconds
        self._failed = failed
        backoff = ExponentialBackoff(LONGEST_PAUSE_SECONDS, PAUSE_SECONDS)
        self._retry = Retry(backoff, tries, PASSING)
        self._made: redis.Redis | RedisCluster | None = None
        self._lock = Lock()

    def call(self, key: str, do: Callable[[redis.Redis], T]) -> T:
        """What `do` answers with a client of the server that holds a key, and all beside it."""
        return self._retry.call_with_retry(lambda: _named(do, self._server(key)), self._again)

    def by_server(self, keys: Iterable[str]) -> dict[redis.Redis, list[str]]:
        """The keys by the server that holds them."""
        found: dict[redis.Redis, list[str]] = {}
        for key in keys:
            found.setdefault(self._server(key), []).append(key)
        return found

    def servers(self) -> list[redis.Redis]:
        """A client of each server that holds keys."""
        client = self._client()
        if isinstance(client, RedisCluster):
            nodes = client.get_primaries()  # type: ignore[no-untyped-call]
            return [client.get_redis_connection(node) for node in nodes]
        return [client]

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            close(made)

    def _client(self) -> redis.Redis | RedisCluster:
        with self._lock:
            if self._made is None:
                self._made = redis_client(self._url, self._seconds)
            return self._made

    def _server(self, key: str) -> redis.Redis:
        client = self._client()
        if isinstance(client, RedisCluster):
            with _as_redis_error():
                node = client.get_node_from_key(key)  # type: ignore[no-untyped-call]
                return client.get_redis_connection(node)
        return client

    def _again(self, error: Exception) -> None:
        """Count a failure. A cluster's nodes are found anew, from those of the URL if none is."""
        del error
        self._failed()
        client = self._made
        if isinstance(client, RedisCluster):
            try:
                with _as_redis_error():
                    client.nodes_manager.initialize()
            except (redis.RedisError, IndexError):  # IndexError: of a node that knows no primary
                with self._lock:
                    self._made = None if self._made is client else self._made


def _named(do: Callable[[redis.Redis], T], server: redis.Redis) -> T:
    """The call's answer; servers before Redis 7 hide a script's READONLY in another error."""
    try:
        return do(server)
    except redis.ResponseError as error:
        if "-READONLY" in str(error):
            with suppress(redis.RedisError):
                server.connection_pool.disconnect(inuse_connections=False)
            raise exceptions.ReadOnlyError(str(error)) from error
        raise
