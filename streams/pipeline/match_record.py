"""What the pipeline takes and gives: messages as received, live matches, effects."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from cricket.state import MatchState
from features.online_features import online
from learning.serving.memory import Memory
from streams.messages.events import Place
from streams.messages.predictions import Gap
from streams.pipeline.encode_cache import EncodeCache
from streams.pipeline.match_log import Entry


class PublishedLabel(msgspec.Struct, frozen=True, gc=False):
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
    labelled: dict[str, PublishedLabel] = {}  # never modified
    asleep: bool = False
    book: tuple[Entry, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


_ENCODER = msgspec.json.Encoder()
_UNCHANGED = EncodeCache(_ENCODER.encode)
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
