"""What is fed: many matches at once, and messages among them that no worker can use."""

import threading
import time
from collections.abc import Iterator
from itertools import islice
from random import Random

import msgspec
from confluent_kafka import KafkaError
from confluent_kafka import Message as Record

from cricket.cricsheet import RecordedMatch
from producers.feed_producer import FeedProducer
from producers.schedule import timed_events
from streams.access import KafkaAccess
from streams.kafka.topics import BALLS, real_name
from streams.messages.events import MatchEvent, MessageCancelled, encode
from streams.settings import Settings

POISON = 0.01  # of all messages
DEEP = b'{"type":' * 2_000
BEAT_SECONDS = 0.02  # between two handfuls

Message = tuple[bytes, bytes]  # key and value


def interleaved(
    matches: Iterator[RecordedMatch], at_once: int, rng: Random, begin_again: threading.Event
) -> Iterator[tuple[MatchEvent, RecordedMatch]]:
    """The messages of endless matches, `at_once` being played at any time, each at its own pace.

    When `begin_again` is set, those that are played are broken off, and others begin.
    """
    playing: list[tuple[RecordedMatch, Iterator[MatchEvent]]] = []
    while True:
        if begin_again.is_set():
            playing.clear()
            begin_again.clear()
        while len(playing) < at_once:
            match = next(matches)
            playing.append((match, timed_events(match)))
        place = rng.randrange(at_once)
        match, events = playing[place]
        event = next(events, None)
        if event is None:
            del playing[place]
        else:
            yield event, match


def poisoned(feed: Iterator[MatchEvent], rng: Random) -> Iterator[Message]:
    """The feed with bad messages among good ones, each in the partition of its neighbour."""
    for event in feed:
        key = event.match_id.encode()
        yield key, encode(event)
        if rng.random() < POISON:
            yield key, rng.choice(POISONS)(event, rng)


def _garbage(event: MatchEvent, rng: Random) -> bytes:
    del event
    return rng.randbytes(rng.randrange(1, 200))


def _cut(event: MatchEvent, rng: Random) -> bytes:
    whole = encode(event)
    return whole[: rng.randrange(1, len(whole))]


def _nobody(event: MatchEvent, rng: Random) -> bytes:
    """A match that was never started; its name is new each time."""
    name = f"nobody-{rng.randrange(10**9)}*?[\x07]"
    lost = MessageCancelled(match_id=name, seq=event.seq + 1, at=event.at)
    return encode(lost)


def _deep(event: MatchEvent, rng: Random) -> bytes:
    del event, rng
    return DEEP


def _again(event: MatchEvent, rng: Random) -> bytes:
    """The message twice: not bad, and it must change nothing."""
    del rng
    return encode(msgspec.structs.replace(event))


POISONS = (_garbage, _cut, _nobody, _deep, _again)


class Stubborn(FeedProducer):
    """Sends again what Kafka refused: a broker whose disk is full calls it an unknown error."""

    def __init__(self, access: KafkaAccess) -> None:
        super().__init__(access)
        self._refused: list[Record] = []

    def _delivered(self, error: KafkaError | None, message: Record) -> None:
        if error is not None:
            self._refused.append(message)

    def insist(self) -> bool:
        """Sends what was refused, later than it was due; whether there was something."""
        refused, self._refused = self._refused, []
        for message in refused:
            self.send(message.topic() or "", message.key(), message.value())
        return bool(refused)


def _written(outbox: Stubborn) -> bool:
    """Whether Kafka has everything."""
    outbox.flush()
    return not outbox.insist()


class Feed(threading.Thread):
    """Sends messages at a rate, until stopped; what Kafka did not take yet is kept and tried on."""

    def __init__(self, settings: Settings, messages: Iterator[Message], rate: float) -> None:
        super().__init__(name="feed", daemon=True)
        self._settings = settings
        self._messages = messages
        self.rate = rate
        self._told = threading.Event()
        self.going = threading.Event()
        self.going.set()
        self.sent = 0
        self.still = False
        self._whole = False

    def run(self) -> None:
        """Feeds; whatever is due is sent in handfuls."""
        topic, outbox = real_name(BALLS, self._settings), Stubborn(self._settings.kafka_access)
        before, due = time.monotonic(), 0.0
        while not self._told.wait(BEAT_SECONDS):
            now = time.monotonic()
            due, before = due + (now - before) * self.rate * self.going.is_set(), now
            for key, value in islice(self._messages, int(due) - self.sent):
                outbox.send(topic, key, value)
                self.sent += 1
            outbox.insist()
            self.still = not self.going.is_set() and _written(outbox)
        outbox.flush()
        while outbox.insist():
            outbox.flush()
        self._whole = True

    def stop(self) -> None:
        """Returns when everything is in the log."""
        self._told.set()
        self.join()
        assert self._whole, "the feed broke off"
