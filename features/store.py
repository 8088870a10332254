"""The online store: live matches in Redis, a view that the log can rebuild.

One scripted call per batch writes all its matches; a match is written only forward in its
partition, so that a worker that lost it cannot put back what its successor has moved on. A match is
one hash: its record, its features, and a field for each message of its book, so that a ball writes
one of them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

WRITE = """
local at, written = 1, 0
for _, key in ipairs(KEYS) do
  local last = at + 2 + 2 * tonumber(ARGV[at + 2])
  local seen = tonumber(redis.call('HGET', key, 'offset') or '-1')
  if tonumber(ARGV[at + 1]) >= seen then
    redis.call('HSET', key, 'offset', ARGV[at + 1])
    for field = at + 3, last, 2 do
      redis.call('HSET', key, ARGV[field], ARGV[field + 1])
    end
    redis.call('EXPIRE', key, ARGV[at])
    written = written + 1
  end
  at = last + 1
end
return written
"""

RETRIES = 3  # redis-py's own number; a store that is away for longer ends the worker
PROBE_SECONDS = 2.0

ENTRIES_A_CALL = 200  # some 20 MB of whole matches; a script holds up every other client of Redis
ENTRY = "entry:"  # the fields that hold a book, one a message


class Entry(NamedTuple):
    """A match to write: the offset absorbed, the record and its features as JSON.

    `book` holds the entries of its book that changed, by their place.
    """

    match_id: str
    offset: int
    record: bytes
    features: bytes
    book: Mapping[str, bytes] = {}

    @property
    def fields(self) -> list[bytes | str]:
        """The fields of the match's hash and their values, in turns."""
        found: list[bytes | str] = ["record", self.record, "features", self.features]
        for place, entry in self.book.items():
            found += [ENTRY + place, entry]
        return found


class Stored(NamedTuple):
    """A match as the store holds it: its record, and the entries of its book in any order."""

    record: bytes
    book: list[bytes]


class Found(NamedTuple):
    """Records by match; `whole` unless the store may have lost matches that the log knows."""

    records: Mapping[str, Stored]
    whole: bool


class _Told(Retry):
    """redis-py's retry, which tells of each failure; the last one is raised too."""

    def __init__(self, failed: Callable[[], None]) -> None:
        super().__init__(ExponentialWithJitterBackoff(base=1, cap=10), RETRIES)
        self._failed = failed

    def call_with_retry(self, do: Any, fail: Any, *more: Any, **options: Any) -> Any:
        """As redis-py calls it."""

        def told(*said: Any) -> Any:
            self._failed()
            return fail(*said)

        return super().call_with_retry(do, told, *more, **options)


class OnlineStore:
    """The matches of one deployment; `prefix` keeps deployments in one Redis apart.

    `failed` is called for each call that Redis did not answer, those that are tried again too.
    """

    def __init__(
        self, url: str, prefix: str, ttl: int, failed: Callable[[], None] = lambda: None
    ) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=10.0, socket_connect_timeout=10.0, retry=_Told(failed)
        )
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
        values: list[bytes | str | int] = []
        for entry in entries:
            fields = entry.fields
            values += [self._ttl, entry.offset, len(fields) // 2, *fields]
        return int(self._write(keys=keys, args=values))

    def read(self, partition: int, match_ids: Iterable[str]) -> Found:
        """The records of the matches that the store holds, in one round trip."""
        wanted = list(match_ids)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.exists(self.mark(partition))
        for match_id in wanted:
            pipeline.hgetall(self.key(partition, match_id))
        whole, *found = pipeline.execute()
        records = {i: _stored(fields) for i, fields in zip(wanted, found, strict=True) if fields}
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


def unanswered(url: str) -> str:
    """What is wrong if the store does not answer within PROBE_SECONDS; "" if it does."""
    limits = {"socket_timeout": PROBE_SECONDS, "socket_connect_timeout": PROBE_SECONDS}
    try:
        with redis.Redis.from_url(url, retry=None, **limits) as probe:
            probe.ping()
    except redis.RedisError as error:
        return f"Redis does not answer: {error}"
    return ""


def _stored(fields: Mapping[bytes, bytes]) -> Stored:
    book = [value for name, value in fields.items() if name.startswith(ENTRY.encode())]
    return Stored(fields[b"record"], book)
