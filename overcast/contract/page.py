"""`docs/topics.md`, generated from the table of topics and the schemas of the messages."""

from collections.abc import Iterator
from typing import Any

from streams.contract import CONTRACT_VERSION, Message, messages_of
from streams.kafka.topics import CONTRACTED, DAY_MS, Topic
from streams.settings import Settings

HEAD = f"""# The topics

Made by `make contract` from the code; do not edit. Contract {CONTRACT_VERSION}. For machines:
[asyncapi.json](asyncapi.json), and a JSON Schema of each message in [schemas](schemas), with an
example in [schemas/examples](schemas/examples).

Values are JSON in UTF-8, one object a message, told apart by its `type`. Read what you know: pass
over types and fields that you do not. Keys are placed by the murmur2 partitioner, as Java's
clients do.

A prediction and a dead letter are there once, whoever was killed (ADR-15). Scores and snapshots are
written in transactions (ADR-14): read those with `isolation.level=read_committed`, which is
librdkafka's default and not Java's. Labels may come twice, after a kill; what names one is said
with it.

**What may change.** A version of a message only gains optional fields. Whatever else changes (a
field that goes, becomes required or is not any more, another type, a wider or narrower
enumeration) makes a new version of it, with a new schema beside the old one, and a line in the
changelog. CI compares the schemas with those of the last release in `schemas/released` and fails
otherwise. A new type on a topic is no break.
"""


def page(settings: Settings) -> str:
    """Return the complete page."""
    parts = [HEAD, *(part for topic in CONTRACTED for part in _topic(topic, settings))]
    return "\n".join(parts).rstrip() + "\n"


def _topic(topic: Topic, settings: Settings) -> Iterator[str]:
    yield f"## {topic.name}\n"
    yield f"{topic.holds[0].upper()}{topic.holds[1:]}.\n"
    yield "| | |\n|---|---|"
    yield f"| key | {topic.key} |"
    yield f"| written by | {topic.writer} |"
    yield f"| read by | {topic.readers} |"
    yield f"| partitions | {topic.partitions or f'{settings.partitions}, or as set'} |"
    yield f"| kept | {_kept(topic)} |\n"
    for message in messages_of(topic):
        yield from _message(message)


def _kept(topic: Topic) -> str:
    if topic.config.get("cleanup.policy") == "compact":
        return "the newest of each key; older ones 30 days"
    milliseconds = int(topic.config.get("retention.ms", 7 * DAY_MS))
    return "for good" if milliseconds < 0 else f"{milliseconds // DAY_MS} days"


def _message(message: Message) -> Iterator[str]:
    schema, name = message.schema, message.name
    links = f"[schema](schemas/{message.file}), [example](schemas/examples/{name}.json)"
    of = "" if message.kind else " (its headers)"
    yield f"### {name}{of}\n"
    yield f"Version {message.version}: {links}.\n"
    yield from _fields(_resolved(schema, schema))
    main = schema.get("$ref", "").rpartition("/")[2]
    for other, part in schema.get("$defs", {}).items():
        if other != main and "properties" in part:
            yield f"**{_short(other)}** of `{name}`\n"
            yield from _fields(part)


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    """Yield a type's description and the table of its fields."""
    if "description" in schema:
        yield f"{_escaped(schema['description'])}\n"
    yield "| field | type | |\n|---|---|---|"
    for field, part in schema["properties"].items():
        required = field in schema.get("required", ())
        note = part.get("description") or ("" if required else f"optional{_default(part)}")
        yield f"| `{field}` | {_type(part)} | {note} |"
    yield ""


def _default(part: dict[str, Any]) -> str:
    return f", else `{part['default']}`" if part.get("default") not in (None, "", [], {}) else ""


def _type(part: dict[str, Any]) -> str:
    """Return a type in words."""
    if "$ref" in part:
        return _short(part["$ref"].rpartition("/")[2])
    if "enum" in part:
        return " or ".join(f"`{value}`" for value in part["enum"])
    if "anyOf" in part:
        return " or ".join(_type(each) for each in part["anyOf"])
    if part.get("type") == "array":
        return _array(part)
    if isinstance(part.get("additionalProperties"), dict):
        return f"object of {_type(part['additionalProperties'])}"
    return str(part.get("type", "any"))


def _array(part: dict[str, Any]) -> str:
    if "prefixItems" in part:
        return f"[{', '.join(_type(each) for each in part['prefixItems'])}]"
    items = part.get("items")
    return f"list of {_type(items)}" if isinstance(items, dict) else "list"


def _short(name: str) -> str:
    """Return a type's name without its module."""
    return name.rpartition(".")[2]


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    definition: dict[str, Any] = document["$defs"][schema["$ref"].rpartition("/")[2]]
    return definition
