"""The documents of the page and its JSON API: the list, a match, the models; and their deltas."""

import msgspec

from consumers.dashboard.content.ball_points import Point
from consumers.dashboard.content.calibration import Confidence, Reliability
from consumers.dashboard.content.cards import BowlerRow, InningsCard
from consumers.dashboard.content.careers import Career
from learning.contest.decisions import AnyDecision
from learning.model.prequential import Tally
from streams.messages.card import Card
from streams.messages.predictions import Total


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A match in the list. Chances are of the two teams, ties counted half.

    After the official result they are 1 and 0, and null where nobody could win any more (no result,
    abandoned). `state` is "in play", "waiting", "innings break" or "result"; `moved` is the change
    in the first-named team's chance over the last twelve balls, and `chart` that chance, thinned.
    `at` is when Kafka appended the match's last message, in ms since 1970.
    """

    id: str
    event: str
    date: str
    teams: tuple[str, str]
    short: tuple[str, str]
    score: str
    earlier: tuple[str, ...]
    state: str
    result: str
    need: str
    chances: tuple[float, float] | None
    moved: float
    chart: tuple[float, ...]
    ball: str
    notice: str
    at: int


class About(msgspec.Struct, frozen=True):
    """A match's details known at its start; `toss` in words."""

    number: str
    venue: str
    city: str
    season: str
    toss: str
    overs: int | None


class Share(msgspec.Struct, frozen=True):
    """Win probability that a player added for their side, as a fraction of 1."""

    id: str
    name: str
    team: str
    added: float


class Official(msgspec.Struct, frozen=True):
    """The official result of a match, as a `match_result` tells it."""

    result: str
    winner: str | None
    by: dict[str, int]
    method: str
    tie_break: str
    text: str


class Reason(msgspec.Struct, frozen=True):
    """What contributed to the batting side's chance: its share, and how far the last ball moved it.

    `moved` is null at an innings' first ball, and where the one before was not explained.
    """

    name: str
    share: float
    moved: float | None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on a match's page that its last ball can change, except for the lists.

    `kind` is the kind of cricket in words, such as "Men's T20"; `official` the official result;
    `chase` how a chase is forecast to end, in words: the likelier end, and the other one;
    `par` where it stands by Duckworth-Lewis, and its targets if overs are lost now.
    `history_to` is the day of the last match that the forecast's history knows; `careers_to` the
    day up to which the shipped careers reach, before what the page has read since.
    """

    row: Row
    about: About | None
    card: Card
    model: str
    model_key: str
    kind: str
    official: Official | None
    chase: tuple[str, str] | None
    par: tuple[str, str] | None
    history: str
    history_to: str
    code: str
    total: Total
    win_added: float
    leverage: float
    next_ball: dict[str, float]
    innings_over: str
    corrections: int
    bowlers: tuple[BowlerRow, ...]
    careers: dict[str, Career]
    careers_to: str
    shares: tuple[Share, ...]
    turning: tuple[tuple[int, int], ...]
    confidence: Confidence | None
    why: tuple[Reason, ...]


class Player(msgspec.Struct, frozen=True):
    """A player of an eleven, with the career up to the day before."""

    id: str
    name: str
    career: Career | None


class MatchDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A match's page: the snapshot to which deltas are applied."""

    cursor: str
    now: int
    head: Head
    points: tuple[Point, ...]
    cards: tuple[InningsCard, ...]
    elevens: dict[str, tuple[Player, ...]]


class MatchDelta(msgspec.Struct, frozen=True, kw_only=True):
    """Changes: points and cards replace those of the same ball or innings; `gone` are removed."""

    head: Head
    points: tuple[Point, ...]
    gone: tuple[tuple[int, int], ...]
    cards: tuple[InningsCard, ...]


class ListDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The list of matches; `feed` is "reading", "live" or "unreachable"."""

    cursor: str
    now: int
    feed: str
    rows: tuple[Row, ...]


class ListDelta(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that changed, and the ids of those that are no longer kept."""

    rows: tuple[Row, ...]
    gone: tuple[str, ...]


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A model's scores over its last matches at a time (ms); losses in nats, the error in runs."""

    at: int
    labels: int
    model: str
    log_loss: float
    baseline: float
    brier: float
    error: float


class ModelDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A model: its current scores, their history, its calibration, every decision about it.

    `kind` is what it forecasts in words, such as "Men's T20".
    """

    key: str
    kind: str
    model: str
    learned: int
    overall: Tally
    window: Tally
    history: tuple[Scored, ...]
    versions: tuple[tuple[int, str], ...]
    decisions: tuple[AnyDecision, ...]
    reliability: Reliability


class ModelsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """All models."""

    cursor: str
    now: int
    models: tuple[ModelDocument, ...]


class ModelsDelta(msgspec.Struct, frozen=True, kw_only=True):
    """The models that changed, each in full."""

    models: tuple[ModelDocument, ...]
