"""Recorded matches played to the workers in phases, with a view of what they answer."""

import re
import time
from collections.abc import Iterator

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn

from consumers.audit.consumer_group import WorkerGroup
from consumers.phrases import line
from consumers.terminal.match_view import view
from consumers.terminal.summary import since
from consumers.terminal.topic_state import TopicState, footer, losses
from learning.model.prequential import Tally
from overcast.commands.background_feed import BackgroundFeed
from streams.kafka.follower import Follower
from streams.kafka.topics import BALLS, LABELS
from streams.messages.events import MatchEvent
from streams.settings import Settings

LOOK_SECONDS = 0.2
NUMBER = re.compile(r"[\d,]+")  # a line for each thing that is waited for, not for each number
TENTHS = 10  # lines that tell the progress where there is no terminal


class Playback:
    """Plays events and shows the answers, until every ball and every label is worked off."""

    def __init__(
        self,
        settings: Settings,
        group: WorkerGroup,
        follower: Follower,
        out: Console,
        starters: dict[str, Tally],
    ) -> None:
        self._settings = settings
        self._group = group
        self._follower = follower
        self._console = out
        self._scores = starters
        self.screen = TopicState(settings)

    def answered(self) -> int:
        """Return how many balls have their forecast, or were refused."""
        return _answered(self.screen)

    def play(self, name: str, events: Iterator[MatchEvent], balls: int, *, watched: bool) -> None:
        """Play one phase: matches that are to be `watched`, or many at full speed."""
        feed = BackgroundFeed(self._settings, events)
        phase = Phase(name, self.screen, balls, self._scores)
        feed.start()
        if self._console.is_terminal:
            self._show_live(phase, feed)
        else:
            self._show_lines(phase, feed, by_innings=watched)
        self._scores |= tallies(self.screen)

    def _messages(self, phase: "Phase", feed: BackgroundFeed) -> Iterator[bool]:
        """Absorb messages until all is done; yield whether the view may have changed."""
        while True:
            message = self._follower.poll(LOOK_SECONDS)
            if message is None:
                if feed.done() and self._group.done() and not self._last_message():
                    return
                phase.balls_left = self._group.left(BALLS)
                phase.labels_left = self._group.left(LABELS)
            else:
                self.screen.take(message)
            yield message is not None

    def _last_message(self) -> bool:
        """Take a message that came while the workers' offsets were looked at."""
        message = self._follower.poll(LOOK_SECONDS)
        if message is not None:
            self.screen.take(message)
        return message is not None

    def _show_live(self, phase: "Phase", feed: BackgroundFeed) -> None:
        with Live(console=self._console, refresh_per_second=5, get_renderable=phase.view):
            for _ in self._messages(phase, feed):
                phase.advance()

    def _show_lines(self, phase: "Phase", feed: BackgroundFeed, *, by_innings: bool) -> None:
        """Print a line for each innings that ends, or for each tenth of many balls."""
        shown, waiting = 0, ""
        for changed in self._messages(phase, feed):
            phase.advance()
            newest, screen = self.screen.newest, self.screen
            if by_innings and changed and newest and newest.innings_over:
                if shown != screen.predictions:
                    shown = screen.predictions
                    self._print(line(newest))
            elif not by_innings and phase.tenths > shown:
                shown = phase.tenths
                self._print(phase.progress)
            if not changed and NUMBER.sub("", phase.waiting) != waiting:
                waiting = NUMBER.sub("", phase.waiting)
                self._print(phase.waiting)

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


class Phase:
    """The progress of one phase, and what is being waited for."""

    def __init__(self, name: str, screen: TopicState, balls: int, before: dict[str, Tally]) -> None:
        self._name = name
        self._screen = screen
        self._balls = balls
        self._before = dict(before)
        self._earlier = _answered(screen)
        self._began = time.monotonic()
        self.balls_left: int | None = None
        self.labels_left: int | None = None
        self._bar = Progress(TextColumn("  {task.description}"), BarColumn(40))
        self._task = self._bar.add_task(name, total=balls)

    @property
    def answered(self) -> int:
        """Balls of this phase that have their forecast, or were refused."""
        return _answered(self._screen) - self._earlier

    @property
    def tenths(self) -> int:
        """Tenths of the balls that are answered."""
        return self.answered * TENTHS // max(self._balls, 1)

    @property
    def progress(self) -> str:
        """How many balls are answered, and how many a second since the phase began."""
        rate = self.answered / max(time.monotonic() - self._began, LOOK_SECONDS)
        return f"{self._name}: {self.answered:,} of {self._balls:,} balls, {rate:,.0f} a second"

    @property
    def waiting(self) -> str:
        """What is being waited for now."""
        if not self.answered:
            return f"{self._name}: waiting for the first forecast, until the models are ready …"
        if self.answered < self._balls and self.balls_left:
            return f"{self._name}: waiting for the worker, {self.balls_left:,} messages to go …"
        if self.answered < self._balls or self.labels_left is None:
            return f"{self._name}: waiting for the next balls …"
        if self.labels_left:
            return f"{self._name}: waiting for the learner, {self.labels_left} labels to go …"
        return f"{self._name}: waiting for the workers to commit their offsets …"

    def advance(self) -> None:
        """Move the bar on to what is answered by now."""
        text = self.progress if self.answered < self._balls else self.waiting
        self._bar.update(
            self._task, completed=self.answered, description=text if self.answered else self.waiting
        )

    def view(self) -> Group:
        """Draw the newest forecast above the bar."""
        newest = self._screen.newest
        if newest is None:
            return Group(self._bar)
        notes = [*footer(self._screen), *self._running_loss()]
        result = self._screen.results.get(newest.match_id)
        return Group(view(newest, self._screen.chart, notes, result), self._bar)

    def _running_loss(self) -> list[str]:
        """Return the log loss of this phase, once a match is decided."""
        found = since(self._before, tallies(self._screen))
        if found is None:
            return []
        over = f"over the {found.matches} decided here"
        return [losses(found.log_loss, found.baseline, found.coin, over)]


def _answered(screen: TopicState) -> int:
    return screen.predictions + screen.refused.total()


def tallies(screen: TopicState) -> dict[str, Tally]:
    """Return the newest scores of each model that was scored."""
    return {key: message.metrics.overall for key, message in screen.scores.items()}
