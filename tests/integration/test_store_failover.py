"""Readiness tries what a worker does; a worker finds the new primary after a failover."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Self

import pytest

from features.store import Entry, OnlineStore, Position
from features.store_client import redis_client
from features.store_probe import unusable
from features.store_rights import KEYED
from overcast.embedded import redis as embedded
from overcast.embedded.children import free_ports, spawn, stop
from tests.fire.network import Network
from tests.integration.deployment import wait_for

PREFIX = "t."


class Server:
    """A Redis of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        (self.port,) = free_ports(1)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        folder.mkdir(exist_ok=True)
        command = [*embedded.command(self.port, str(folder)), *options]
        log = folder / f"{self.port}.log"
        self.process: Popen[bytes] = spawn(command, log)
        wait_for(lambda: embedded.answers(self.port), "Redis", log, self.process)
        self.client = redis_client(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        stop(self.process)

    def replicate(self, other: "Server | None") -> None:
        """Be a replica of another server; of none: a primary."""
        if other is None:
            self.client.replicaof("NO", "ONE")
        else:
            self.client.replicaof("127.0.0.1", str(other.port))
            wait_for(lambda: self.client.info()["master_link_status"] == "up", "the replica")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers."""
    with Server(tmp_path) as first, Server(tmp_path) as second:
        yield [first, second]


def entry(offset: int) -> Entry:
    return Entry("m", offset, b"{}", b"{}", {f"{offset}.0": b"entry"})


def test_a_sound_store_is_usable_and_the_check_leaves_nothing(servers: list[Server]) -> None:
    server = servers[0]
    lease = OnlineStore(server.url, PREFIX, 60).claim(3)
    assert lease.write([entry(5)], Position(5)) == "written"
    before = {key: server.client.dump(key) for key in server.client.scan_iter()}
    assert unusable(server.url, PREFIX, [3, 4]) == ""
    assert {key: server.client.dump(key) for key in server.client.scan_iter()} == before
    assert lease.write([entry(6)], Position(6)) == "written"


def test_a_replica_is_not_usable(servers: list[Server]) -> None:
    servers[1].replicate(servers[0])
    assert unusable(servers[0].url, PREFIX, [0]) == ""
    assert "ReadOnlyError" in unusable(servers[1].url, PREFIX, [0])


@pytest.mark.parametrize("denied", [f"-{command}" for command in (*KEYED, "script")])
def test_an_acl_that_refuses_what_a_worker_does_is_named(
    servers: list[Server], denied: str
) -> None:
    server = servers[0]
    server.client.execute_command(
        "ACL", "SETUSER", "w", "on", ">pw", "~overcast:*", "+@all", denied
    )
    server.client.script_flush()
    problem = unusable(f"redis://w:pw@127.0.0.1:{server.port}/0", PREFIX, [0])
    assert problem.startswith("Redis refuses what a worker does: "), problem
    assert denied[1:] in problem
    assert "pw" not in problem


def test_a_wrong_password_is_a_reason_that_names_no_password(servers: list[Server]) -> None:
    problem = unusable(f"redis://nobody:s3cret@127.0.0.1:{servers[0].port}/0", PREFIX, [0])
    assert problem
    assert "s3cret" not in problem


def test_a_full_store_is_not_usable(servers: list[Server]) -> None:
    servers[0].client.config_set("maxmemory", "1")
    assert "OutOfMemoryError" in unusable(servers[0].url, PREFIX, [0])


def test_a_store_that_is_not_there_does_not_answer() -> None:
    (port,) = free_ports(1)
    assert unusable(f"redis://127.0.0.1:{port}/0", PREFIX, [0]).startswith("Redis does not answer")


def test_a_node_of_a_cluster_without_the_partitions_slot_is_not_usable(tmp_path: Path) -> None:
    bus = ("--cluster-port", str(free_ports(1)[0]))  # else its own port and 10,000: none, or taken
    node = Server(tmp_path, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", *bus)
    try:
        key = f"overcast:{{{PREFIX}0}}:held"
        slot = node.client.execute_command("CLUSTER", "KEYSLOT", key)
        node.client.execute_command("CLUSTER", "ADDSLOTS", slot)
        node.client.config_set("cluster-require-full-coverage", "no")
        wait_for(lambda: unusable(node.url, PREFIX, [0]) == "", "the node to serve its slot")
        assert "Redis refuses" in unusable(node.url, PREFIX, [0, 1])
        assert "Redis refuses" in unusable(node.url, PREFIX, [1])
    finally:
        node.client.close()
        stop(node.process)


def test_a_worker_finds_the_new_primary_behind_the_same_address(servers: list[Server]) -> None:
    """The open connections lead to what is now a replica: only new ones reach the primary."""
    old, new = servers
    new.replicate(old)
    (port,) = free_ports(1)
    ports = {port: old.port}
    network = Network(ports)
    network.start()
    failed: list[None] = []
    store = OnlineStore(f"redis://127.0.0.1:{port}/0", PREFIX, 60, 10, lambda: failed.append(None))
    try:
        lease = store.claim(0)
        assert lease.write([entry(5)], Position(5)) == "written"
        old.client.wait(1, 5_000)
        new.replicate(None)
        network.lead(port, new.port)
        old.replicate(new)
        assert lease.write([entry(6)], Position(6)) == "written"
        assert failed, "no call met the replica"
        assert store.read(0, ["m"]).records["m"].book
        assert new.client.hget(f"overcast:{{{PREFIX}0}}:held", "through") == b"6"
    finally:
        network.stop()


@pytest.mark.parametrize(
    "text",
    [
        "READONLY You can't write against a read only replica. script: 1f, on @user_script:5.",
        "ERR Error running script (call to f_1f): @user_script: 5: -READONLY You can't write.",
    ],
)
def test_a_scripts_refusal_is_known_in_the_words_of_every_version(text: str) -> None:
    """A server that refuses twice, then closes; after it one that writes."""
    answers = [f"-{text}\r\n".encode(), b"+written\r\n"]
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    connections = _serve(listening, answers)
    store = OnlineStore(f"redis://127.0.0.1:{port}/0?protocol=2", PREFIX, 60)
    assert store._scripts.write(keys=["k"], args=[]) == b"written"  # noqa: SLF001
    assert len(connections) == 2
    listening.close()


def _serve(listening: socket.socket, answers: list[bytes]) -> list[socket.socket]:
    """Answer one script a connection, OK to all else; the connections so far."""
    connections: list[socket.socket] = []

    def run() -> None:
        for answer in answers:
            connection, _ = listening.accept()
            connections.append(connection)
            while piece := connection.recv(65_536):
                if b"EVALSHA" in piece:
                    connection.sendall(answer)
                else:
                    connection.sendall(b"+OK\r\n" * piece.count(b"*"))

    threading.Thread(target=run, daemon=True).start()
    return connections
