"""The AsyncAPI 3 document, made from the tables of topics and messages."""

from typing import Any

from streams.contract import CONTRACT_VERSION, MESSAGES, Message, messages_of
from streams.kafka.topics import BALLS, CONTRACTED, Topic
from streams.settings import Settings

FORMAT = "application/schema+json;version=draft-2020-12"
BINDING = "0.5.0"
KNOWN = {"cleanup.policy", "retention.ms", "max.message.bytes"}  # settings that the binding has

Document = dict[str, Any]


def asyncapi(settings: Settings, examples: dict[str, Any]) -> Document:
    """Return the document, which needs no other file; `examples` are messages by name."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:overcast",
        "info": {
            "title": "Overcast",
            "version": CONTRACT_VERSION,
            "description": (
                "A live forecast for every ball of a cricket match. Values are JSON in UTF-8, told "
                "apart by their `type`; readers pass over types and fields that they do not know. "
                "Keys are placed by the murmur2 partitioner. Scores and snapshots are read with "
                "isolation level read_committed. See topics.md."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": settings.kafka, "protocol": "kafka"}},
        "channels": {_channel_name(topic): _channel(topic, settings) for topic in CONTRACTED},
        "operations": dict(_operation(topic) for topic in CONTRACTED),
        "components": {"messages": {m.name: _message(m, examples[m.name]) for m in MESSAGES}},
    }


def _channel_name(topic: Topic) -> str:
    return topic.name.partition(".")[2]


def _channel(topic: Topic, settings: Settings) -> Document:
    kafka = {
        "topic": topic.name,
        "partitions": topic.partitions or settings.partitions,
        "replicas": settings.replication,
        "topicConfiguration": _configuration(topic),
        "bindingVersion": BINDING,
    }
    return {
        "address": topic.name,
        "summary": topic.holds,
        "description": f"Written by {topic.writer}; read by {topic.readers}.",
        "messages": {
            m.name: {"$ref": f"#/components/messages/{m.name}"} for m in messages_of(topic)
        },
        "bindings": {"kafka": kafka},
    }


def _configuration(topic: Topic) -> Document:
    """Return the settings of a topic that the binding has names for."""
    known = {name: value for name, value in topic.config.items() if name in KNOWN}
    return {n: [v] if n == "cleanup.policy" else int(v) for n, v in known.items()}


def _operation(topic: Topic) -> tuple[str, Document]:
    """Return Overcast's operation on a topic: it reads the balls and writes all else."""
    name, action = _channel_name(topic), "receive" if topic is BALLS else "send"
    where = f"#/channels/{name}"
    return f"{action}_{name}", {
        "action": action,
        "channel": {"$ref": where},
        "summary": topic.holds,
        "messages": [{"$ref": f"{where}/messages/{m.name}"} for m in messages_of(topic)],
    }


def _message(message: Message, example: Any) -> Document:
    part = "payload" if message.kind else "headers"
    place = f"#/components/messages/{message.name}/{part}/schema"
    schema = {"schemaFormat": FORMAT, "schema": _bundled(message.schema, place)}
    key = {"type": "string", "description": message.topic.key}
    common = {
        "name": message.name,
        "title": f"{message.name}, version {message.version}",
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}},
    }
    if message.kind is None:
        example = {"headers": example, "payload": "as received"}
        return common | {
            "contentType": "application/octet-stream",
            "headers": schema,
            "examples": [example],
        }
    return common | {"payload": schema, "examples": [{"payload": example}]}


def _bundled(schema: Any, place: str) -> Any:
    """Return a schema as it stands at a place of the document, by which its references go.

    Its `$id` is left out: references would be read as within the schema.
    """
    if isinstance(schema, list):
        return [_bundled(each, place) for each in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {name: _bundled(part, place) for name, part in schema.items() if name != "$id"}
    if isinstance(moved.get("$ref"), str):
        moved["$ref"] = place + moved["$ref"].removeprefix("#")
    return moved
