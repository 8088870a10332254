"""A message as a row of the archive: columns to compute with, and the message itself."""

from typing import Any

import msgspec
import pyarrow as pa
from confluent_kafka import Message

from streams.kafka.topics import LABELS, METRICS, PREDICTIONS, Topic
from streams.messages import metrics, predictions
from streams.messages.labels import LabelMessage, decode_label
from streams.messages.predictions import MatchResult, Prediction

Row = dict[str, object]

_PLACE = [
    ("partition", pa.int32()),
    ("offset", pa.int64()),
    ("appended", pa.timestamp("ms", "UTC")),
    ("message", pa.string()),  # as it lay in Kafka
]
_QUESTION = pa.struct(
    [
        ("innings", pa.int8()),
        ("balls", pa.int16()),
        *((name, pa.float64()) for name in ("win", "engine", "baseline", "total", "engine_total")),
    ]
)
_MEANS = ("log_loss", "engine", "baseline", "brier", "error")
_CHANCES = ("batting", "tie", "bowling")
_RESULT = ("result", "winner", "method", "tie_break", "text")
_QUANTILES = ("mean", "q10", "q25", "q50", "q75", "q90")

SCHEMAS: dict[str, pa.Schema] = {
    PREDICTIONS.name: pa.schema(
        [
            *_PLACE,
            ("type", pa.string()),
            ("match_id", pa.string()),
            ("seq", pa.int64()),
            ("rank", pa.int64()),
            ("revision", pa.int64()),
            ("supersedes", pa.int64()),
            ("at", pa.timestamp("ms", "UTC")),
            ("model_key", pa.string()),
            ("model", pa.string()),
            ("event", pa.string()),
            ("match_date", pa.string()),
            ("batting", pa.string()),
            ("bowling", pa.string()),
            ("innings", pa.int8()),
            ("ball", pa.string()),
            ("runs", pa.int32()),
            ("wickets", pa.int8()),
            ("win_added", pa.float64()),
            *((f"win_{name}", pa.float64()) for name in _CHANCES),
            *((f"total_{name}", pa.float64()) for name in _QUANTILES),
            ("next_ball", pa.map_(pa.string(), pa.float64())),
            ("result", pa.string()),
            ("winner", pa.string()),
            ("method", pa.string()),
            ("tie_break", pa.string()),
            ("text", pa.string()),
        ]
    ),
    LABELS.name: pa.schema(
        [
            *_PLACE,
            ("type", pa.string()),
            ("match_id", pa.string()),
            ("source_partition", pa.int32()),
            ("source_offset", pa.int64()),
            ("source_index", pa.int32()),
            ("revision", pa.int64()),
            ("withdrawn", pa.bool_()),
            ("model_key", pa.string()),
            ("model", pa.string()),
            ("task", pa.string()),
            ("truth", pa.float64()),
            ("event", pa.string()),
            ("match_date", pa.string()),
            ("batting_first", pa.string()),
            ("questions", pa.list_(_QUESTION)),
        ]
    ),
    METRICS.name: pa.schema(
        [
            *_PLACE,
            ("model_key", pa.string()),
            ("model", pa.string()),
            ("labels", pa.int64()),
            ("revised", pa.int64()),
            *((f"{name}_all", pa.float64()) for name in _MEANS),
            *((f"{name}_window", pa.float64()) for name in _MEANS),
        ]
    ),
}


def row(topic: Topic, message: Message) -> Row:
    """Return the message's row; an unreadable message has only its place and its text."""
    value = message.value() or b""
    place: Row = {
        "partition": message.partition(),
        "offset": message.offset(),
        "appended": message.timestamp()[1],
        "message": value.decode(errors="replace"),
    }
    try:
        return place | _READ[topic.name](value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return place


def _prediction(value: bytes) -> Row:
    message = predictions.decode_prediction(value)
    key = {"type": str(message.__struct_config__.tag)} | _named(message, "match_id", "seq", "rank")
    if isinstance(message, MatchResult):
        told = _named(message, "revision", "supersedes", "at", "event", *_RESULT)
        return key | told | {"match_date": message.date}
    if not isinstance(message, Prediction):
        return key | _named(message, "revision", "supersedes", "at", "model_key", "model", "ball")
    card = _named(message.card, "batting", "bowling", "innings", "runs", "wickets")
    names = ("revision", "supersedes", "at", "model_key", "model", "event", "ball")
    win = {f"win_{name}": getattr(message.win, name) for name in _CHANCES}
    total = {f"total_{name}": getattr(message.total, name) for name in _QUANTILES}
    rest: Row = {
        "match_date": message.date,
        "win_added": message.win_added,
        "next_ball": list(message.next_ball.items()),
    }
    return key | _named(message, *names) | card | win | total | rest


def _label(value: bytes) -> Row:
    message: LabelMessage = decode_label(value)
    label, source = message.label, message.source
    names = ("innings", "balls", "win", "engine", "baseline", "total", "engine_total")
    return {
        "type": "label",
        **_named(message, "match_id", "revision", "withdrawn", "model"),
        "source_partition": source.partition,
        "source_offset": source.offset,
        "source_index": message.index,
        "model_key": label.key,
        **_named(label, "task", "truth", "event", "batting_first"),
        "match_date": label.date,
        "questions": [_named(question, *names) for question in label.questions],
    }


def _metrics(value: bytes) -> Row:
    message = metrics.decode(value)
    both = (("all", message.metrics.overall), ("window", message.metrics.window))
    means = {f"{name}_{over}": getattr(tally, name) for over, tally in both for name in _MEANS}
    labels: Row = {"labels": message.metrics.labels}
    return _named(message, "model_key", "model", "revised") | labels | means


def _named(struct: Any, *names: str) -> Row:
    """Return those of the named fields that the struct has."""
    return {name: getattr(struct, name) for name in names if hasattr(struct, name)}


_READ = {PREDICTIONS.name: _prediction, LABELS.name: _label, METRICS.name: _metrics}
