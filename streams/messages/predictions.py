"""Messages of `cricket.predictions`: forecasts, what revises or delays them, and the result."""

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


class Chase(msgspec.Struct, frozen=True, gc=False):
    """How a chase is likely to end, either way; null where it hardly can.

    `balls_left` is the mean of the legal balls left if it is won, `total` that of its runs if not.
    """

    balls_left: float | None = None
    total: float | None = None


class DuckworthLewis(msgspec.Struct, frozen=True, gc=False):
    """Where a chase stands by Duckworth-Lewis, Standard Edition: never the official DLS.

    `par` is the score that ties if no further ball is bowled, `targets` the target by the number of
    overs lost now. Whether so short a chase is a match is for its playing conditions to say.
    """

    par: int
    targets: dict[int, int]
    edition: str = "Standard Edition"


class Why(msgspec.Struct, frozen=True, gc=False):
    """What contributed to the batting side's chance (ties half), as shares above one half.

    They add up to the chance less one half: the situation (`state`) under average conditions, the
    ground, the sides with their competition, the players, the conditions that the match has shown,
    and what was learned beyond the engine. `learning.serving.contributions` says how.
    """

    state: float
    ground: float
    sides: float
    players: float
    conditions: float
    learning: float


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
    scorecard. `chase` comes with every forecast of a chase that is open, and so does
    `duckworth_lewis`, but for super overs. `log_digest` is of all messages of the match up to
    `source`, byte for byte and in the order of arrival; "" if unknown. `why` comes where a worker
    is set to `explain`.
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
    chase: Chase | None = None
    duckworth_lewis: DuckworthLewis | None = None
    log_digest: str = ""
    why: Why | None = None


class MatchResult(msgspec.Struct, frozen=True, tag_field="type", tag="match_result", kw_only=True):
    """The official result of a match, as its feed told it: one of each match that has ended.

    (match_id, seq, rank) is the place of the `match_ended` that told it. A correction brings the
    next `revision`, or a `withdrawal` if the match goes on; after that the result may stand at a
    later place. `result` is "win", "tie", "draw", "no result" or "abandoned" (without a ball
    bowled, or as the feed says). A tie that was broken stays a tie and has a `winner`; `tie_break`
    is what broke it: "super over", "boundary count", "bowl-out", or "" if nobody says. `by` is the
    margin, such as {"runs": 20}, `method` such as "D/L"; `text` says all of it in words;
    `log_digest` is that of a prediction.
    """

    match_id: str
    seq: int
    rank: int = 0
    revision: int = 0
    supersedes: int | None = None
    at: int
    code: str = CODE_VERSION
    source: Source
    event: str
    date: str
    teams: tuple[str, str]
    result: str
    winner: str | None = None
    by: dict[str, int] = {}
    method: str = ""
    tie_break: str = ""
    text: str
    log_digest: str = ""


class Withdrawal(msgspec.Struct, frozen=True, tag_field="type", tag="withdrawal", kw_only=True):
    """What was published of this place no longer stands, and nothing takes its place.

    The ball was cancelled or cannot have been bowled; or the match, whose result it was, goes on.
    """

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


PredictionMessage = Prediction | MatchResult | Withdrawal | Waiting


_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[PredictionMessage] = msgspec.json.Decoder(PredictionMessage)
_NOWHERE = Source("", 0, 0)
# Fields of later versions: where there is nothing in them, a text must be what it was without them.
_NOTHING = (b',"duckworth_lewis":null', b',"log_digest":""', b',"why":null')


def encode(message: PredictionMessage) -> bytes:
    """The message as JSON in UTF-8."""
    return _ENCODER.encode(message)


def content(message: Prediction | MatchResult) -> bytes:
    """The message as JSON without position, revision and time: equal for equal forecasts.

    Whether it was published before is told by the digest of this text, which must be the same from
    one version of the code to the next, and whether or not a worker explains: `log_digest` and
    `why` are left out, not empty, and so is `duckworth_lewis` where nothing is chased.
    """
    nowhere = msgspec.structs.replace(
        message, seq=0, rank=0, revision=0, supersedes=None, at=0, source=_NOWHERE, log_digest=""
    )
    if isinstance(nowhere, Prediction) and nowhere.why is not None:
        nowhere = msgspec.structs.replace(nowhere, why=None)
    text = _ENCODER.encode(nowhere)
    for nothing in _NOTHING:
        text = text.replace(nothing, b"")
    return text


def digest(text: bytes) -> str:
    """A short digest of what was published, by which equal content is recognised."""
    return blake2b(text, digest_size=8).hexdigest()


def decode_prediction(value: bytes) -> PredictionMessage:
    """The message in a value of `cricket.predictions`; msgspec.DecodeError if it holds none."""
    return _DECODER.decode(value)
