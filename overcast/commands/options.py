"""Options that several commands share, and the settings that follow from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from learning.keys import KEYS
from overcast.embedded.detached import status
from overcast.embedded.servers import Addresses

if TYPE_CHECKING:
    from streams.settings import Settings

Kafka = Annotated[str | None, typer.Option(help="Kafka's bootstrap servers, host:port.")]
Redis = Annotated[str | None, typer.Option(help="Redis URL.")]
Data = Annotated[
    Path | None, typer.Option(help="Cricsheet zip, folder or file; default: the shipped matches.")
]
Prefix = Annotated[str | None, typer.Option(help="Prefix of every topic's name.")]


def model_keys(incomplete: str) -> list[str]:
    """Complete the name of a model, in the shell."""
    return [key for key in KEYS if key.startswith(incomplete)]


def shipped_matches(incomplete: str) -> list[str]:
    """Complete the id of a match that ships, in the shell."""
    from producers.recorded import ShippedShelf

    return [match.id for match in ShippedShelf().listed() if match.id.startswith(incomplete)]


def settings(
    kafka: str | None = None, redis: str | None = None, topic_prefix: str | None = None
) -> "Settings":
    """Return settings from flags, the environment, overcast.toml, or the servers of `up`."""
    from streams.kafka_settings import KafkaSettings
    from streams.settings import Settings
    from streams.store_settings import StoreSettings

    flags = {"kafka": kafka, "redis": redis, "topic_prefix": topic_prefix}
    given = {name: value for name, value in flags.items() if value is not None}
    chosen = Settings(**given)  # type: ignore[arg-type]
    running = status(chosen.state_dir)
    if running is None:
        return chosen
    found = Addresses.of(running).settings
    for name, group in (("redis", StoreSettings), ("kafka", KafkaSettings)):
        if name in chosen.model_fields_set:  # and all about how it is reached
            settings_of = group.model_fields
            found = {name: value for name, value in found.items() if name not in settings_of}
    return Settings(**given | found)
