"""A programme played to the workers, and what came of it."""

import time

from rich.console import Console

from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.latency import answered, balls_a_second, percentiles
from consumers.audit.scores import labels, scores
from consumers.terminal.summary import Summary, honesty, table
from learning.starter import load_starter
from overcast.commands.playback import Playback
from overcast.commands.programme import Programme
from overcast.embedded.servers import Addresses
from producers.recorded import Listed
from streams.kafka.follower import Follower
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, create_topics
from streams.settings import Settings

LOOK_SECONDS = 0.2


def show(programme: Programme, addresses: Addresses, console: Console) -> None:
    """Play a programme on running servers, once their worker is ready."""
    settings = Settings(**addresses.settings)
    create_topics(settings)
    console.print("Waiting for the worker to load its models and take its partitions …")
    with WorkerGroup(settings) as group:
        while not group.ready():
            time.sleep(LOOK_SECONDS)
        _play(programme, settings, group, console)


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
