"""What the workers say: predictions, answered questions and dead letters."""

import msgspec

from features.history import Draw
from learning.labels import Label
from streams.card import Card

CODE_VERSION = "0.1.0"


class Source(msgspec.Struct, frozen=True):
    """Where in Kafka the message lies that this was made from."""

    topic: str
    partition: int
    offset: int


class Win(msgspec.Struct, frozen=True):
    """Chances of the match proper (of the super over, in one); they sum to 1."""

    batting: float
    tie: float
    bowling: float


class Total(msgspec.Struct, frozen=True):
    """The innings' projected total in runs: mean and quantiles."""

    mean: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float


class Prediction(msgspec.Struct, frozen=True, tag_field="type", tag="prediction", kw_only=True):
    """One ball's forecast. (match_id, seq, revision) names the ball, `model` the snapshot.

    A prediction is a function of the match's log up to `source`, the snapshot `model` and what
    the match took from `history` at its start; the first prediction of a match carries that draw
    in `drawn`. `win_added` is what the ball did to the batting side's chance, ties counted half.
    `missing` counts the messages of the match that have not come.
    """

    match_id: str
    seq: int
    revision: int = 0
    supersedes: int | None = None
    at: int
    model_key: str
    model: str
    history: str
    features: int
    code: str = CODE_VERSION
    source: Source
    event: str
    date: str
    teams: tuple[str, str]
    ball: str
    card: Card
    win: Win
    win_added: float
    total: Total
    next_ball: dict[str, float]
    innings_over: str = ""
    missing: int = 0
    drawn: Draw | None = None


class LabelMessage(msgspec.Struct, frozen=True, tag_field="type", tag="label", kw_only=True):
    """An answered question on its way to the learner. (source, index) is its identity."""

    match_id: str
    model: str
    at: int
    source: Source
    index: int
    label: Label


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was refused: as received, with the reason."""

    key: bytes | None
    value: bytes | None
    reason: str
    source: Source


_ENCODER = msgspec.json.Encoder()
_PREDICTIONS = msgspec.json.Decoder(Prediction)
_LABELS = msgspec.json.Decoder(LabelMessage)


def encode(message: Prediction | LabelMessage) -> bytes:
    """The message as JSON in UTF-8."""
    return _ENCODER.encode(message)


def decode_prediction(value: bytes) -> Prediction:
    """The prediction; msgspec.DecodeError if it is none."""
    return _PREDICTIONS.decode(value)


def decode_label(value: bytes) -> LabelMessage:
    """The answered question; msgspec.DecodeError if it is none."""
    return _LABELS.decode(value)
