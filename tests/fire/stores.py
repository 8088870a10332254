"""The Redis under attack: one server behind the network, a cluster, or a primary with Sentinels."""

import time
from pathlib import Path
from random import Random
from subprocess import Popen
from typing import Protocol

from features.store import lease_key
from features.store_client import redis_client
from overcast.embedded import redis as embedded
from overcast.embedded.children import spawn, stop
from tests.integration.deployment import wait_for
from tests.support.many_redis import KINDS, ManyRedis, Node

SINGLE = "single"
STORES = (SINGLE, *KINDS)
PARTITIONS = 4
SOON_OR_LATE = (0.5, 5.0)  # before and after another primary is chosen, as a rule


class Store(Protocol):
    """What can be done to it. `url` is ours, `for_workers` theirs."""

    url: str
    for_workers: str

    def start(self) -> None:
        """Returns when it answers."""

    def die(self, pause: float) -> None:
        """A server that matches lie on gets `kill -9`, and starts again, empty, after a pause."""

    def go_back(self, seconds: float) -> None:
        """What was written last is lost: that of so many seconds."""

    def stop(self) -> None:
        """Ends all servers."""


def flush(store: Store) -> None:
    """Everything in it is gone, at once."""
    redis_client(store.url).flushall()


def keys(store: Store) -> list[bytes]:
    """All keys, in order."""
    return sorted(redis_client(store.url).scan_iter(count=1_000))


def delete(store: Store, gone: list[bytes]) -> None:
    """Some keys are gone."""
    client = redis_client(store.url)
    for key in gone:
        client.delete(key)


class SingleServer:
    """A server that keeps nothing, and is reached through the network between."""

    def __init__(self, folder: Path, port: int, before: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self.for_workers = f"redis://127.0.0.1:{before}/0"
        self._folder = folder
        self._port = port
        self._process: Popen[bytes] | None = None

    def start(self, copy: bytes | None = None) -> None:
        """Empty, or with an old copy of itself as it would have on its disk."""
        file, log = self._folder / "dump.rdb", self._folder / "redis.log"
        file.unlink(missing_ok=True)
        if copy is not None:
            file.write_bytes(copy)
        self._process = spawn(embedded.command(self._port, str(self._folder)), log)
        wait_for(lambda: embedded.answers(self._port), "Redis", log, self._process)

    def die(self, pause: float) -> None:
        self._kill()
        time.sleep(pause)
        self.start()

    def go_back(self, seconds: float) -> None:
        """It dies and comes back as it had saved itself a while ago."""
        redis_client(self.url).save()
        copy = (self._folder / "dump.rdb").read_bytes()
        time.sleep(seconds)
        self._kill()
        self.start(copy)

    def _kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)


class SeveralServers:
    """Servers that stand in for each other. Workers reach them directly, past the network."""

    def __init__(self, kind: str, folder: Path, prefix: str) -> None:
        self._folder = folder / "redis"
        self._prefix = prefix
        self._rng = Random(kind)
        self._servers: ManyRedis = KINDS[kind](self._folder, None)
        self.url = self.for_workers = self._servers.url

    def start(self) -> None:
        wait_for(self._servers.whole, "a replica of each primary")

    def die(self, pause: float) -> None:
        """A primary dies; a replica has taken its place by then, or it comes back first, empty."""
        node, _ = self._primary()
        node.kill()
        time.sleep(pause * self._rng.choice(SOON_OR_LATE))
        self._come_back(node)

    def go_back(self, seconds: float) -> None:
        """A primary dies whose replica has been cut off for a while, and takes its place."""
        node, key = self._primary()
        node.cut_off_replicas()
        time.sleep(seconds)
        node.kill()
        wait_for(lambda: self._servers.primary_of(key) is not node, "another primary")
        self._come_back(node)

    def _primary(self) -> tuple[Node, str]:
        """That of a partition, and a key that lies there."""
        key = lease_key(self._prefix, self._rng.randrange(PARTITIONS))
        return self._servers.primary_of(key), key

    def _come_back(self, node: Node) -> None:
        node.start()
        wait_for(self._servers.whole, "a replica of each primary", node.log)

    def stop(self) -> None:
        self._servers.stop()
