"""What the pipeline takes and gives: messages as received, live matches, effects."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from cricket.state import MatchState
from features.online import online
from learning.memory import Memory
from streams.book import Entry, Gap
from streams.events import BrokenMessageError, MatchEvent, Place, decode
from streams.predictions import DeadLetter, LabelMessage, Said, Source
from streams.unchanged import Unchanged


@dataclass(frozen=True, slots=True)
class Received:
    """A message as Kafka gave it, opened: an event, or why it cannot be read."""

    key: bytes | None
    value: bytes | None
    source: Source
    event: MatchEvent | None
    unreadable: str = ""


def receive(key: bytes | None, value: bytes | None, source: Source) -> Received:
    """A message opened; this never raises, since bad input must not stop a worker."""
    try:
        return Received(key, value, source, decode(value))
    except BrokenMessageError as error:
        return Received(key, value, source, None, str(error))


class ToldLabel(msgspec.Struct, frozen=True, gc=False):
    """The label sent last on one question of a match: where its answer stands, to whom it went."""

    place: Place
    key: str
    task: str
    revision: int
    digest: str


class Checkpoint(msgspec.Struct, frozen=True, gc=False):
    """The match as it was after the message of a place."""

    place: Place
    state: MatchState
    memory: Memory
    predicted: int


class MatchRecord(msgspec.Struct, frozen=True, gc=False):
    """All that is kept of a match between two balls; it survives in Redis.

    `book` holds the messages in the order of play, those up to `seq` played (-1: none yet), the
    others held while the match is `waiting`. `missing` are messages up to `seq` that have not come
    and are no longer waited for; `offset` is the position in the partition, `predicted` counts the
    balls that were forecast. `memory` begins with the first ball. A match whose messages are all
    refused has only the reason, `refusing`; one that ended and is `asleep` is in the log only.
    `checkpoints` are kept in memory only: a correction is as exact without them, and slower.
    """

    match_id: str
    seq: int = -1
    offset: int = -1
    refusing: str = ""
    model_key: str = ""
    state: MatchState | None = None
    memory: Memory | None = None
    predicted: int = 0
    missing: tuple[Gap, ...] = ()
    waiting: Gap | None = None
    labelled: dict[str, ToldLabel] = {}  # never modified
    asleep: bool = False
    book: tuple[Entry, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


@dataclass(slots=True)
class Effects:
    """What a batch did, in order: records that changed, and what is to be sent.

    `entries` are the places of each book that changed, `healed` counts messages that had been
    refused and were played after all.
    """

    records: dict[str, MatchRecord] = field(default_factory=dict)
    entries: dict[str, dict[Place, Entry]] = field(default_factory=dict)
    predictions: list[Said] = field(default_factory=list)
    labels: list[LabelMessage] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    repeated: int = 0
    healed: int = 0


_ENCODER = msgspec.json.Encoder()
_UNCHANGED = Unchanged(_ENCODER.encode)
_DECODER = msgspec.json.Decoder(MatchRecord)
_ENTRIES = msgspec.json.Decoder(Entry)


def encode_record(record: MatchRecord) -> bytes:
    """The record as JSON; equal records give equal bytes."""
    return _ENCODER.encode(replace(record, checkpoints=()))


def decode_record(value: bytes) -> MatchRecord:
    """The record back, equal to the last bit; msgspec.DecodeError if it is none."""
    return _DECODER.decode(value)


def encode_head(record: MatchRecord) -> bytes:
    """The record without its book, of which a ball changes one entry only."""
    state, memory = record.state, record.memory
    head = replace(
        record,
        state=state and _UNCHANGED.state(state),
        memory=memory and _UNCHANGED.memory(memory),
        book=(),
        checkpoints=(),
    )
    return _ENCODER.encode(head)


def encode_entry(entry: Entry) -> bytes:
    """An entry of a book as JSON."""
    return _ENCODER.encode(entry)


def decode_parts(head: bytes, entries: Iterable[bytes]) -> MatchRecord:
    """The record from its head and its book's entries, in any order."""
    book = sorted(map(_ENTRIES.decode, entries), key=lambda entry: entry.place)
    return replace(_DECODER.decode(head), book=tuple(book))


def online_features(record: MatchRecord) -> bytes:
    """The live features that other services may read from Redis, as JSON."""
    if record.state is None or record.state.current is None:
        return b"{}"
    return _ENCODER.encode(online(record.state))
