"""The online store: live matches in Redis, a view that the log can rebuild.

A match is one hash: its record, its features, and a field for each message of its book, so that a
ball writes one of them. Only the holder of the partition's lease writes: see
`features/partition_lease.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import redis

from features.lease_scripts import lease_scripts
from features.partition_lease import (
    ENTRY,
    Entry,
    LeaseFields,
    PartitionKeys,
    PartitionLease,
    Position,
    TakenError,
    take_lease,
)
from features.store_client import StoreClient

__all__ = [
    "Entry",
    "OnlineStore",
    "PartitionLease",
    "Position",
    "Stored",
    "StoredMatches",
    "TakenError",
    "lease_key",
]

MOST_MATCHES = 10_000  # of a partition


class Stored(NamedTuple):
    """A match as the store holds it: its record, and the entries of its book in any order."""

    record: bytes
    book: list[bytes]


class StoredMatches(NamedTuple):
    """Records by match, and the partition's lease as it was after they had been read.

    `evicted` are matches that the store has lost: it names them, and does not hold them. If it is
    `full`, others may have made room for newer ones, and no name is left of them.
    """

    records: Mapping[str, Stored]
    lease: LeaseFields
    evicted: frozenset[str] = frozenset()
    full: bool = False


class OnlineStore:
    """The matches of one deployment; `prefix` keeps deployments in one Redis apart.

    At most `most` matches of a partition stay, for `ttl` seconds after their last message.
    `failed` is called whenever Redis does not answer, also when the call is then repeated.
    """

    def __init__(
        self,
        url: str,
        prefix: str,
        ttl: int,
        most: int = MOST_MATCHES,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = StoreClient(url, failed)
        self._scripts = lease_scripts(self._client.call)
        self._prefix = prefix
        self._ttl = ttl
        self._most = most

    def key(self, partition: int, match_id: str) -> str:
        """The match's key; the braces put a partition's matches on one node of a Redis Cluster."""
        return f"overcast:{{{self._prefix}{partition}}}:match:{match_id}"

    def lease_key(self, partition: int) -> str:
        """The key that says who holds the partition, and up to where the store is complete."""
        return lease_key(self._prefix, partition)

    def _recent_key(self, partition: int) -> str:
        """The key that names the partition's matches, by the offset of their last message."""
        return f"overcast:{{{self._prefix}{partition}}}:recent"

    def claim(self, partition: int) -> PartitionLease:
        """Take the lease of a partition; its previous holder can write no more."""
        keys = PartitionKeys(
            lease=self.lease_key(partition),
            recent=self._recent_key(partition),
            key=lambda match: self.key(partition, match),
            ttl=self._ttl,
            most=self._most,
        )
        return take_lease(self._scripts, keys)

    def read(self, partition: int, match_ids: Iterable[str]) -> StoredMatches:
        """The matches of these ids that the store holds, and the lease, in one round trip."""
        wanted, recent = list(match_ids), self._recent_key(partition)
        keys, lease_of = [self.key(partition, i) for i in wanted], self.lease_key(partition)

        def ask(server: redis.Redis) -> list[Any]:
            pipeline = server.pipeline(transaction=False)
            for key in keys:
                pipeline.hgetall(key)
            for key in keys:
                pipeline.zscore(recent, key)
            pipeline.zcard(recent)
            pipeline.hmget(lease_of, "owner", "through", "matches")
            return pipeline.execute()

        *answers, counted, (owner, through, matches) = self._client.call(lease_of, ask)
        hashes, named = answers[: len(wanted)], answers[len(wanted) :]
        records = {i: _stored(fields) for i, fields in zip(wanted, hashes, strict=True) if fields}
        names = {i for i, score in zip(wanted, named, strict=True) if score is not None}
        lease = LeaseFields(owner, through, matches, counted)
        evicted = frozenset(names - records.keys())
        return StoredMatches(records, lease, evicted, full=counted >= self._most)

    def features(self, partition: int, match_id: str) -> bytes | None:
        """A live match's online features as JSON; None if the store does not hold it."""
        key = self.key(partition, match_id)
        features = self._client.call(key, lambda server: server.hget(key, "features"))
        return features if isinstance(features, bytes) else None


def lease_key(prefix: str, partition: int) -> str:
    """The key of a partition's lease; the braces put it where the partition's matches lie."""
    return f"overcast:{{{prefix}{partition}}}:held"


def _stored(fields: Mapping[bytes, bytes]) -> Stored:
    book = [value for name, value in fields.items() if name.startswith(ENTRY.encode())]
    return Stored(fields[b"record"], book)
