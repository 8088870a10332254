"""Whether a Redis does for a worker what it needs: the same scripts, on keys beside the real ones.

A replica answers PING, and so does a server whose ACL refuses scripts, a full one, and a node of a
cluster that does not hold the partition's slot.
"""

from collections.abc import Collection
from contextlib import suppress

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from features.lease_scripts import lease_scripts
from features.partition_lease import (
    Entry,
    PartitionKeys,
    Position,
    TakenError,
    take_lease,
)
from features.store import lease_key

PROBE_SECONDS = 2.0
TTL_SECONDS = 60
KEEPS_ALL = "noeviction"


def unusable(url: str, prefix: str, partitions: Collection[int]) -> str:
    """Why the store does not serve these partitions, within PROBE_SECONDS a call; "" if it does."""
    limits = {"socket_timeout": PROBE_SECONDS, "socket_connect_timeout": PROBE_SECONDS}
    try:
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as client:
            wanted = sorted(partitions) or [0]
            _read(client, [lease_key(prefix, partition) for partition in wanted])
            _write(client, f"overcast:{{{prefix}{wanted[0]}}}:probe")
    except (redis.ConnectionError, redis.TimeoutError) as error:
        return f"Redis does not answer: {error}"
    except redis.RedisError as error:
        return f"Redis refuses what a worker does: {type(error).__name__}: {error}"
    return ""


def may_evict(url: str) -> str:
    """The policy by which the store throws keys away when its memory is full; "" if it does not.

    "" too if the server does not say: a managed one may refuse the question.
    """
    limits = {"socket_timeout": PROBE_SECONDS, "socket_connect_timeout": PROBE_SECONDS}
    with (
        suppress(redis.RedisError),
        redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as client,
    ):
        policy = client.info("memory").get("maxmemory_policy", KEEPS_ALL)
        return "" if policy == KEEPS_ALL else str(policy)
    return ""


def _read(client: redis.Redis, leases: Collection[str]) -> None:
    """Read the leases, each of which lies where its partition's matches lie."""
    pipeline = client.pipeline(transaction=False)
    for lease in leases:
        pipeline.hmget(lease, "owner", "through")
    pipeline.execute()


def _write(client: redis.Redis, base: str) -> None:
    """Claim a lease of no partition, and write a match under it that drives out another."""
    keys = PartitionKeys(f"{base}:held", f"{base}:recent", lambda i: f"{base}:{i}", TTL_SECONDS, 1)
    scripts = lease_scripts(client)
    matches = [Entry(name, 0, b"{}", b"{}", {"0.0": b"{}"}) for name in ("first", "second")]
    with suppress(TakenError):  # another worker's probe: it could write too
        take_lease(scripts, keys).fill(matches, Position(0))
    client.hgetall(keys.key("second"))
    client.unlink(keys.lease, keys.recent, *(keys.key(match.match_id) for match in matches))
