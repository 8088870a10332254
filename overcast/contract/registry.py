"""Registration of the schemas with a Confluent-compatible schema registry."""

import json
from collections.abc import Iterator
from typing import Any

from streams.contract import messages_of, value_schema
from streams.kafka.topics import CONTRACTED, real_name
from streams.settings import Settings


def push(settings: Settings) -> Iterator[tuple[str, int]]:
    """Register each topic's schema as `<topic>-value`, as Confluent's clients name it.

    Yields subject and schema id; a schema that is registered already keeps its id. ValueError, with
    what to do, if no registry is configured or it refuses a schema.
    """
    registry = settings.schema_registry
    if not registry.get_secret_value():
        raise ValueError(
            "no schema registry is configured, and none is needed. To push to one: --registry URL "
            "or OVERCAST_SCHEMA_REGISTRY."
        )
    try:
        from confluent_kafka.schema_registry import SchemaRegistryClient  # noqa: PLC0415  an extra
    except ImportError as error:
        raise ValueError("needs an extra: pip install 'confluent-kafka[schemaregistry]'") from error
    retries = {"max.retries": 1, "retries.wait.ms": 200}  # a user waits for the answer
    client = SchemaRegistryClient.new_client({"url": registry.get_secret_value(), **retries})
    try:
        yield from registered(client, settings)
    except Exception as error:  # noqa: BLE001  the client's own, and those of HTTP below it
        reason = registry.without_secrets(str(error))
        raise ValueError(f"{registry} did not take a schema: {reason}") from None


def registered(client: Any, settings: Settings) -> Iterator[tuple[str, int]]:
    """Register through a client of confluent-kafka, whose errors are raised as they are."""
    from confluent_kafka.schema_registry import Schema  # noqa: PLC0415  an extra

    for topic in CONTRACTED:
        if any(message.kind for message in messages_of(topic)):  # a dead letter has any value
            subject = f"{real_name(topic, settings)}-value"
            text = json.dumps(value_schema(topic))
            yield subject, client.register_schema(subject, Schema(text, "JSON"))
