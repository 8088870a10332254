"""The schemas, registered with a Confluent-compatible schema registry."""

import json
from collections.abc import Iterator
from typing import Any

from streams.contract import messages_of, value_schema
from streams.kafka.topics import CONTRACTED, real_name
from streams.settings import Settings


def push(settings: Settings) -> Iterator[tuple[str, int]]:
    """Registers each topic's schema as `<topic>-value`, as Confluent's clients name it.

    Yields subject and schema id. ValueError, with what to do, where none is configured or it does
    not take a schema. What is known already keeps its id.
    """
    if not settings.schema_registry:
        raise ValueError(
            "no schema registry is configured, and none is needed. To push to one: --registry URL "
            "or OVERCAST_SCHEMA_REGISTRY."
        )
    try:
        from confluent_kafka.schema_registry import SchemaRegistryClient  # noqa: PLC0415  an extra
    except ImportError as error:
        raise ValueError("needs an extra: pip install 'confluent-kafka[schemaregistry]'") from error
    once_more = {"max.retries": 1, "retries.wait.ms": 200}  # somebody waits for the answer
    client = SchemaRegistryClient.new_client({"url": settings.schema_registry, **once_more})
    try:
        yield from registered(client, settings)
    except Exception as error:  # the client's own errors and those of the HTTP library below it
        raise ValueError(f"{settings.schema_registry} took no schema: {error}") from error


def registered(client: Any, settings: Settings) -> Iterator[tuple[str, int]]:
    """Registers by a client of confluent-kafka; its errors as they are."""
    from confluent_kafka.schema_registry import Schema  # noqa: PLC0415  an extra

    for topic in CONTRACTED:
        if any(message.kind for message in messages_of(topic)):  # a dead letter is as received
            subject = f"{real_name(topic, settings)}-value"
            text = json.dumps(value_schema(topic))
            yield subject, client.register_schema(subject, Schema(text, "JSON"))
