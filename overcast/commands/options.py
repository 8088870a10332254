"""Options that several commands share, and the settings that follow from them."""

from pathlib import Path
from typing import Annotated

import typer

from cricket.archive import Library
from cricket.cricsheet import UnreadableMatchError
from learning.keys import KEYS
from overcast.embedded.detached import status
from overcast.embedded.servers import Addresses
from producers.recorded import ArchiveShelf, Listed, Shelf, ShippedShelf
from streams.kafka_settings import KafkaSettings
from streams.settings import Settings
from streams.store_settings import StoreSettings

Kafka = Annotated[str | None, typer.Option(help="Kafka's bootstrap servers, host:port.")]
Redis = Annotated[str | None, typer.Option(help="Redis URL.")]
Data = Annotated[
    Path | None, typer.Option(help="Cricsheet zip, folder or file; default: the shipped matches.")
]
Prefix = Annotated[str | None, typer.Option(help="Prefix of every topic's name.")]

KAFKA = KafkaSettings.model_fields.keys()
STORE = StoreSettings.model_fields.keys()


def model_keys(incomplete: str) -> list[str]:
    """Complete the name of a model, in the shell."""
    return [key for key in KEYS if key.startswith(incomplete)]


def shipped_matches(incomplete: str) -> list[str]:
    """Complete the id of a match that ships, in the shell."""
    return [match.id for match in ShippedShelf().listed() if match.id.startswith(incomplete)]


def settings(
    kafka: str | None = None, redis: str | None = None, topic_prefix: str | None = None
) -> Settings:
    """Return settings from flags, the environment, overcast.toml, or the servers of `up`."""
    flags = {"kafka": kafka, "redis": redis, "topic_prefix": topic_prefix}
    given = {name: value for name, value in flags.items() if value is not None}
    chosen = Settings(**given)  # type: ignore[arg-type]
    running = status(chosen.state_dir)
    if running is None:
        return chosen
    found = Addresses.of(running).settings
    for name, group in (("redis", STORE), ("kafka", KAFKA)):
        if name in chosen.model_fields_set:  # and all about how it is reached
            found = {setting: value for setting, value in found.items() if setting not in group}
    return Settings(**given | found)


def shelf_of(library: Library, data: Path | None) -> Shelf:
    """Return the shelf of --data, or the one that ships."""
    return ArchiveShelf(library, data) if data else ShippedShelf()


def listed_on(shelf: Shelf, data: Path | None) -> list[Listed]:
    """Return a shelf's matches by date; ValueError if nothing on it is a match.

    The first readable one is proof enough: a replay leaves out the others, and logs them.
    """
    listed = shelf.listed()
    if not any(_readable(shelf, match) for match in listed):
        raise ValueError(
            f"{data} holds no Cricsheet match: name a zip or folder of Cricsheet's .json files, "
            "such as `overcast fetch ipl` downloads."
        )
    return listed


def _readable(shelf: Shelf, match: Listed) -> bool:
    try:
        shelf.read(match)
    except UnreadableMatchError:
        return False
    return True
