"""The online store: live matches in Redis, a view that the log can rebuild.

A match is one hash: its record, its features, and a field for each message of its book, so that a
ball writes one of them. Whoever writes holds the partition: see `features/tenure.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.retry import Retry

from features.partition_lease import (
    CLAIM,
    ENTRY,
    WRITE,
    Entry,
    Held,
    PartitionKeys,
    PartitionLease,
    TakenError,
)

__all__ = ["Entry", "OnlineStore", "PartitionLease", "Stored", "TakenError", "unanswered"]

PROBE_SECONDS = 2.0

# A Redis that restarts is waited for; each call may be made twice. Then the worker ends.
MOST_MATCHES = 10_000  # of a partition
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, TRIES = 0.02, 0.5, 60


class Stored(NamedTuple):
    """A match as the store holds it: its record, and the entries of its book in any order."""

    record: bytes
    book: list[bytes]


class StoredMatches(NamedTuple):
    """Records by match, and the partition's mark as it was after they had been read."""

    records: Mapping[str, Stored]
    held: Held


class _Told(Retry):
    """redis-py's retry, which tells of each failure; the last one is raised too."""

    def __init__(self, failed: Callable[[], None]) -> None:
        super().__init__(ExponentialBackoff(LONGEST_PAUSE_SECONDS, PAUSE_SECONDS), TRIES)
        self._failed = failed

    def call_with_retry(self, do: Any, fail: Any, *more: Any, **options: Any) -> Any:
        """As redis-py calls it."""

        def told(*said: Any) -> Any:
            self._failed()
            return fail(*said)

        return super().call_with_retry(do, told, *more, **options)


class OnlineStore:
    """The matches of one deployment; `prefix` keeps deployments in one Redis apart.

    At `most` matches of a partition stay, `ttl` seconds after their last message. `failed` is
    called for each call that Redis did not answer, those that are tried again too.
    """

    def __init__(
        self,
        url: str,
        prefix: str,
        ttl: int,
        most: int = MOST_MATCHES,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=10.0,
            socket_connect_timeout=10.0,
            retry=_Told(failed),
            retry_on_error=[redis.exceptions.BusyLoadingError],
        )
        self._claim = self._redis.register_script(CLAIM)
        self._write = self._redis.register_script(WRITE)
        self._prefix = prefix
        self._ttl = ttl
        self._most = most

    def key(self, partition: int, match_id: str) -> str:
        """The match's key; the braces put a partition's matches on one node of a Redis Cluster."""
        return f"overcast:{{{self._prefix}{partition}}}:match:{match_id}"

    def mark(self, partition: int) -> str:
        """The key that says who holds the partition, and how far the store is whole."""
        return f"overcast:{{{self._prefix}{partition}}}:held"

    def claim(self, partition: int) -> PartitionLease:
        """The hold on a partition; whoever had it before can write no more."""
        place = PartitionKeys(
            mark=self.mark(partition),
            recent=f"overcast:{{{self._prefix}{partition}}}:recent",
            key=lambda match: self.key(partition, match),
            ttl=self._ttl,
            most=self._most,
        )
        return PartitionLease(self._claim, self._write, place)

    def read(self, partition: int, match_ids: Iterable[str]) -> StoredMatches:
        """The matches that the store holds, by their ids, in one round trip."""
        wanted = list(match_ids)
        pipeline = self._redis.pipeline(transaction=False)
        for match_id in wanted:
            pipeline.hgetall(self.key(partition, match_id))
        pipeline.hmget(self.mark(partition), "owner", "through")
        *found, (owner, through) = pipeline.execute()
        records = {i: _stored(fields) for i, fields in zip(wanted, found, strict=True) if fields}
        return StoredMatches(records, (owner, through))

    def features(self, partition: int, match_id: str) -> bytes | None:
        """A live match's online features as JSON; None if the store does not hold it."""
        found = self._redis.hget(self.key(partition, match_id), "features")
        return found if isinstance(found, bytes) else None


def unanswered(url: str) -> str:
    """What is wrong if the store does not answer within PROBE_SECONDS; "" if it does."""
    limits = {"socket_timeout": PROBE_SECONDS, "socket_connect_timeout": PROBE_SECONDS}
    try:
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as probe:
            probe.ping()
    except redis.RedisError as error:
        return f"Redis does not answer: {error}"
    return ""


def _stored(fields: Mapping[bytes, bytes]) -> Stored:
    book = [value for name, value in fields.items() if name.startswith(ENTRY.encode())]
    return Stored(fields[b"record"], book)
