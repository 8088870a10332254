"""The online store: live matches in Redis, a view that the log can rebuild.

One scripted call per batch writes all its matches; a match is written only forward, so that a
worker that lost its partition cannot put back what its successor has moved on.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import redis

WRITE = """
local written = 0
for i, key in ipairs(KEYS) do
  local at = 4 * (i - 1)
  local seen = tonumber(redis.call('HGET', key, 'seq') or '-1')
  if tonumber(ARGV[at + 2]) > seen then
    redis.call('HSET', key, 'seq', ARGV[at + 2], 'record', ARGV[at + 3], 'features', ARGV[at + 4])
    redis.call('EXPIRE', key, ARGV[at + 1])
    written = written + 1
  end
end
return written
"""


ENTRIES_A_CALL = 1_000  # some 20 MB; a script holds up every other client of Redis


class Entry(NamedTuple):
    """A match to write: the last message absorbed, the record and its features as JSON."""

    match_id: str
    seq: int
    record: bytes
    features: bytes


class Found(NamedTuple):
    """Records by match; `whole` unless the store may have lost matches that the log knows."""

    records: Mapping[str, bytes]
    whole: bool


class OnlineStore:
    """The matches of one deployment; `prefix` keeps deployments in one Redis apart."""

    def __init__(self, url: str, prefix: str, ttl: int) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=10.0, socket_connect_timeout=10.0)
        self._write = self._redis.register_script(WRITE)
        self._prefix = prefix
        self._ttl = ttl

    def key(self, partition: int, match_id: str) -> str:
        """The match's key; the braces put a partition's matches on one node of a Redis Cluster."""
        return f"overcast:{{{self._prefix}{partition}}}:match:{match_id}"

    def write(self, partition: int, entries: Iterable[Entry]) -> int:
        """Writes the entries that move their match forward; returns how many did.

        One call, unless there are more than ENTRIES_A_CALL.
        """
        chosen = list(entries)
        starts = range(0, len(chosen), ENTRIES_A_CALL)
        return sum(self._call(partition, chosen[i : i + ENTRIES_A_CALL]) for i in starts)

    def _call(self, partition: int, entries: list[Entry]) -> int:
        keys = [self.key(partition, e.match_id) for e in entries]
        values: list[bytes | int] = []
        for entry in entries:
            values += [self._ttl, entry.seq, entry.record, entry.features]
        return int(self._write(keys=keys, args=values))

    def read(self, partition: int, match_ids: Iterable[str]) -> Found:
        """The records of the matches that the store holds, in one round trip."""
        wanted = list(match_ids)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.exists(self.mark(partition))
        for match_id in wanted:
            pipeline.hget(self.key(partition, match_id), "record")
        whole, *found = pipeline.execute()
        records = {i: r for i, r in zip(wanted, found, strict=True) if r is not None}
        return Found(records, whole=bool(whole))

    def mark(self, partition: int) -> str:
        """The key that says that no match of the partition is missing from the store."""
        return f"overcast:{{{self._prefix}{partition}}}:whole"

    def set_whole(self, partition: int) -> None:
        """Every match that the log knows is written; a store that is flushed forgets it."""
        self._redis.set(self.mark(partition), 1)

    def features(self, partition: int, match_id: str) -> bytes | None:
        """A live match's online features as JSON; None if the store does not hold it."""
        found = self._redis.hget(self.key(partition, match_id), "features")
        return found if isinstance(found, bytes) else None

    def ping(self) -> None:
        """Raises redis.RedisError if the store does not answer."""
        self._redis.ping()
