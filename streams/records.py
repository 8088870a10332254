"""What the pipeline takes and gives: messages as received, live matches, effects."""

from dataclasses import dataclass, field

import msgspec

from cricket.state import MatchState
from features.online import online
from learning.memory import Memory
from streams.events import BrokenMessageError, MatchEvent, decode
from streams.predictions import DeadLetter, LabelMessage, Prediction, Source


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


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """All that is kept of a match between two balls; it survives in Redis.

    `seq` is the last message absorbed, `missing` those before it that have not come, `offset`
    the position in the partition, `predicted` the predictions made. `memory` begins with the
    first ball. A match that takes no more messages has only the reason, `refusing`.
    """

    match_id: str
    seq: int
    offset: int
    refusing: str = ""
    model_key: str = ""
    state: MatchState | None = None
    memory: Memory | None = None
    predicted: int = 0
    missing: tuple[int, ...] = ()


@dataclass(slots=True)
class Effects:
    """What a batch did, in order: records that changed, and what is to be sent."""

    records: dict[str, MatchRecord] = field(default_factory=dict)
    predictions: list[Prediction] = field(default_factory=list)
    labels: list[LabelMessage] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    repeated: int = 0


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(MatchRecord)


def encode_record(record: MatchRecord) -> bytes:
    """The record as JSON; equal records give equal bytes."""
    return _ENCODER.encode(record)


def decode_record(value: bytes) -> MatchRecord:
    """The record back, equal to the last bit; msgspec.DecodeError if it is none."""
    return _DECODER.decode(value)


def online_features(record: MatchRecord) -> bytes:
    """The live features that other services may read from Redis, as JSON."""
    if record.state is None or record.state.current is None:
        return b"{}"
    return _ENCODER.encode(online(record.state))
