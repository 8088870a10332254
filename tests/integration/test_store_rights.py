"""The rights of a worker in Redis are enough for a whole match, and for nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import NoPermissionError, ResponseError

from features.store import Entry, OnlineStore, Position
from features.store_client import redis_client
from features.store_probe import may_evict, unusable
from features.store_rights import KEYED, KEYLESS, acl_rules
from tests.integration.test_store_failover import PREFIX, Server
from tests.support.document_blocks import ROOT
from tests.support.many_redis import Cluster

PASSWORD = "s3cret"  # noqa: S105  of this test


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as made:
        yield made


def user(server: Server, role: str, *taken: str) -> str:
    """The URL of a user who has a role's rights, but for some."""
    rules = [*acl_rules(role, PREFIX), f">{PASSWORD}", *taken]
    server.client.execute_command("ACL", "SETUSER", role, *rules)
    server.client.script_flush()
    return server.url.replace("://", f"://{role}:{PASSWORD}@")


def entry(match: str, offset: int, *, whole: bool = True) -> Entry:
    book = {f"{offset}.0": b"entry"}
    return Entry(match, offset, b"{}", b'{"runs": 4}', book, whole)


def play(url: str) -> None:
    """All that a worker does with the store."""
    assert unusable(url, PREFIX, range(9)) == ""
    failed: list[None] = []
    store = OnlineStore(url, PREFIX, 60, most=2, failed=lambda: failed.append(None))
    lease = store.claim(3)
    assert lease.write([entry("a", 1)], Position(1)) == "written"
    assert lease.write([entry("a", 2, whole=False)], Position(2)) == "written"
    assert lease.write([entry("b", 3), entry("c", 4)], Position(4)) == "written"
    read = store.read(3, ["a", "b", "c", "d"])
    assert read.records.keys() == {"b", "c"}
    assert lease.intact(read.lease)
    assert store.features(3, "c") == b'{"runs": 4}'
    assert lease.fill([entry("a", 5)], Position(5))
    lease.forget()
    assert store.read(3, ["a"]).records == {}
    assert failed == []


def test_a_workers_rights_are_enough_for_a_whole_match_and_the_probe(server: Server) -> None:
    url = user(server, "worker")
    play(url)
    assert may_evict(url) == ""
    server.client.config_set("maxmemory-policy", "allkeys-lru")
    assert may_evict(url) == "allkeys-lru"


def test_a_workers_rights_are_enough_on_a_cluster(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        for node in cluster.nodes:
            rules = [*acl_rules("worker", PREFIX), f">{PASSWORD}"]
            node.client.execute_command("ACL", "SETUSER", "worker", *rules)
        url = cluster.url.replace("://", f"://worker:{PASSWORD}@")
        play(url)
        assert may_evict(url) == ""
    finally:
        cluster.stop()


@pytest.mark.parametrize("right", KEYED)
def test_each_right_of_a_worker_is_needed(server: Server, right: str) -> None:
    assert f"'{right}'" in unusable(user(server, "worker", f"-{right}"), PREFIX, [0])


FORBIDDEN = [
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "maxmemory", "1"),
    ("ACL", "LIST"),
    ("ACL", "SETUSER", "worker", "+@all"),
    ("KEYS", "*"),
    ("SCAN", "0"),
    ("SHUTDOWN",),
    ("REPLICAOF", "NO", "ONE"),
    ("CONFIG", "RESETSTAT"),
    ("SCRIPT", "FLUSH"),
    ("EVAL", "return 1", "0"),
    ("MONITOR",),
    ("SUBSCRIBE", "x"),
    ("GET", "overcast:{t.0}:held"),
    ("DEL", "overcast:{t.0}:held"),
    ("HSET", "other", "f", "v"),
    ("HGET", "overcast:{u.0}:held", "owner"),
    ("HSET", "overcast:{t.}:x", "f", "v"),
    ("UNLINK", "overcast:{t.0}:held", "other"),
]


@pytest.mark.parametrize("command", FORBIDDEN, ids=" ".join)
def test_a_worker_can_do_nothing_else(server: Server, command: tuple[str, ...]) -> None:
    client = redis_client(user(server, "worker"))
    with pytest.raises(NoPermissionError):
        client.execute_command(*command)


def test_a_script_of_a_worker_reaches_no_other_key(server: Server) -> None:
    server.client.set("other", "kept")
    client = redis_client(user(server, "worker"))
    sha = client.script_load("return redis.call('UNLINK', KEYS[1])")
    with pytest.raises(ResponseError):
        client.evalsha(sha, 1, "other")
    hidden = client.script_load("return redis.call('UNLINK', ARGV[1])")
    with pytest.raises(ResponseError):
        client.evalsha(hidden, 0, "other")
    assert server.client.get("other") == b"kept"


def test_a_reader_reads_live_features_and_writes_nothing(server: Server) -> None:
    lease = OnlineStore(server.url, PREFIX, 60).claim(3)
    lease.write([entry("a", 1)], Position(1))
    store = OnlineStore(user(server, "reader"), PREFIX, 60)
    assert store.features(3, "a") == b'{"runs": 4}'
    with pytest.raises(NoPermissionError):
        store.claim(3)
    with pytest.raises(NoPermissionError):
        redis_client(user(server, "reader")).hset("overcast:{t.3}:match:a", "features", "{}")


def test_an_administrator_may_do_everything(server: Server) -> None:
    url = user(server, "administrator")
    play(url)
    assert redis_client(url).flushall()


def test_rights_given_before_are_taken_away(server: Server) -> None:
    server.client.execute_command("ACL", "SETUSER", "worker", "on", "~*", "&*", "+@all")
    client = redis_client(user(server, "worker"))
    with pytest.raises(NoPermissionError):
        client.flushall()


@pytest.mark.parametrize("role", ["feed", "viewer", "learner", "operator", "auditor"])
def test_who_needs_no_redis_gets_no_right(role: str) -> None:
    assert acl_rules(role, PREFIX) == []


def test_the_runbook_names_these_rights() -> None:
    runbook = (ROOT / "docs/operations.md").read_text("utf-8").replace("\\|", "|")
    for role in ("worker", "reader", "administrator"):
        assert f"`{' '.join(acl_rules(role, ''))}`" in runbook


def test_the_line_is_what_a_server_takes(server: Server) -> None:
    assert KEYLESS
    setuser = ("ACL", "SETUSER", "w", *acl_rules("worker", ""))
    assert server.client.execute_command(*setuser) == b"OK"
    rules = server.client.execute_command("ACL", "GETUSER", "w")
    assert "overcast:{[0-9]*" in str(rules)
