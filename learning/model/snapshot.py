"""A model at rest: every number it serves and learns from, as JSON that executes nothing."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from features.catalogue import FEATURE_VERSION, NAMES
from features.history import History
from forecast.cells import cell_count
from forecast.outcomes import OUTCOMES
from forecast.shape import SHAPES
from learning.keys import KEYS, format_name
from learning.model.correction import SIDES
from learning.model.correction_limit import LIMITS, Losses
from learning.model.interval_widths import LEVELS, MOST, STAGES, UNTRIED, Widths
from learning.model.linear import Linear
from learning.model.packed_arrays import ArrayError, unpacked
from learning.model.prequential import Ledger

FORMAT_VERSION = 4
MOST_BYTES = 8 << 20  # a snapshot has some hundred KiB; a larger text is not parsed
MODELS = {
    "win_first": len(NAMES),
    "win_chase": len(NAMES),
    "total_first": len(NAMES),
    "rate_first": 1,
    "rate_chase": 1,
}  # the linear models of a key and their number of inputs
TILT_SCALES = {"T20": 1.0, "ODI": 0.4}  # `features.history.History.scale`


class SnapshotError(ValueError):
    """A snapshot that must not be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned: matches with a first-innings total or a winner, balls, dates."""

    matches: int = 0
    balls: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The engine's counts [cells, 8] as packed arrays (`learning.arrays`)."""

    first: str = ""
    chase: str = ""


@dataclass(frozen=True, slots=True)
class Solved:
    """The counts that the engine's tables are made from, as they were after so many matches.

    Tables take half a second to make and a match hardly moves them, so snapshots share them.
    """

    counted: Counted = Counted()
    matches: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One model key's model. `positions` say how far each log was learned; see `encode`."""

    key: str
    version: str
    parent: str = ""
    format_version: int = FORMAT_VERSION
    feature_version: int = FEATURE_VERSION
    positions: dict[str, int] = field(default_factory=dict)
    trained: Trained = Trained()
    counted: Counted = Counted()
    solved: Solved = Solved()
    history: History = field(default_factory=History)
    models: dict[str, Linear] = field(default_factory=dict)
    limits: dict[str, Losses] = field(default_factory=dict)
    widths: Widths = UNTRIED
    scores: Ledger = field(default_factory=Ledger)
    digest: str = ""


class _Versions(msgspec.Struct):
    """The fields of a snapshot that say whether this code can read the rest."""

    format_version: Any = None
    feature_version: Any = None


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Snapshot)
_VERSIONS = msgspec.json.Decoder(_Versions)


def blank(key: str, version: str = "blank") -> Snapshot:
    """A model that has learned nothing."""
    history = History(scale=TILT_SCALES[format_name(key)])
    return sealed(Snapshot(key, version, history=history, models=dict.fromkeys(MODELS, Linear())))


def digest(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical JSON of everything but the digest."""
    return hashlib.sha256(_ENCODER.encode(replace(snapshot, digest=""))).hexdigest()


def sealed(snapshot: Snapshot) -> Snapshot:
    """The snapshot with its digest."""
    return replace(snapshot, digest=digest(snapshot))


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as JSON in UTF-8, keys sorted."""
    return _ENCODER.encode(snapshot)


def decode(value: bytes) -> Snapshot:
    """The snapshot; SnapshotError, with the reason, for anything that must not be installed."""
    if len(value) > MOST_BYTES:
        raise SnapshotError(f"{len(value)} bytes, at most {MOST_BYTES} are read")
    try:
        versions = _VERSIONS.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError(f"not a JSON object: {error}") from error
    for name, served in (("format_version", FORMAT_VERSION), ("feature_version", FEATURE_VERSION)):
        if getattr(versions, name) != served:
            raise SnapshotError(f"{name} {getattr(versions, name)!r}, this code serves {served}")
    try:
        snapshot = _DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError(f"not a snapshot: {error}") from error
    check(snapshot)
    if encode(snapshot) != value:
        raise SnapshotError("not the canonical JSON of its content: damaged or forged")
    return snapshot


def check(snapshot: Snapshot) -> None:
    """Raise SnapshotError if a snapshot with the right types is wrong in its content.

    Infinities and NaN are not looked for: JSON, from which it was read, has none.
    """
    if snapshot.digest != digest(snapshot):
        raise SnapshotError("the digest is not that of the content: damaged or forged")
    if snapshot.key not in KEYS:
        raise SnapshotError(f"unknown model key {snapshot.key!r}")
    _check_counts(snapshot)
    _check_models(snapshot.models)
    for side, losses in snapshot.limits.items():
        if side not in SIDES or len(losses) != len(LIMITS):
            raise SnapshotError(f"limits of {side!r}: {len(losses)}, this code serves {LIMITS}")
    if [len(logs) for logs in snapshot.widths] != [len(LEVELS)] * STAGES:
        raise SnapshotError(f"widths: {snapshot.widths!r}, this code serves {STAGES} stages")
    if any(abs(log) > MOST for logs in snapshot.widths for log in logs):
        raise SnapshotError(f"a width is beyond {MOST}")
    if any(variance < 0 for _, variance in snapshot.history.effects.values()):
        raise SnapshotError("a variance of the history is negative")


def _check_counts(snapshot: Snapshot) -> None:
    shape = SHAPES[format_name(snapshot.key)]
    kept = (snapshot.counted, snapshot.solved.counted)
    packed = [(text, chase) for c in kept for text, chase in ((c.first, False), (c.chase, True))]
    for text, chase in packed:
        try:
            counts = unpacked(text, (cell_count(shape, chase=chase), len(OUTCOMES)))
        except ArrayError as error:
            raise SnapshotError(f"counts: {error}") from error
        if counts.min() < 0.0 or counts.max() > 1e9:
            raise SnapshotError("a count is negative or absurd")


def _check_models(models: dict[str, Linear]) -> None:
    if set(models) != set(MODELS):
        raise SnapshotError(f"models {sorted(models)}, this code serves {sorted(MODELS)}")
    for name, size in MODELS.items():
        m = models[name]
        lengths = {len(v) for v in (m.weights, m.squares, m.counts, m.means, m.variances)}
        if lengths not in ({0}, {size}):
            raise SnapshotError(f"model {name}: {sorted(lengths)} numbers for {size} inputs")
        if any(v < 0 for v in (*m.squares, *m.variances)):
            raise SnapshotError(f"model {name}: a sum of squares is negative")
