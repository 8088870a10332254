"""Recorded matches as a live feed: merged by time, paced, sent in order."""

import heapq
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cricket.cricsheet import UnreadableMatchError
from producers.faults import Delivery
from producers.recorded import Listed, Shelf
from producers.schedule import starts_at, timed_events
from streams.kafka import topics
from streams.kafka.producer import Producer
from streams.messages.events import MatchEvent, encode
from streams.observability.counters import FED
from streams.observability.tracing import Tracing
from streams.settings import Settings

log = logging.getLogger(__name__)

Timed = TypeVar("Timed", MatchEvent, Delivery)


def merged(
    shelf: Shelf, matches: Iterable[Listed], *, together: bool = False
) -> Iterator[MatchEvent]:
    """Yield all messages of the matches by time; a match is read when its first message is due.

    Only the matches being played are in memory, however large the archive. `together`: all begin
    when the last of them did; else the calendar says when, and years may lie between two matches.
    """
    begin = {m: starts_at(m.date, m.id) for m in matches}
    if together:
        begin = dict.fromkeys(begin, max(begin.values(), default=0))
    due = sorted((start, m.id, m) for m, start in begin.items())
    playing: list[tuple[int, str, MatchEvent, Iterator[MatchEvent]]] = []
    for start, _, listed in [*due, (None, "", None)]:
        while playing and (start is None or playing[0][0] < start):
            _, match_id, event, rest = playing[0]
            yield event
            _advance(playing, match_id, rest)
        if listed is not None:
            _open(playing, shelf, listed, begin[listed])


def _advance(
    playing: list[tuple[int, str, MatchEvent, Iterator[MatchEvent]]],
    match_id: str,
    rest: Iterator[MatchEvent],
) -> None:
    following = next(rest, None)
    if following is None:
        heapq.heappop(playing)
    else:
        heapq.heapreplace(playing, (following.at, match_id, following, rest))


def _open(
    playing: list[tuple[int, str, MatchEvent, Iterator[MatchEvent]]],
    shelf: Shelf,
    listed: Listed,
    begin: int,
) -> None:
    """Add a match that begins then to those being played; without one, log it and leave it out."""
    try:
        events = timed_events(shelf.read(listed), begin)
    except UnreadableMatchError as error:
        log.warning("left out: %s", error)
        return
    first = next(events)
    heapq.heappush(playing, (first.at, listed.id, first, events))


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of sending: `speed` times real time, or `rate` messages a second; else at once.

    Pauses are cut to `longest_pause` seconds, since recorded matches lie days apart. `now` and
    `sleep` are the clock, in seconds.
    """

    now: Callable[[], float]
    sleep: Callable[[float], None]
    speed: float | None = None
    rate: float | None = None
    longest_pause: float = 2.0

    def timed(self, events: Iterable[Timed]) -> Iterator[Timed]:
        """Yield the events or deliveries, each when it is due."""
        due, last_at = self.now(), None
        for event in events:
            due += self._pause(event.at, last_at)
            last_at = event.at
            wait = due - self.now()
            if wait > 0:
                self.sleep(wait)
            yield event

    def _pause(self, at: int, last_at: int | None) -> float:
        if self.rate is not None:
            return 1.0 / self.rate
        if self.speed is None or last_at is None:
            return 0.0
        return max(min((at - last_at) / 1_000 / self.speed, self.longest_pause), 0.0)


def send(
    events: Iterable[MatchEvent], producer: Producer, settings: Settings
) -> Iterator[MatchEvent]:
    """Send each event, keyed by its match, and yield it when it is queued."""
    topic = topics.real_name(topics.BALLS, settings)
    for event in events:
        producer.send(topic, event.match_id.encode(), encode(event))
        yield event


def deliver(
    deliveries: Iterable[Delivery],
    producer: Producer,
    settings: Settings,
    tracing: Tracing | None = None,
) -> Iterator[Delivery]:
    """Send each delivery of a faulty feed, keyed by its match, and yield it when it is queued."""
    topic = topics.real_name(topics.BALLS, settings)
    for delivery in deliveries:
        headers = None if tracing is None else tracing.sent(topic, delivery.match_id)
        producer.send(topic, delivery.match_id.encode(), delivery.value, headers=headers)
        FED.inc()
        yield delivery
