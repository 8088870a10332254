"""Redis as several servers of a test's own: a cluster, or a primary that Sentinels watch."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Protocol

import redis
from redis.crc import key_slot

from features.store_client import redis_client
from overcast.embedded.children import free_ports, spawn, stop
from tests.integration.deployment import wait_for
from tests.support import redis_tls
from tests.support.redis_tls import HOST, RedisTls

SLOTS = 16_384
SHARDS = 3
SENTINELS, QUORUM = 3, 2
MASTER = "main"
NODE_MS = 2_000  # of silence, after which a node of a cluster is taken for dead
DOWN_MS = 3_000  # the same of Sentinel, which takes no replica that has been cut off ten times this
REPLICATES = ("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0")
CLUSTER = (
    *("--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_MS)),
    *("--cluster-replica-validity-factor", "0"),  # any replica will do, however old
)


class Node:
    """One server, which can be killed and started again where it was."""

    def __init__(self, folder: Path, port: int, tls: RedisTls | None, *options: str) -> None:
        self.port = port
        self._tls = tls
        self.folder = folder / str(port)
        self.folder.mkdir(parents=True)
        self._command = [*redis_tls.command(port, self.folder, tls), *options]
        self.log = self.folder / "log"
        self.start()

    def start(self) -> None:
        """Returns when it answers; it is empty, unless its folder has a dump."""
        self.process: Popen[bytes] = spawn(self._command, self.log)
        answers = lambda: redis_tls.answers(self.port, self._tls)  # noqa: E731
        wait_for(answers, "Redis", self.log, self.process)
        self.client: redis.Redis = _ruling(self.port, self._tls)

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait()

    def is_primary(self) -> bool:
        """Whether it is one, as it says itself."""
        try:
            return bool(self.client.info("replication")["role"] == "master")
        except redis.RedisError:
            return False

    def replicates(self) -> bool:
        """Whether it is a replica that has all that its primary has."""
        found = self.client.info("replication")
        return found["role"] == "slave" and found["master_link_status"] == "up"

    def cut_off_replicas(self) -> None:
        """From now on no replica gets anything, and none can come back; clients notice nothing."""
        self.client.execute_command("ACL", "SETUSER", "default", "-psync", "-sync")
        self.client.execute_command("CLIENT", "KILL", "TYPE", "replica")


def _ruling(port: int, tls: RedisTls | None) -> redis.Redis:
    made = redis_client(redis_tls.plain_url(port, tls))
    assert isinstance(made, redis.Redis)
    return made


class ManyRedis(Protocol):
    """Several servers behind one URL."""

    url: str
    nodes: list[Node]

    def primary_of(self, key: str) -> Node:
        """The server that holds a key."""

    def whole(self) -> bool:
        """Whether each primary has a replica that has everything."""

    def stop(self) -> None:
        """End all servers."""


class Cluster:
    """Three primaries, each with a replica."""

    def __init__(self, folder: Path, tls: RedisTls | None = None) -> None:
        ports = free_ports(4 * SHARDS)
        self.nodes = [
            Node(folder, port, tls, *CLUSTER, *REPLICATES, "--cluster-port", str(bus))
            for port, bus in zip(ports[: 2 * SHARDS], ports[2 * SHARDS :], strict=True)
        ]
        self._buses = dict(zip(ports[: 2 * SHARDS], ports[2 * SHARDS :], strict=True))
        hosts = ",".join(f"{HOST}:{node.port}" for node in self.nodes)
        self.url = redis_tls.url("cluster", hosts, "", tls)
        self._join()

    def _join(self) -> None:
        first, *others = self.nodes
        for epoch, node in enumerate(self.nodes, 1):
            node.client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", epoch)
        for node in others:
            bus = self._buses[node.port]
            first.client.execute_command("CLUSTER", "MEET", HOST, node.port, bus)
        wait_for(lambda: all(len(self._known(n)) == len(self.nodes) for n in self.nodes), "MEET")
        edges = [SLOTS * shard // SHARDS for shard in range(SHARDS + 1)]
        for node, low, high in zip(self.nodes, edges, edges[1:], strict=False):
            node.client.execute_command("CLUSTER", "ADDSLOTSRANGE", low, high - 1)
        for primary, replica in zip(self.nodes[:SHARDS], self.nodes[SHARDS:], strict=True):
            name = primary.client.execute_command("CLUSTER", "MYID")
            replica.client.execute_command("CLUSTER", "REPLICATE", name)
        wait_for(self.whole, "the cluster", self.nodes[0].log)

    def _known(self, node: Node) -> list[object]:
        return list(node.client.execute_command("CLUSTER NODES"))

    def _sound(self, node: Node) -> bool:
        state = node.client.execute_command("CLUSTER INFO")["cluster_state"]
        return bool(state == "ok") and (node.is_primary() or node.replicates())

    def whole(self) -> bool:
        """Whether all nodes agree, and each primary has a replica that has everything."""
        with suppress(redis.RedisError):
            primaries = sum(node.is_primary() for node in self.nodes)
            return primaries == SHARDS and all(map(self._sound, self.nodes))
        return False

    def primary_of(self, key: str) -> Node:
        """The server that holds a key, as the first of the living says."""
        slot = key_slot(key.encode())
        ports = (port for node in self.nodes for port in _primaries(node, slot))
        port = next(ports)
        return next(node for node in self.nodes if node.port == port)

    def stop(self) -> None:
        """End all servers."""
        stop(*(node.process for node in self.nodes))


def _primaries(node: Node, slot: int) -> Iterator[int]:
    """The port of a slot's primary, as a node says; nothing if it does not answer."""
    with suppress(redis.RedisError):
        for low, high, (_, port, *_), *_ in node.client.execute_command("CLUSTER", "SLOTS"):
            if low <= slot <= high:
                yield port


class Watched:
    """A primary and its replica, watched by three Sentinels."""

    def __init__(self, folder: Path, tls: RedisTls | None = None) -> None:
        ports = free_ports(2 + SENTINELS)
        self._tls = tls
        self.nodes = [Node(folder, port, tls, *REPLICATES) for port in ports[:2]]
        primary, replica = self.nodes
        replica.client.replicaof(HOST, str(primary.port))  # type: ignore[no-untyped-call]
        wait_for(replica.replicates, "the replica", replica.log)
        sentinels = ",".join(f"{HOST}:{port}" for port in ports[2:])
        self.url = redis_tls.url("sentinel", sentinels, f"/{MASTER}", tls)
        self._ports = ports[2:]
        self._sentinels = [self._watch(folder, port, primary.port) for port in self._ports]
        wait_for(self.whole, "the Sentinels", folder / f"sentinel-{ports[2]}.log")

    def _watch(self, folder: Path, port: int, primary: int) -> Popen[bytes]:
        file = folder / f"sentinel-{port}.conf"
        file.write_text(
            f"bind {HOST}\ndir {folder}\n"
            f"sentinel monitor {MASTER} {HOST} {primary} {QUORUM}\n"
            f"sentinel down-after-milliseconds {MASTER} {DOWN_MS}\n"
            f"sentinel failover-timeout {MASTER} {2 * DOWN_MS}\n"
        )
        log = folder / f"sentinel-{port}.log"
        server, *_ = redis_tls.command(port, folder, self._tls)
        at = redis_tls.listening(port, self._tls)
        process = spawn([server, str(file), "--sentinel", *at], log)
        wait_for(lambda: redis_tls.answers(port, self._tls), "a Sentinel", log, process)
        return process

    def _states(self) -> Iterator[dict[str, object]]:
        for port in self._ports:
            yield _ruling(port, self._tls).sentinel_masters()[MASTER]

    def whole(self) -> bool:
        """Whether all Sentinels know each other, and a replica that has everything."""
        with suppress(redis.RedisError):
            states = list(self._states())
            known = {(s["num-other-sentinels"], s["num-slaves"], s["flags"]) for s in states}
            roles = sorted((node.is_primary(), node.replicates()) for node in self.nodes)
            agreed = len({s["port"] for s in states}) == 1
            settled = known == {(SENTINELS - 1, 1, "master")}
            return agreed and settled and roles == [(False, True), (True, False)]
        return False

    def primary_of(self, key: str) -> Node:
        """The primary, as the Sentinels say."""
        del key
        port = next(self._states())["port"]
        return next(node for node in self.nodes if node.port == port)

    def stop(self) -> None:
        """End all servers."""
        stop(*(node.process for node in self.nodes), *self._sentinels)


KINDS: dict[str, Callable[[Path, RedisTls | None], "ManyRedis"]] = {
    "cluster": Cluster,
    "sentinel": Watched,
}
