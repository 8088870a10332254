"""What the learner says on `cricket.drift`: decisions as JSON, one message each."""

from collections.abc import Iterator

import msgspec

from learning.decisions import AnyDecision
from streams import topics
from streams.journal import Journal
from streams.settings import Settings
from streams.topics import real_name


class _Named(msgspec.Struct):
    """The part of a decision that says which it is."""

    id: str


_ENCODER = msgspec.json.Encoder()
_NAMES = msgspec.json.Decoder(_Named)
_DECODER: msgspec.json.Decoder[AnyDecision] = msgspec.json.Decoder(AnyDecision)


def encode(decision: AnyDecision) -> bytes:
    """The decision as JSON in UTF-8."""
    return _ENCODER.encode(decision)


def decode(value: bytes) -> AnyDecision:
    """The decision; msgspec.DecodeError if the message holds none."""
    return _DECODER.decode(value)


def told(journal: Journal, settings: Settings) -> frozenset[str]:
    """The ids of all decisions that the log holds: a learner that decides one again says nothing.

    A model's whole story is some hundred messages a year.
    """
    return frozenset(_ids(journal, real_name(topics.DRIFT, settings)))


def _ids(journal: Journal, name: str) -> Iterator[str]:
    for message in journal.whole(name, 0):
        try:
            yield _NAMES.decode(message.value() or b"").id
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # nobody's decision
