"""Options that several commands share, and the settings that follow from them."""

from pathlib import Path
from typing import Annotated

import typer

from overcast.embedded.detached import status
from streams.addresses import SecretUrl
from streams.settings import Settings

Kafka = Annotated[str | None, typer.Option(help="Kafka's bootstrap servers, host:port.")]
Redis = Annotated[str | None, typer.Option(help="Redis URL.")]
Data = Annotated[
    Path | None, typer.Option(help="Cricsheet zip, folder or file; default: the shipped matches.")
]
Prefix = Annotated[str | None, typer.Option(help="Prefix of every topic's name.")]


def settings(
    kafka: str | None = None, redis: str | None = None, topic_prefix: str | None = None
) -> Settings:
    """Return settings from flags, the environment, overcast.toml, or the servers of `up`."""
    flags = {"kafka": kafka, "redis": redis, "topic_prefix": topic_prefix}
    given = {name: value for name, value in flags.items() if value is not None}
    chosen = Settings(**given)  # type: ignore[arg-type]
    running = status(chosen.state_dir) or {}
    missing = {"kafka", "redis"} - chosen.model_fields_set
    addresses = {name: running[name] for name in missing if name in running}
    if "redis" in addresses:
        addresses["redis"] = SecretUrl(addresses["redis"])
    return chosen.model_copy(update=addresses)
