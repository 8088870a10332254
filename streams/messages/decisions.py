"""Messages of `cricket.drift`: the learner's decisions as JSON, one message each."""

import msgspec

from learning.contest.decisions import AnyDecision

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[AnyDecision] = msgspec.json.Decoder(AnyDecision)


def encode(decision: AnyDecision) -> bytes:
    """The decision as JSON in UTF-8."""
    return _ENCODER.encode(decision)


def decode(value: bytes) -> AnyDecision:
    """The decision; msgspec.DecodeError if the message holds none."""
    return _DECODER.decode(value)
