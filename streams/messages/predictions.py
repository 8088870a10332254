"""Messages of `cricket.predictions`: forecasts, and what revises or delays them."""

from hashlib import blake2b

import msgspec

from cricket.facts import Ball, Fixture
from features.history import Draw
from streams.messages.card import Card
from streams.messages.source import CODE_VERSION, Source


class Gap(msgspec.Struct, frozen=True, gc=False):
    """A message that has not come: `seq`, the ball that was due, since when the feed is past it."""

    seq: int
    ball: str
    since: int


class Win(msgspec.Struct, frozen=True, gc=False):
    """Chances of the match proper (of the super over, in one); they sum to 1."""

    batting: float
    tie: float
    bowling: float


class Total(msgspec.Struct, frozen=True, gc=False):
    """The innings' projected total in runs: mean and quantiles."""

    mean: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float


class Prediction(
    msgspec.Struct, frozen=True, gc=False, tag_field="type", tag="prediction", kw_only=True
):
    """One ball's forecast. (match_id, seq, rank) names the ball, `model` the snapshot.

    A prediction is a function of the match's log up to `source`, the snapshot `model` and what
    the match took from `history` at its start; the first prediction of a match carries that draw
    in `drawn`, and `history_to` is the day of the last match that this history knows: of a match
    that is older the forecast has hindsight. `win_added` is what the ball did to the batting side's
    chance, ties counted half; `leverage` is the standard deviation of what the next ball can do to
    it, 0 when none is due. `revision` counts what was said of this ball, from 0; a correction
    brings the next, made from the message at `source`, and `supersedes` names the one that no
    longer holds. `missing` counts the messages before this ball that have not come and are no
    longer waited for; `waiting` is the first of them. `delivery` is the ball as the feed told it,
    and the first prediction of a match carries its `fixture`: a reader of both can keep the whole
    scorecard.
    """

    match_id: str
    seq: int
    rank: int = 0
    revision: int = 0
    supersedes: int | None = None
    at: int
    model_key: str
    model: str
    history: str
    history_to: str = ""
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
    leverage: float = 0.0
    innings_over: str = ""
    missing: int = 0
    waiting: Gap | None = None
    drawn: Draw | None = None
    delivery: Ball | None = None
    fixture: Fixture | None = None


class Withdrawal(msgspec.Struct, frozen=True, tag_field="type", tag="withdrawal", kw_only=True):
    """No prediction of this ball stands any more: it was cancelled, or cannot have been bowled."""

    match_id: str
    seq: int
    rank: int = 0
    revision: int
    supersedes: int
    at: int
    model_key: str
    model: str
    source: Source


class Waiting(msgspec.Struct, frozen=True, tag_field="type", tag="waiting", kw_only=True):
    """The match waits for message `seq`, which tells `ball`; `since` is the feed's time."""

    match_id: str
    seq: int
    rank: int = 0
    ball: str
    since: int
    held: int
    at: int
    source: Source


PredictionMessage = Prediction | Withdrawal | Waiting


_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[PredictionMessage] = msgspec.json.Decoder(PredictionMessage)
_NOWHERE = Source("", 0, 0)


def encode(message: PredictionMessage) -> bytes:
    """The message as JSON in UTF-8."""
    return _ENCODER.encode(message)


def content(prediction: Prediction) -> bytes:
    """The prediction as JSON without position, revision and time: equal for equal forecasts."""
    return _ENCODER.encode(
        msgspec.structs.replace(
            prediction, seq=0, rank=0, revision=0, supersedes=None, at=0, source=_NOWHERE
        )
    )


def digest(text: bytes) -> str:
    """A short digest of what was published, by which equal content is recognised."""
    return blake2b(text, digest_size=8).hexdigest()


def decode_prediction(value: bytes) -> PredictionMessage:
    """The message in a value of `cricket.predictions`; msgspec.DecodeError if it holds none."""
    return _DECODER.decode(value)
