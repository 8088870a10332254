"""Messages of `cricket.metrics`: the learner's scores after the labels of a batch."""

import msgspec

from learning.model.prequential import Metrics


class MetricsMessage(msgspec.Struct, frozen=True, tag_field="type", tag="metrics", kw_only=True):
    """A model's prequential scores: each answer was scored before it was learned.

    `model` is the snapshot that answered last, `learned` counts the labels learned since the
    model's beginning. `revised` are answers that were corrected after they had been learned, as
    this learner saw them since it took its partition: they stay learned as they were.
    """

    model_key: str
    model: str
    at: int
    metrics: Metrics
    revised: int = 0


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(MetricsMessage)


def encode(message: MetricsMessage) -> bytes:
    """The message as JSON in UTF-8."""
    return _ENCODER.encode(message)


def decode(value: bytes) -> MetricsMessage:
    """The metrics; msgspec.DecodeError if the message holds none."""
    return _DECODER.decode(value)
