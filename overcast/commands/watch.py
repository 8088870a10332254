"""`overcast watch`: the live view of one match, or of all."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType

from consumers.printing import printable
from consumers.side_names import short_pair
from overcast.commands import options

if TYPE_CHECKING:
    from consumers.terminal.topic_state import TopicState
    from streams.kafka.follower import Follower
    from streams.messages.predictions import Prediction

LISTED = 12  # matches that an error names
OVERS = re.compile(r"\d+\.\d+")
VIEW_LINES, LEAST_LINES = 20, 3  # of the match in full, of the list above it


def watch(
    match: Annotated[str | None, typer.Argument(help="Match id; default: all.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Stop after this ball, in overs.balls, e.g. 1.5.")
    ] = None,
    innings: Annotated[int, typer.Option(min=1, help="The innings of --until.")] = 1,
    new: Annotated[bool, typer.Option(help="Show only what comes from now on.")] = False,  # noqa: FBT002
    wait: Annotated[bool, typer.Option(help="Wait for a match that has not begun.")] = False,  # noqa: FBT002
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Show the forecast as it moves; in a pipe, one line a ball. Ctrl-C ends it.

    Without MATCH, all matches are listed and the most recently updated one is shown in full. A
    MATCH that nothing has been said of is an error, unless --wait or --new waits for it.
    """
    from consumers.terminal.match_view import view
    from consumers.terminal.topic_state import TopicState
    from streams.kafka.follower import Follower, beginning, end
    from streams.kafka.topics import METRICS, PREDICTIONS, create_topics

    if until is not None and not OVERS.fullmatch(until):
        raise ValueError(f"--until {until}: a ball is written over.ball, such as 1.5")
    settings, console = options.settings(kafka, None, topic_prefix), Console()
    screen = TopicState(settings, match)
    shown = (PREDICTIONS, METRICS)
    create_topics(settings, shown)  # a view that is opened before the first worker waits for it
    start = end if new else beginning

    def finished() -> bool:
        if follower.caught_up and not (wait or new):
            _expect_match(screen)
        return _reached(screen.newest, until, innings)

    with Follower(settings, *shown, start=start, ends=True) as follower:
        show = _live if console.is_terminal and until is None else _lines
        show(follower, screen, console, finished)
    if until is not None and screen.newest is not None:
        console.print(view(screen.newest, screen.chart, []))


def _reached(newest: "Prediction | None", until: str | None, innings: int) -> bool:
    """Return whether the newest forecast is that of the named ball."""
    if newest is None or until is None:
        return False
    return (newest.card.innings, newest.card.overs) == (innings - 1, until)


def _expect_match(screen: "TopicState") -> None:
    """ValueError if the watched match is not on the topic, but others are; it names these."""
    match, others = screen.match_id, screen.others
    if match is None or not others or screen.newest is not None or match in screen.results:
        return
    listed = [f"{name} ({' v '.join(short_pair(others[name]))})" for name in list(others)[::-1]]
    more = len(listed) - LISTED
    named = ", ".join(listed[:LISTED]) + (f" and {more} more" if more > 0 else "")
    raise ValueError(
        printable(f"no forecast of a match {match!r}; there is: {named}. --wait waits for it.")
    )


def _lines(
    follower: "Follower", screen: "TopicState", console: Console, finished: Callable[[], bool]
) -> None:
    """Print one line a ball: for pipes, logs and --until."""
    from consumers.phrases import message_line

    for message in follower.until(finished):
        forecast = screen.take(message)
        if forecast is not None:
            console.print(message_line(forecast), highlight=False, markup=False, soft_wrap=True)


def _live(
    follower: "Follower", screen: "TopicState", console: Console, finished: Callable[[], bool]
) -> None:
    """Draw the view, and again as balls come."""
    from rich.live import Live

    waiting = f"Waiting for balls on {screen.settings.kafka} … (start some: overcast replay)"
    with Live(waiting, console=console, refresh_per_second=10) as live:
        for message in follower.until(finished):
            screen.take(message)
            if screen.newest is not None:
                live.update(_view(screen, screen.newest, console.height))


def _view(screen: "TopicState", newest: "Prediction", height: int) -> RenderableType:
    """Draw the match in full; above it the list, if several matches are watched."""
    from consumers.terminal.list_view import overview
    from consumers.terminal.match_view import view
    from consumers.terminal.topic_state import footer

    newest_match = view(newest, screen.chart, footer(screen), screen.results.get(newest.match_id))
    if screen.match_id is not None or len(screen.latest) < 2:
        return newest_match
    lines = max(height - VIEW_LINES, LEAST_LINES)
    listed = list(screen.latest.values())[::-1][:lines]
    return Group(overview(listed, screen.history, screen.results), newest_match)
