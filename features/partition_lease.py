"""A worker's hold on one partition of the online store: one holder at a time, and no lost write.

The partition's mark says who holds it (`owner`) and up to which offset of the log everything is in
the store (`through`). Each write names both as the holder knows them, in the same scripted call:
a holder that was replaced while it was frozen is refused, and a store that forgot something, was
emptied, or came back from an old copy of itself, is noticed before it is believed (ADR-14).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

CLAIM = """
local owner = redis.call('HGET', KEYS[1], 'owner') or '0'
owner = (tonumber(string.match(owner, '^%d+')) + 1) .. ':' .. ARGV[1]
redis.call('HSET', KEYS[1], 'owner', owner)
return {owner, redis.call('HGET', KEYS[1], 'through') or '-1'}
"""

# What is written twice, since an answer was lost, finds `through` moved already.
WRITE = """
local owner = redis.call('HGET', KEYS[1], 'owner') or '0:'
local through = redis.call('HGET', KEYS[1], 'through') or '-1'
if owner ~= ARGV[1] then
  local number = function(text) return tonumber(string.match(text, '^%d+')) end
  if number(owner) >= number(ARGV[1]) then return 'taken' end
  return 'behind'
end
if ARGV[2] ~= 'any' and through ~= ARGV[2] and through ~= ARGV[3] then return 'behind' end
local at = 5
for place = 3, #KEYS do
  local key, last = KEYS[place], at + 2 + 2 * tonumber(ARGV[at + 2])
  local seen = tonumber(redis.call('HGET', key, 'offset') or '-1')
  if tonumber(ARGV[at + 1]) >= seen then
    redis.call('HSET', key, 'offset', ARGV[at + 1])
    for field = at + 3, last, 2 do
      redis.call('HSET', key, ARGV[field], ARGV[field + 1])
    end
    redis.call('EXPIRE', key, ARGV[at])
    redis.call('ZADD', KEYS[2], ARGV[at + 1], key)
  end
  at = last + 1
end
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then
  local gone = redis.call('ZPOPMIN', KEYS[2], over)
  for place = 1, #gone, 2 do redis.call('UNLINK', gone[place]) end
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'through', ARGV[3]) end
return 'written'
"""

ENTRIES_A_CALL = 200  # some 20 MB of whole matches; a script holds up every other client of Redis
ENTRY = "entry:"  # the fields that hold a book, one a message

Script = Callable[..., Any]
Held = tuple[bytes | None, bytes | None]  # a mark's owner and through


class TakenError(RuntimeError):
    """Another worker holds the partition; this one was away too long and must not write."""


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


class PartitionKeys(NamedTuple):
    """Where a partition lies in Redis: its mark, its matches' keys, and what is let go.

    A match stays `ttl` seconds after its last message, and the `most` that spoke last stay:
    whoever sends endless new matches drives out silent ones, and does not fill the store.
    """

    mark: str
    recent: str
    key: Callable[[str], str]
    ttl: int
    most: int


class PartitionLease:
    """The hold on one partition, from a claim until another claims it.

    `through` is the last offset of the log that the store has taken in whole; -1 before the first.
    """

    def __init__(self, claim: Script, write: Script, place: PartitionKeys) -> None:
        owner, through = claim(keys=[place.mark], args=[uuid4().hex])
        self.through = int(through)
        self._owner = bytes(owner)
        self._write = write
        self._place = place

    def whole(self, held: Held) -> bool:
        """Whether the store is as this holder left it, by the mark that was read after the rest.

        TakenError if another worker has claimed the partition.
        """
        owner, through = held
        if owner is not None and owner != self._owner and _number(owner) >= _number(self._owner):
            raise self._taken()
        return owner == self._owner and int(through or -1) == self.through

    def write(self, entries: Iterable[Entry], through: int) -> bool:
        """Writes what the messages up to an offset changed; False if the store has lost something.

        A match moves only forward. One call, unless there are more than ENTRIES_A_CALL; TakenError
        if another worker has claimed the partition.
        """
        return self._in_calls(list(entries), str(self.through), through)

    def fill(self, entries: Iterable[Entry], through: int) -> bool:
        """Writes whole matches into a store that has lost something; then it is whole again."""
        return self._in_calls(list(entries), "any", through)

    def _in_calls(self, entries: list[Entry], before: str, through: int) -> bool:
        """`through` moves with the last call: what is interrupted was not written."""
        for start in range(0, max(len(entries), 1), ENTRIES_A_CALL):
            last = start + ENTRIES_A_CALL >= len(entries)
            after = str(through) if last else ""
            if not self._call(entries[start : start + ENTRIES_A_CALL], before, after):
                return False
        self.through = through
        return True

    def _call(self, entries: list[Entry], before: str, after: str) -> bool:
        place = self._place
        keys = [place.mark, place.recent, *(place.key(e.match_id) for e in entries)]
        values: list[bytes | str | int] = [self._owner, before, after, place.most]
        for entry in entries:
            fields = entry.fields
            values += [place.ttl, entry.offset, len(fields) // 2, *fields]
        answer = self._write(keys=keys, args=values)
        if answer == b"taken":
            raise self._taken()
        return bool(answer == b"written")

    def _taken(self) -> TakenError:
        return TakenError(f"{self._place.mark} has been claimed by another worker")


def _number(owner: bytes) -> int:
    """How many claims there had been."""
    return int(owner.partition(b":")[0])
