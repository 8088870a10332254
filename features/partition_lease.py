"""A worker's lease on one partition of the online store: one holder at a time, and no lost write.

The lease key says who holds the partition (`owner`) and up to which offset of the log everything
is in the store (`through`, with `appended` and `log`, the timestamp of that message and the id of
its topic). Each write names owner and offset as the holder knows them, in the same scripted call: a
holder that was replaced while it was frozen is refused, and a store that lost something, was
emptied, or came back from an old copy of itself, is noticed before its data is used (ADR-14).

Redis may evict single keys. `recent` names every match of the partition, and the lease how many
they are (`matches`), so that a lost match is told from a new one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple, cast
from uuid import uuid4

from features.lease_scripts import LeaseScripts

# About 20 MB of whole matches: a script blocks every other client of Redis. A feed of endless names
# makes larger ones.
ENTRIES_A_CALL, BYTES_A_CALL = 200, 32 << 20
ENTRY = "entry:"  # prefix of the fields that hold a match's book, one a message

Written = Literal["written", "behind", "evicted"]


class LeaseFields(NamedTuple):
    """What the lease key says, and how many matches the partition has in fact."""

    owner: bytes | None
    through: bytes | None
    matches: bytes | None = None
    counted: int = 0


class Position(NamedTuple):
    """The offset of a message, and its timestamp in ms and its topic's id, if they are known."""

    offset: int
    appended: int = 0
    log: str = ""


class TakenError(RuntimeError):
    """Another worker has claimed the partition; this one must not write to it any more."""


class Entry(NamedTuple):
    """A match to write: the offset absorbed, the record and its features as JSON.

    `book` holds the entries of its book that changed, by their place, or, if it is `whole`, all.
    """

    match_id: str
    offset: int
    record: bytes
    features: bytes
    book: Mapping[str, bytes] = {}
    whole: bool = True

    @property
    def size(self) -> int:
        """Its bytes, names of fields not counted."""
        return len(self.record) + len(self.features) + sum(map(len, self.book.values()))

    @property
    def fields(self) -> list[bytes | str]:
        """The fields of the match's hash, each followed by its value."""
        pairs: list[bytes | str] = ["record", self.record, "features", self.features]
        for place, entry in self.book.items():
            pairs += [ENTRY + place, entry]
        return pairs


class PartitionKeys(NamedTuple):
    """A partition's keys in Redis, `key` giving a match's, and how long matches are kept.

    A match stays for `ttl` seconds after its last message, if it is among the `most` that had a
    message last: endless new matches drive out silent ones instead of filling the store.
    """

    lease: str
    recent: str
    key: Callable[[str], str]
    ttl: int
    most: int


class PartitionLease:
    """The lease of one partition, held until another worker claims the partition.

    `through` is the offset of the log up to which the store has everything, -1 if it has nothing;
    `position` says which message lies there.
    """

    def __init__(
        self, owner: bytes, position: Position, scripts: LeaseScripts, keys: PartitionKeys
    ) -> None:
        self.position = position
        self._owner = owner
        self._scripts = scripts
        self._keys = keys

    @property
    def through(self) -> int:
        """The offset up to which the store has everything."""
        return self.position.offset

    def intact(self, lease: LeaseFields) -> bool:
        """Whether the store is as this holder left it, by a lease read after the matches.

        TakenError if another worker has claimed the partition.
        """
        owner = lease.owner
        if owner is not None and owner != self._owner and _number(owner) >= _number(self._owner):
            raise self._taken()
        all_there = lease.matches is None or int(lease.matches) == lease.counted
        return owner == self._owner and int(lease.through or -1) == self.through and all_there

    def write(self, entries: Iterable[Entry], through: Position) -> Written:
        """Write what the messages up to an offset changed.

        "behind" if the store has lost something, "evicted" if it lost one of these matches, of
        which the changes alone are not enough. A match is never set back. Several calls, if there
        is much; TakenError if another worker has claimed the partition.
        """
        return self._in_calls(list(entries), str(self.through), through)

    def fill(self, entries: Iterable[Entry], through: Position) -> bool:
        """Write whole matches into a store that has lost something, whatever its `through` is."""
        return self._in_calls(list(entries), "any", through) == "written"

    def forget(self) -> None:
        """Remove all matches of the partition: they are those of another log."""
        keys = self._keys
        if self._scripts.forget(keys=[keys.lease, keys.recent], args=[self._owner]) == b"taken":
            raise self._taken()
        self.position = Position(-1)

    def _in_calls(self, entries: list[Entry], before: str, through: Position) -> Written:
        """Write in several calls; only the last moves `through` and completes them."""
        *first, last = _calls(entries)
        for call in first:
            answer = self._call(call, before, None)
            if answer != "written":
                return answer
        answer = self._call(last, before, through)
        if answer == "written":
            self.position = through
        return answer

    def _call(self, entries: list[Entry], before: str, after: Position | None) -> Written:
        """Write entries; the last call, with `after`, completes them."""
        keys, place = self._keys, ("", 0, "") if after is None else after
        names = [keys.lease, keys.recent, *(keys.key(e.match_id) for e in entries)]
        values: list[bytes | str | int] = [self._owner, before, place[0], keys.most, *place[1:]]
        for entry in entries:
            fields, kind = entry.fields, "whole" if entry.whole else "changes"
            values += [keys.ttl, entry.offset, kind, len(fields) // 2, *fields]
        answer = bytes(self._scripts.write(keys=names, args=values)).decode()
        if answer == "taken":
            raise self._taken()
        return cast("Written", answer)

    def _taken(self) -> TakenError:
        return TakenError(f"{self._keys.lease} has been claimed by another worker")


def _calls(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries in calls of at most ENTRIES_A_CALL and, but for single ones, BYTES_A_CALL."""
    calls, size = [list[Entry]()], 0
    for entry in entries:
        size += entry.size
        if len(calls[-1]) == ENTRIES_A_CALL or (calls[-1] and size > BYTES_A_CALL):
            calls.append([])
            size = entry.size
        calls[-1].append(entry)
    return calls


def take_lease(scripts: LeaseScripts, keys: PartitionKeys) -> PartitionLease:
    """Claim the partition; its previous holder can write no more."""
    owner, through, appended, log = scripts.claim(keys=[keys.lease], args=[uuid4().hex])
    position = Position(int(through), int(appended), bytes(log).decode())
    return PartitionLease(bytes(owner), position, scripts, keys)


def _number(owner: bytes) -> int:
    """The claim's number, which an owner begins with."""
    return int(owner.partition(b":")[0])
