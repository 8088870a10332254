"""`overcast replay`: recorded matches as a live feed."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cricket.archive import Library
from overcast.commands import options
from producers.faults import KINDS, Delivery, injected, parse
from producers.recorded import Listed
from streams.messages.events import BallBowled

if TYPE_CHECKING:
    from streams.settings import Settings

Season = Annotated[
    bool, typer.Option("--season", help="The whole IPL of 2024 instead of the famous matches.")
]
Speed = Annotated[
    float | None,
    typer.Option(min=0.01, help="Times real time, e.g. 1 or 60; default: no pauses."),
]
Rate = Annotated[float | None, typer.Option(min=0.01, help="Messages a second instead.")]
Faults = Annotated[
    str | None,
    typer.Option(
        help=f"Faults as shares of the messages: {', '.join(KINDS)}; and the longest delay. "
        "E.g. duplicates=0.02,reorder=0.05,amend=0.01,delay=30s."
    ),
]
InOrder = Annotated[
    bool, typer.Option("--in-order", help="Play the named matches by date, not at the same time.")
]


def replay(
    matches: Annotated[
        list[str] | None,
        typer.Argument(help="Match ids; default: all.", autocompletion=options.shipped_matches),
    ] = None,
    data: options.Data = None,
    season: Season = False,  # noqa: FBT002
    speed: Speed = None,
    rate: Rate = None,
    faults: Faults = None,
    seed: Annotated[int, typer.Option(help="Random seed of --faults.")] = 1,
    in_order: InOrder = False,  # noqa: FBT002
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Send recorded matches to cricket.balls.

    Matches that are named are played at the same time; a whole archive by its dates. With --faults
    the feed has faults, which are all corrected in the end.
    """
    from overcast.commands.shelves import listed_on, shelf_of
    from producers.replay import Pace, merged
    from producers.season import season_shelf
    from streams.observability import logs

    injected_faults = parse(faults or "")
    settings = options.settings(kafka, None, topic_prefix)
    logs.set_up(settings, "WARNING")
    pace = Pace(time.monotonic, time.sleep, speed, rate)
    console = Console(stderr=True)
    with Library() as library:
        shelf = season_shelf() if season and not data else shelf_of(library, data)
        chosen = choose(listed_on(shelf, data), matches or [])
        together = bool(matches) and not in_order
        feed = pace.timed(injected(merged(shelf, chosen, together=together), injected_faults, seed))
        sent = send(feed, settings, sum(m.balls for m in chosen), console)
    console.print(f"Sent {sent:,} balls of {len(chosen)} matches to {settings.kafka}.")


def send(feed: Iterable[Delivery], settings: "Settings", balls: int, console: Console) -> int:
    """Deliver a feed and show its progress out of `balls`; return how many balls were sent."""
    from producers.feed_producer import FeedProducer
    from producers.replay import deliver
    from streams.kafka.topics import BALLS, create_topics
    from streams.observability.endpoint import exposed
    from streams.observability.health import Health
    from streams.observability.tracing import tracing

    sent, bar, traced = 0, Progress(console=console), tracing(settings, "feed")
    create_topics(settings, [BALLS])
    with FeedProducer(settings.kafka_access) as producer, exposed(settings, Health()), bar:
        task = bar.add_task("replay", total=balls)
        for delivery in deliver(feed, producer, settings, traced):
            if delivery.fresh and isinstance(delivery.event, BallBowled):
                sent += 1
                bar.advance(task)
    return sent


def choose(matches: list[Listed], ids: list[str]) -> list[Listed]:
    """Return the matches, or those named, each once; ValueError for an id that is not there."""
    listed = {m.id: m for m in matches}
    unknown = [i for i in ids if i not in listed]
    if unknown:
        raise ValueError(
            f"no match {', '.join(unknown)} here; there are {', '.join(list(listed)[:20])}"
        )
    return [listed[i] for i in dict.fromkeys(ids)] if ids else matches
