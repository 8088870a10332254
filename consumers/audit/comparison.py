"""What was published beside what follows from the log, message by message and byte by byte."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
from confluent_kafka import Message

from streams.messages.predictions import (
    Prediction,
    PredictionMessage,
    Waiting,
    decode_prediction,
    encode,
)
from streams.messages.source import CODE_VERSION

Verdict = Literal["equal", "different", "other_code", "impossible"]
Place = tuple[str, int, int, int]  # type, seq, rank, revision; of a wait: when it began
SHOWN = 24  # bytes on each side of a difference


class Reproduced(NamedTuple):
    """What was published at a place, what follows from the log, and how they compare.

    `offset` is that of the published message on its partition of `cricket.predictions`, -1 if
    nothing was published; `why` says what is wrong.
    """

    match_id: str
    place: Place
    verdict: Verdict
    why: str = ""
    offset: int = -1
    published: bytes = b""
    computed: bytes = b""


def match_of(message: Message) -> str:
    """The match that a published message is of, by its key."""
    return (message.key() or b"").decode(errors="replace")


def place_of(message: PredictionMessage) -> Place:
    """What tells a message from the others of its match."""
    kind = str(message.__struct_config__.tag)
    count = message.since if isinstance(message, Waiting) else message.revision
    return kind, message.seq, message.rank, count


def compared(
    published: Sequence[Message],
    computed: Mapping[tuple[str, Place], PredictionMessage],
    lost: Mapping[str, str],
) -> Iterator[Reproduced]:
    """Each published message beside the computed one; then what was computed only.

    `lost` says of a match why it could not be computed.
    """
    left = dict(computed)
    for message in published:
        match_id = match_of(message)
        if match_id in lost:
            yield _reproduced(message, "impossible", lost[match_id])
            continue
        made = _decoded(message)
        if made is None or made.match_id != match_id:
            yield _reproduced(message, "different", "no message of the match that its key names")
            continue
        expected = left.pop((match_id, place_of(made)), None)
        yield _verdict(message, made, None if expected is None else _as_published(expected, made))
    for (match_id, place), expected in left.items():
        value = encode(expected)
        yield Reproduced(match_id, place, "different", "was never published", computed=value)


def _as_published(expected: PredictionMessage, made: PredictionMessage) -> bytes:
    """What follows from the log, with its contributions only where they were published too."""
    if isinstance(made, Prediction) and isinstance(expected, Prediction) and made.why is None:
        expected = msgspec.structs.replace(expected, why=None)
    return encode(expected)


def _verdict(message: Message, made: PredictionMessage, expected: bytes | None) -> Reproduced:
    value, code = message.value() or b"", getattr(made, "code", CODE_VERSION)
    if value == expected:
        return _reproduced(message, "equal", computed=value)
    if code != CODE_VERSION:
        why = f"made by version {code} of the code, this is {CODE_VERSION}"
        return _reproduced(message, "other_code", why, expected or b"")
    if expected is None:
        return _reproduced(message, "different", "follows from nothing in the log, or is a copy")
    return _reproduced(message, "different", _difference(value, expected), expected)


def _reproduced(
    message: Message, verdict: Verdict, why: str = "", computed: bytes = b""
) -> Reproduced:
    made = _decoded(message)
    place = place_of(made) if made else ("unreadable", 0, 0, 0)
    value, offset = message.value() or b"", message.offset() or 0
    return Reproduced(match_of(message), place, verdict, why, offset, value, computed)


def _decoded(message: Message) -> PredictionMessage | None:
    try:
        return decode_prediction(message.value() or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _difference(published: bytes, computed: bytes) -> str:
    """The first byte that differs, with those around it."""
    pairs = enumerate(zip(published, computed, strict=False))
    first = next((at for at, (a, b) in pairs if a != b), min(len(published), len(computed)))
    around = slice(max(first - SHOWN, 0), first + SHOWN)
    texts = [text[around].decode(errors="replace") for text in (published, computed)]
    return f"byte {first}: …{texts[0]}… was published, …{texts[1]}… follows from the log"
