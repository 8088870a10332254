"""The messages as data: which topic carries which, in which version, and the JSON Schema of each.

A version of a message may only gain optional fields. Any other change makes a new version: the
number here goes up, the changelog says so, and `make contract` writes the new schema beside the
released ones (ADR-13).
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from learning.contest.decisions import AnyDecision
from learning.contest.orders import CheckedOrder, Order
from learning.model.snapshot import FORMAT_VERSION, Snapshot
from streams.kafka import topics
from streams.kafka.topics import Topic
from streams.messages.events import MatchEvent
from streams.messages.labels import LabelMessage
from streams.messages.metrics import MetricsMessage
from streams.messages.predictions import PredictionMessage
from streams.messages.source import CODE_VERSION
from streams.models.snapshot_messages import ModelPointer

CONTRACT_VERSION = "1.0.0"  # of all; additions raise the second number, breaks the first
# msgspec puts the module before a name that two types have; released schemas name no subpackage.
RELEASED_NAME = (b"streams.messages.", b"streams.")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

DEAD_LETTER_HEADERS: Schema = {
    "title": "DeadLetter",
    "description": (
        "The headers of a dead letter; its key and value are those of the message as received, "
        "the value up to 64 KiB and the key up to 1,024 bytes, or less where the topic takes less. "
        "The whole message lies at the origin. A fact that a correction put against the laws is "
        "told as JSON again."
    ),
    "type": "object",
    "properties": {
        "reason": {"type": "string", "description": "Its kind, a colon, and what is wrong"},
        "origin": {
            "type": "string",
            "description": "topic/partition/offset of the message that made it be refused",
        },
        "index": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Tells letters of one origin apart, from 0",
        },
        "appended": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "When Kafka appended the message at origin, in ms since 1970",
        },
        "log": {
            "type": "string",
            "description": "The id of origin's topic, by which a topic made again is told apart",
        },
        "length": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Bytes of the whole value: the letter's is cut if it has less",
        },
        "sha256": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "Digest of the whole value, in hex",
        },
        "key_length": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Bytes of the whole key, where the letter's is cut",
        },
    },
    "required": ["reason", "origin", "index"],
}


@dataclass(frozen=True)
class Message:
    """One kind of message: its name, which is its `type` on the wire, and its version."""

    name: str
    topic: Topic
    kind: Any = None  # None: the schema is that of the headers, the value is as received
    version: int = 1

    @property
    def file(self) -> str:
        """The file name of its schema."""
        return f"{self.name}.v{self.version}.json"

    @property
    def schema(self) -> Schema:
        """The JSON Schema of its value (of a dead letter: of its headers), draft 2020-12."""
        return {
            "$schema": DIALECT,
            "$id": f"urn:overcast:{self.name}:{self.version}",
            **(_schema(self.kind) if self.kind else DEAD_LETTER_HEADERS),
        }


def _tagged(topic: Topic, *kinds: Any) -> Iterator[Message]:
    """The members of these unions as messages that are named by their tags."""
    for member in (m for kind in kinds for m in get_args(kind) or (kind,)):
        yield Message(str(member.__struct_config__.tag), topic, member)


MESSAGES: tuple[Message, ...] = (
    *_tagged(topics.BALLS, MatchEvent),
    *_tagged(topics.PREDICTIONS, PredictionMessage),
    *_tagged(topics.ORDERS, Order),
    *_tagged(topics.LABELS, LabelMessage, CheckedOrder),
    *_tagged(topics.METRICS, MetricsMessage),
    Message("snapshot", topics.MODELS, Snapshot, FORMAT_VERSION),
    Message("model_pointer", topics.MODELS, ModelPointer),
    *_tagged(topics.DRIFT, AnyDecision),
    Message("dead_letter", topics.DEAD_LETTERS),
)


def messages_of(topic: Topic) -> list[Message]:
    """The messages that a topic carries."""
    return [message for message in MESSAGES if message.topic.name == topic.name]


def value_schema(topic: Topic) -> Schema:
    """One schema for all values of a topic, as a schema registry takes it.

    Each message keeps its definitions under its own name, since two may use one name differently.
    """
    typed = [message for message in messages_of(topic) if message.kind]
    return {
        "$schema": DIALECT,
        "title": topic.name,
        "description": topic.holds,
        "oneOf": [_rebased(message.schema, f"#/$defs/{message.name}") for message in typed],
        "$defs": {
            m.name: {"$defs": _rebased(m.schema["$defs"], f"#/$defs/{m.name}")} for m in typed
        },
    }


def _rebased(schema: Any, root: str) -> Any:
    """The schema with its references below another root, without the keys of a document."""
    if isinstance(schema, list):
        return [_rebased(part, root) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: v for k, v in schema.items() if k not in {"$schema", "$id"}}
    if "$ref" in kept:
        return {"$ref": kept["$ref"].replace("#", root, 1)}
    return {name: _rebased(part, root) for name, part in kept.items()}


def _schema(kind: Any) -> Schema:
    """The schema of msgspec, its texts on one line, without this code's version as a default."""
    text = msgspec.json.encode(msgspec.json.schema(kind)).replace(*RELEASED_NAME)
    cleaned: Schema = _cleaned(msgspec.json.decode(text))
    return cleaned


def _cleaned(part: Any) -> Any:
    if isinstance(part, list):
        return [_cleaned(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: value for name, value in part.items() if (name, value) != ("default", CODE_VERSION)
    }
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(inspect.cleandoc(kept["description"]).split())
    return {name: _cleaned(value) for name, value in kept.items()}
