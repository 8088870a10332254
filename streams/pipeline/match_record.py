"""All that is kept of a live match between two balls, and its forms as JSON."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from cricket.state import MatchState
from features.online_features import online
from learning.serving.memory import Memory
from streams.messages.events import Place
from streams.messages.predictions import Gap
from streams.pipeline.encode_cache import EncodeCache
from streams.pipeline.match_log import Entry

DIGEST_BYTES = 16


class PublishedLabel(msgspec.Struct, frozen=True, gc=False):
    """The label published last for a question of a match.

    `place` is where its answer stands in the log, `key` the model that learns it.
    """

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


class MatchRecord(msgspec.Struct, frozen=True, gc=False, rename={"log": "book"}):
    """All that is kept of a match between two balls; it survives in Redis.

    `log` holds the messages in the order of play, those up to `seq` played (-1: none yet), the
    others held while the match is `waiting`. `missing` are messages up to `seq` that have not come
    and are no longer waited for; `offset` is the position in the partition, `predicted` counts the
    balls that were forecast. `memory` begins with the first ball. A match whose messages are all
    refused has only the reason, `refusing`; one that ended and is `asleep` is in the log only.
    `checkpoints` are kept in memory only: a correction is as exact without them, and slower.
    `log_digest` is of the messages that the match absorbed, byte for byte and in the order of
    arrival; "" if they began before there were such digests.
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
    log: tuple[Entry, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    log_digest: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether the match stands as ended, with an outcome."""
        return self.state is not None and self.state.outcome is not None


def with_message(record: MatchRecord, value: bytes | None) -> MatchRecord:
    """The record with one more message in its `log_digest`.

    A match whose first messages were absorbed without one gets none: it would not say from where.
    """
    if record.log and not record.log_digest:
        return record
    chained = blake2b(record.log_digest.encode() + (value or b""), digest_size=DIGEST_BYTES)
    return replace(record, log_digest=chained.hexdigest())


_ENCODER = msgspec.json.Encoder()
_CACHE = EncodeCache(_ENCODER.encode)
_DECODER = msgspec.json.Decoder(MatchRecord)
_ENTRIES = msgspec.json.Decoder(Entry)


def encode_record(record: MatchRecord) -> bytes:
    """The record as JSON; equal records give equal bytes."""
    return _ENCODER.encode(replace(record, checkpoints=()))


def decode_record(value: bytes) -> MatchRecord:
    """The record, equal to the last bit; msgspec.DecodeError if the value holds none."""
    return _DECODER.decode(value)


def encode_head(record: MatchRecord) -> bytes:
    """The record as JSON without its log, of which a ball changes one entry only."""
    state, memory = record.state, record.memory
    head = replace(
        record,
        state=state and _CACHE.state(state),
        memory=memory and _CACHE.memory(memory),
        log=(),
        checkpoints=(),
    )
    return _ENCODER.encode(head)


def encode_entry(entry: Entry) -> bytes:
    """An entry of a match log as JSON."""
    return _ENCODER.encode(entry)


def decode_parts(head: bytes, entries: Iterable[bytes]) -> MatchRecord:
    """The record from its head and the entries of its log, in any order."""
    log = sorted(map(_ENTRIES.decode, entries), key=lambda entry: entry.place)
    return replace(_DECODER.decode(head), log=tuple(log))


def online_features(record: MatchRecord) -> bytes:
    """The live features that other services may read from Redis, as JSON."""
    if record.state is None or record.state.current is None:
        return b"{}"
    return _ENCODER.encode(online(record.state))
