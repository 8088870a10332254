"""Every client of Redis is made by `features.store_client.redis_client`.

Each place that makes one is found in the source; one that is made elsewhere would reach a plain
server only.
"""

import ast

import pytest

from tests.support.document_blocks import ROOT
from tests.unit.streams.test_every_client import Module, modules

PACKAGE = "redis"
MAKING = {
    "Redis",
    "StrictRedis",
    "RedisCluster",
    "Sentinel",
    "from_url",
    "from_pool",
    "ConnectionPool",
    "BlockingConnectionPool",
    "Connection",
    "SSLConnection",
    "master_for",
}
# What stands for the one function, and the naive worker that ours is measured against.
ALONE = {"features/store_client.py", "benchmarks/naive.py"}


def makers(module: Module) -> list[str]:
    """The calls in a module that make a client of Redis, by their full names."""
    called = [module.meant(n.func) for n in module.nodes if isinstance(n, ast.Call)]
    return [
        name
        for name in called
        if name.split(".")[0] == PACKAGE and MAKING & set(name.split(".")[1:])
    ]


def test_each_client_of_redis_is_made_by_the_one_function() -> None:
    found = {m.file: makers(m) for m in modules()} | {m.file: makers(m) for m in rooms_beside()}
    elsewhere = {file: names for file, names in found.items() if names and file not in ALONE}
    assert elsewhere == {}
    made_here = set(found["features/store_client.py"])
    assert {"redis.Redis", "redis.cluster.RedisCluster", "redis.sentinel.Sentinel"} <= made_here


def rooms_beside() -> list[Module]:
    """The rooms in which Kafka's clients are not looked for."""
    paths = (path for room in ("features", "learning") for path in (ROOT / room).rglob("*.py"))
    return [Module(path.read_text("utf-8"), str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize(
    "source",
    [
        "import redis\nredis.Redis.from_url(url)",
        "import redis\nredis.Redis(host='h')",
        "import redis as r\nr.from_url(url)",
        "from redis import Redis as Store\nStore()",
        "from redis.cluster import RedisCluster\nRedisCluster.from_url(url)",
        "from redis.sentinel import Sentinel\nSentinel([('h', 1)])",
        "import redis.asyncio\nredis.asyncio.Redis.from_url(url)",
        "from redis import asyncio\nasyncio.from_url(url)",
        "from redis import ConnectionPool\nConnectionPool.from_url(url)",
    ],
)
def test_a_client_that_is_made_in_another_way_is_noticed(source: str) -> None:
    assert len(makers(Module(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from features.store_client import redis_client\nredis_client(url)",
        "from overcast.embedded import redis\nredis.command(1, '')",
        "import redis\nraise redis.ConnectionError('x')",
    ],
)
def test_what_makes_no_client_is_let_pass(source: str) -> None:
    assert makers(Module(source)) == []
