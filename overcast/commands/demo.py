"""`overcast demo`: the whole system on private servers, which end with it."""

import time
from collections.abc import Callable, Iterator
from itertools import chain

from rich.console import Console
from rich.console import Group as Stack
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn

from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.latency import latency
from consumers.phrases import line
from consumers.terminal.match_view import view
from consumers.terminal.summary import Summary, perspective, since, table
from consumers.terminal.topic_state import TopicState, footer, losses
from cricket.archive import Library
from learning.model.prequential import Tally
from learning.starter import load_starter
from overcast.commands import options
from overcast.commands.background_feed import BackgroundFeed
from overcast.embedded.servers import running_servers
from overcast.interrupted import interruptible
from producers.recorded import Listed, Shelf
from producers.replay import Pace, merged
from streams.kafka.follower import Follower
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, create_topics
from streams.messages.events import MatchEvent
from streams.settings import Settings

OPENING = "1426294"  # this match comes first, slowly enough to watch
OPENING_RATE = 12.0  # messages a second
REPLAY_SECONDS = 40.0  # for the rest; the rate follows from it
LOOK_SECONDS = 0.2
IDLE_SECONDS = 1.0  # without a message, before checking whether all is done


def demo(
    data: options.Data = None,
) -> None:
    """Replay recorded matches through Kafka, Faust, Redis and River and watch the forecast."""
    console = Console()
    with interruptible(), Library() as library:
        shelf = options.shelf_of(library, data)
        console.print("Looking through the recorded matches …")
        matches = options.listed_on(shelf, data)
        console.print("Starting a private Kafka, Redis and worker; this takes about ten seconds.")
        with running_servers(console.print, worker=True) as addresses:
            settings = Settings(kafka=addresses.kafka, redis=addresses.redis)
            create_topics(settings)
            console.print("Waiting for the worker to load its models and take its partitions …")
            with WorkerGroup(settings) as group:
                _await(group.ready)
                summary = Demo(settings, shelf, matches, group, console).run()
            console.print("Reading the timestamps of every ball and forecast …")
            summary = summary.timed(latency(settings))
        console.print(table(summary))
    console.print(perspective(_starters()), highlight=False)
    console.print("Stopped; nothing is left running.")


def _await(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(LOOK_SECONDS)


def _starters() -> dict[str, Tally]:
    """Return the scores of the shipped models from their training."""
    return {key: snapshot.scores.overall for key, snapshot in load_starter().items()}


class Demo:
    """One replay with its view."""

    def __init__(
        self,
        settings: Settings,
        shelf: Shelf,
        matches: list[Listed],
        group: WorkerGroup,
        out: Console,
    ) -> None:
        self._settings = settings
        self._shelf = shelf
        self._group = group
        self._console = out
        self._matches = matches
        self._before = _starters()
        self._screen = TopicState(settings)
        self._bar = Progress(
            TextColumn("  replay"), BarColumn(60), TextColumn("{task.completed:,}/{task.total:,}")
        )
        self._task = self._bar.add_task("replay", total=sum(m.balls for m in matches))

    def run(self) -> Summary:
        """Replay and show until every ball has its forecast and every answer is learned."""
        feed = BackgroundFeed(self._settings, self._events())
        began = time.monotonic()
        feed.start()
        with Follower(self._settings, PREDICTIONS, METRICS, DEAD_LETTERS) as follower:
            show = self._show_live if self._console.is_terminal else self._show_lines
            show(self._messages(follower, feed))
        return self._summary(time.monotonic() - began)

    def _events(self) -> Iterator[MatchEvent]:
        opening = [m for m in self._matches if m.id == OPENING and len(self._matches) <= 20]
        rest = [m for m in self._matches if m not in opening]
        rate = sum(m.balls for m in rest) / REPLAY_SECONDS
        return chain(self._paced(opening, OPENING_RATE), self._paced(rest, max(rate, 1.0)))

    def _paced(self, matches: list[Listed], rate: float) -> Iterator[MatchEvent]:
        return Pace(time.monotonic, time.sleep, rate=rate).timed(merged(self._shelf, matches))

    def _messages(self, follower: Follower, feed: BackgroundFeed) -> Iterator[bool]:
        """Absorb messages until all is done; yield whether the view may have changed."""
        last_check = time.monotonic()
        while True:
            message = follower.poll(LOOK_SECONDS)
            if message is not None:
                self._screen.take(message)
                yield True
            elif time.monotonic() - last_check > IDLE_SECONDS:
                last_check = time.monotonic()
                if feed.done() and self._group.done():
                    return
                yield False

    def _show_live(self, messages: Iterator[bool]) -> None:
        with Live(console=self._console, refresh_per_second=10, get_renderable=self._view):
            for _ in messages:
                answered = self._screen.predictions + self._screen.refused.total()
                self._bar.update(self._task, completed=answered)

    def _view(self) -> Stack:
        newest = self._screen.newest
        if newest is None:
            return Stack("Waiting for the first forecast …", self._bar)
        notes = [*footer(self._screen), *self._running_loss()]
        return Stack(
            view(newest, self._screen.chart, notes, self._screen.results.get(newest.match_id)),
            self._bar,
        )

    def _running_loss(self) -> list[str]:
        """Return the log loss of this replay, once a match is decided."""
        scores = since(self._before, self._now())
        if scores.log_loss is None or scores.baseline is None or scores.coin is None:
            return []
        over = f"over the {scores.matches} decided here"
        return [losses(scores.log_loss, scores.baseline, scores.coin, over)]

    def _show_lines(self, messages: Iterator[bool]) -> None:
        """Print a line for each innings that ends: the view without a terminal."""
        shown = 0
        for changed in messages:
            newest = self._screen.newest
            if changed and newest and newest.innings_over and shown != self._screen.predictions:
                shown = self._screen.predictions
                self._console.print(line(newest), highlight=False, markup=False, soft_wrap=True)

    def _now(self) -> dict[str, Tally]:
        scores = self._screen.scores
        return {key: message.metrics.overall for key, message in scores.items()}

    def _summary(self, seconds: float) -> Summary:
        screen = self._screen
        return Summary(
            matches=len(screen.history),
            balls=screen.predictions,
            refused=screen.refused,
            balls_per_second=screen.predictions / seconds,
            latency=None,
            scores=since(self._before, self._now()),
        )
