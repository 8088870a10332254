"""`overcast demo`: the whole system on private servers, which end with it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.console import Console

from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.latency import answered, balls_a_second, percentiles
from consumers.audit.scores import labels, scores
from consumers.terminal.summary import Summary, honesty, table
from cricket.archive import Library
from cricket.cricsheet import UnreadableMatchError
from cricket.formats import Unsupported
from learning.keys import model_key
from learning.starter import load_starter
from overcast.commands import options
from overcast.commands.playback import Playback
from overcast.embedded.servers import running_servers
from overcast.interrupted import interruptible
from producers import season
from producers.recorded import Listed, Shelf, ShippedShelf
from producers.replay import Pace, merged
from streams.kafka.follower import Follower
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, create_topics
from streams.messages.events import BallBowled, MatchEvent
from streams.settings import Settings

WATCHED = "1298150"  # India v Pakistan at the MCG: this match comes first, slowly enough to watch
WATCHED_RATE = 12.0  # messages a second
LOOK_SECONDS = 0.2
DAY_MS = 86_400_000
DAY_LOOK_SECONDS = 0.01  # a season has some sixty days


@dataclass(frozen=True, slots=True)
class Programme:
    """What is played: some matches to watch, then the rest at full speed.

    `by_day`: no ball is sent before those of earlier days have their forecasts, so that none is
    forecast by a model that has learned a later match.
    """

    shelf: Shelf
    watched: list[Listed]
    title: str
    rest: list[Listed]
    by_day: bool = False

    @property
    def scored(self) -> set[str]:
        """The matches of the summary: those at full speed, if there are any."""
        return {match.id for match in self.rest or self.watched}

    def paced(self, answered: Callable[[], int]) -> Iterator[MatchEvent]:
        """The events of what is watched, each when it is due, once the first ball is `answered`.

        Before its first forecast a worker makes the tables of its models.
        """
        events = merged(self.shelf, self.watched)
        for event in events:
            yield event
            if isinstance(event, BallBowled):
                break
        else:
            return  # no ball, no forecast to wait for
        while not answered():
            time.sleep(LOOK_SECONDS)
        yield from Pace(time.monotonic, time.sleep, rate=WATCHED_RATE).timed(events)

    def at_full_speed(self, answered: Callable[[], int]) -> Iterator[MatchEvent]:
        """The events of the rest, as fast as they are taken, or day by day as fast as that goes."""
        events = merged(self.shelf, self.rest)
        if not self.by_day:
            yield from events
            return
        due = answered()
        for _, day in groupby(events, key=lambda event: event.at // DAY_MS):
            while answered() < due:
                time.sleep(DAY_LOOK_SECONDS)
            for event in day:
                due += isinstance(event, BallBowled)
                yield event


def demo(
    data: options.Data = None,
) -> None:
    """Replay recorded matches through Kafka, Faust, Redis and River and watch the forecast."""
    console = Console()
    with interruptible(), Library() as library:
        console.print("Looking through the recorded matches …")
        programme = own(library, data) if data else shipped()
        console.print("Starting a private Kafka, Redis and worker; this takes about ten seconds.")
        with running_servers(console.print, worker=True) as addresses:
            settings = Settings(**addresses.settings)
            create_topics(settings)
            console.print("Waiting for the worker to load its models and take its partitions …")
            with WorkerGroup(settings) as group:
                while not group.ready():
                    time.sleep(LOOK_SECONDS)
                _play(programme, settings, group, console)
        console.print("Stopped; nothing is left running.")


def shipped() -> Programme:
    """Return the programme without an archive: a famous match, then a whole season."""
    watched = ShippedShelf([WATCHED]).listed()
    shelf = season.season_shelf()
    return Programme(shelf, watched, season.NAME, shelf.listed(), by_day=True)


def own(library: Library, data: Path) -> Programme:
    """Return the programme of the user's archive: its first match that is forecast, then others."""
    shelf = options.shelf_of(library, data)
    matches = options.listed_on(shelf, data)
    first = next((match for match in matches if _is_forecast(shelf, match)), None)
    watched = [] if first is None else [first]
    rest = [match for match in matches if match is not first]
    return Programme(shelf, watched, data.name, rest)


def _is_forecast(shelf: Shelf, listed: Listed) -> bool:
    try:
        return not isinstance(model_key(shelf.read(listed).fixture), Unsupported)
    except UnreadableMatchError:
        return False


def _play(programme: Programme, settings: Settings, group: WorkerGroup, console: Console) -> None:
    """Play both phases, then print what is in the log."""
    before = {key: snapshot.scores.overall for key, snapshot in load_starter().items()}
    with Follower(settings, PREDICTIONS, METRICS, DEAD_LETTERS) as follower:
        playback = Playback(settings, group, follower, console, before)
        watched, rest = programme.watched, programme.rest
        paced = programme.paced(playback.answered)
        playback.play("to watch", paced, _balls(watched), watched=True)
        if rest:
            events = programme.at_full_speed(playback.answered)
            playback.play(programme.title, events, _balls(rest), watched=False)
    console.print("Reading every ball, forecast and answer in the log …")
    refused = playback.screen.refused
    console.print(table(_summary(programme, settings, refused)))
    trained = {key: snapshot.trained for key, snapshot in load_starter().items()}
    answers = [m.label for m in labels(settings) if m.match_id in programme.scored]
    console.print(honesty(answers, trained), highlight=False)


def _balls(matches: list[Listed]) -> int:
    return sum(match.balls for match in matches)


def _summary(programme: Programme, settings: Settings, refused: dict[str, int]) -> Summary:
    """Return the figures of the matches at full speed; the latency is that of the paced balls."""
    scored, answers = programme.scored, sorted(answered(settings))
    watched = {match.id for match in programme.watched}
    paced = [answer for answer in answers if answer.match_id in watched][1:]
    return Summary(
        title=programme.title,
        matches=len(scored & {answer.match_id for answer in answers}),
        balls=sum(answer.match_id in scored for answer in answers),
        refused=refused,
        balls_per_second=balls_a_second(answers, scored),
        latency=percentiles([a.prediction - a.ball for a in paced]) if paced else None,
        scores=scores(m.label for m in labels(settings) if m.match_id in scored),
    )
