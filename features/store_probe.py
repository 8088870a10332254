"""Whether a Redis does for a worker what it needs: the same scripts, on keys beside the real ones.

A replica answers PING, and so does a server whose ACL refuses scripts, a full one, and a node of a
cluster that does not hold the partition's slot. Of a cluster each server is tried that holds one
of the partitions.
"""

from collections.abc import Collection
from contextlib import closing, suppress

import redis

from features.lease_scripts import lease_scripts
from features.partition_lease import (
    Entry,
    PartitionKeys,
    Position,
    TakenError,
    take_lease,
)
from features.store import lease_key
from features.store_address import store_address
from features.store_client import StoreClient

PROBE_SECONDS = 2.0
TTL_SECONDS = 60
KEEPS_ALL = "noeviction"


def unusable(url: str, prefix: str, partitions: Collection[int]) -> str:
    """Why the store does not serve these partitions, within PROBE_SECONDS a call; "" if it does."""
    try:
        with closing(StoreClient(url, tries=0, seconds=PROBE_SECONDS)) as client:
            leases = {lease_key(prefix, p): p for p in sorted(partitions) or [0]}
            for server, held in client.by_server(leases).items():
                _read(server, held)
                _write(server, f"overcast:{{{prefix}{leases[held[0]]}}}:probe")
    except redis.AuthenticationError as error:
        return f"Redis at {store_address(url).where} does not let its user in: {error}"
    except (redis.ConnectionError, redis.TimeoutError) as error:
        return f"Redis does not answer: {error}"
    except redis.RedisError as error:
        return f"Redis refuses what a worker does: {type(error).__name__}: {error}"
    return ""


def may_evict(url: str) -> str:
    """The policy by which the store throws keys away when its memory is full; "" if it does not.

    "" too if the server does not say: a managed one may refuse the question.
    """
    with (
        suppress(redis.RedisError),
        closing(StoreClient(url, tries=0, seconds=PROBE_SECONDS)) as client,
    ):
        for server in client.servers():
            policy = server.info("memory").get("maxmemory_policy", KEEPS_ALL)
            if policy != KEEPS_ALL:
                return str(policy)
    return ""


def _read(server: redis.Redis, leases: Collection[str]) -> None:
    """Read the leases, each of which lies where its partition's matches lie."""
    pipeline = server.pipeline(transaction=False)
    for lease in leases:
        pipeline.hmget(lease, "owner", "through")
    pipeline.execute()


def _write(server: redis.Redis, base: str) -> None:
    """Claim a lease of no partition, write a match under it that drives out another, forget both.

    With the partition's tag, so that a cluster keeps it on the same server.
    """
    keys = PartitionKeys(f"{base}:held", f"{base}:recent", lambda i: f"{base}:{i}", TTL_SECONDS, 1)
    try:
        _by_scripts(server, keys)
    except redis.ResponseError:
        _plainly(server, keys)  # of a script some versions do not say which command is refused
        raise


def _by_scripts(server: redis.Redis, keys: PartitionKeys) -> None:
    scripts = lease_scripts(lambda _, do: do(server))
    matches = [Entry(name, 0, b"{}", b"{}", {"0.0": b"{}"}) for name in ("first", "second")]
    with suppress(TakenError):  # another worker's probe: it could write too
        lease = take_lease(scripts, keys)
        lease.fill(matches, Position(0))
        server.hgetall(keys.key("second"))
        server.zscore(keys.recent, keys.key("second"))
        lease.forget()
    server.unlink(keys.lease, keys.recent, *(keys.key(match.match_id) for match in matches))


def _plainly(server: redis.Redis, keys: PartitionKeys) -> None:
    """The commands of the scripts one by one; a refusal names its command."""
    match = keys.key("first")
    server.hset(match, "offset", "0")
    server.hget(match, "offset")
    server.hdel(match, "offset")
    server.expire(match, keys.ttl)
    server.zadd(keys.recent, {match: 0})
    server.zcard(keys.recent)
    server.zrange(keys.recent, 0, -1)
    server.zpopmin(keys.recent)
    server.unlink(match, keys.recent)
