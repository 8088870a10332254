"""Registration of the schemas with a Confluent-compatible schema registry."""

import json
from collections.abc import Iterator
from typing import Any

from streams.access import Service
from streams.contract import messages_of, value_schema
from streams.kafka.topics import CONTRACTED, real_name
from streams.settings import Settings

# The client asks for them beside a token; other registries than Confluent's pass them over.
UNUSED = {"bearer.auth.logical.cluster": "none", "bearer.auth.identity.pool.id": "none"}


def push(settings: Settings) -> Iterator[tuple[str, int]]:
    """Register each topic's schema as `<topic>-value`, as Confluent's clients name it.

    Yields subject and schema id; a schema that is registered already keeps its id. ValueError, with
    what to do, if no registry is configured or it refuses a schema.
    """
    service = settings.service("schema_registry")
    if not service.url.get_secret_value():
        raise ValueError(
            "no schema registry is configured, and none is needed. To push to one: --registry URL "
            "or OVERCAST_SCHEMA_REGISTRY."
        )
    try:
        from confluent_kafka.schema_registry import SchemaRegistryClient  # noqa: PLC0415  an extra
    except ImportError as error:
        raise ValueError("needs an extra: pip install 'confluent-kafka[schemaregistry]'") from error
    client = SchemaRegistryClient.new_client(client_settings(service))
    try:
        yield from registered(client, settings)
    except Exception as error:  # noqa: BLE001  the client's own, and those of HTTP below it
        reason = service.without_secrets(str(error))
        raise ValueError(f"{service.url} did not take a schema: {reason}") from None


def client_settings(service: Service) -> dict[str, Any]:
    """The settings of Confluent's client, secrets included."""
    made: dict[str, Any] = {"max.retries": 1, "retries.wait.ms": 200}  # a user waits
    made["url"] = service.url.get_secret_value()
    if service.ca:
        made["ssl.ca.location"] = service.ca
    if service.user:
        made["basic.auth.user.info"] = f"{service.user}:{service.password.get_secret_value()}"
    if token := service.token.get_secret_value():
        made["bearer.auth.credentials.source"] = "STATIC_TOKEN"
        made |= {"bearer.auth.token": token, **UNUSED}
    return made


def registered(client: Any, settings: Settings) -> Iterator[tuple[str, int]]:
    """Register through a client of confluent-kafka, whose errors are raised as they are."""
    from confluent_kafka.schema_registry import Schema  # noqa: PLC0415  an extra

    for topic in CONTRACTED:
        if any(message.kind for message in messages_of(topic)):  # a dead letter has any value
            subject = f"{real_name(topic, settings)}-value"
            text = json.dumps(value_schema(topic))
            yield subject, client.register_schema(subject, Schema(text, "JSON"))
