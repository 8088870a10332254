"""`overcast replay`: recorded matches as a live feed."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cricket.archive import Library
from overcast.commands import options
from producers.recorded import ArchiveShelf, Listed, Shelf, ShippedShelf
from producers.replay import Pace, merged, send
from streams.events import BallBowled
from streams.outbox import Outbox
from streams.topics import BALLS, create_topics


def replay(
    matches: Annotated[list[str] | None, typer.Argument(help="Match ids; default all.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Cricsheet zip, folder or file; default: the shipped dozen.")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0.01, help="Times real time, e.g. 1 or 60; default: at once."),
    ] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Messages a second instead.")] = None,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Send recorded matches to cricket.balls, merged by time."""
    settings = options.settings(kafka, None, topic_prefix)
    pace = Pace(time.monotonic, time.sleep, speed, rate)
    console, sent = Console(stderr=True), 0
    with Library() as library, Outbox(settings.kafka) as outbox, Progress(console=console) as bar:
        shelf: Shelf = ArchiveShelf(library, data) if data else ShippedShelf()
        chosen = choose(shelf, matches or [])
        create_topics(settings, [BALLS])
        task = bar.add_task("replay", total=sum(m.balls for m in chosen))
        for event in send(pace.timed(merged(shelf, chosen)), outbox, settings):
            if isinstance(event, BallBowled):
                sent += 1
                bar.advance(task)
    console.print(f"Sent {sent:,} balls of {len(chosen)} matches to {settings.kafka}.")


def choose(shelf: Shelf, ids: list[str]) -> list[Listed]:
    """The matches of the shelf, or those named; ValueError for a name that is not there."""
    listed = {m.id: m for m in shelf.listed()}
    unknown = [i for i in ids if i not in listed]
    if unknown:
        raise ValueError(
            f"no match {', '.join(unknown)} here; there are {', '.join(list(listed)[:20])}"
        )
    return [listed[i] for i in ids] if ids else list(listed.values())
