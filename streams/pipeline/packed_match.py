"""A whole match on its way to the learner: its messages in the order of play, compressed."""

from dataclasses import dataclass

import msgspec

from cricket.facts import Fact, Fixture
from streams.messages.compression import CompressionError, compressed, decompressed
from streams.messages.events import MatchEvent, MatchStarted, MessageCancelled
from streams.pipeline.match_log import Entry, MatchLog

MOST_BYTES = 4 << 20  # ten times the longest one-day match


class UnreadableMatchError(ValueError):
    """Bytes that hold no match; the text says why."""


@dataclass(frozen=True, slots=True)
class WholeMatch:
    """A match as unpacked: when its first message was sent (feed time, ms), fixture and facts."""

    began: int
    fixture: Fixture
    facts: tuple[Fact, ...]


_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[list[MatchEvent]] = msgspec.json.Decoder(list[MatchEvent])


def pack(log: MatchLog, last: int) -> bytes:
    """The log's entries up to message `last`, without what was refused or cancelled.

    Ids, places and the times of all but the first are left out. A match of more than MOST_BYTES,
    which nobody would read, is left out as a whole.
    """
    events = [entry.event for entry in log if _is_packed(entry, last)]
    began = events[0].at if events else 0
    bare = [
        msgspec.structs.replace(e, match_id="-", seq=0, rank=0, revision=0, at=0) for e in events
    ]
    if bare:
        bare[0] = msgspec.structs.replace(bare[0], at=began)
    content = _ENCODER.encode(bare)
    return compressed(content) if len(content) <= MOST_BYTES else b""


def _is_packed(entry: Entry, last: int) -> bool:
    event = entry.event
    return not (entry.refused or event.seq > last or isinstance(event, MessageCancelled))


def unpack(value: bytes) -> WholeMatch:
    """The match; UnreadableMatchError if the bytes hold none, or more than MOST_BYTES."""
    try:
        events = _DECODER.decode(decompressed(value, MOST_BYTES))
    except (CompressionError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableMatchError(str(error)) from error
    if not events or not isinstance(events[0], MatchStarted):
        raise UnreadableMatchError("it does not begin with match_started")
    facts = tuple(
        event.fact for event in events if not isinstance(event, MatchStarted | MessageCancelled)
    )
    return WholeMatch(events[0].at, events[0].fixture, facts)
