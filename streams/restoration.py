"""The matches of a partition, made again from the log when Redis has lost them.

Each ball is answered again by the model that its published prediction names, so that a match
comes back equal to the last byte. A match that has ended comes back as the refusal of whatever
would follow.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from confluent_kafka import Message

from learning.forecaster import Forecaster
from streams import topics
from streams.events import MatchEnded, MatchStarted
from streams.installed import InstalledModels
from streams.journal import Journal
from streams.pipeline import ENDED, advance
from streams.posting import refused_offset
from streams.predictions import Source
from streams.records import MatchRecord, Received, receive
from streams.settings import Settings
from streams.topics import Topic, real_name
from streams.versions import Version, Versions

log = logging.getLogger(__name__)


class _Answer(msgspec.Struct):
    """The part of a prediction that says who answered which ball."""

    match_id: str
    model_key: str
    model: str
    source: Source


_ANSWERS = msgspec.json.Decoder(_Answer)


@dataclass(frozen=True, slots=True)
class Told:
    """What the log has told of a match: its last message, and whether that was its end."""

    seq: int
    offset: int
    ended: bool


class Restoration:
    """Reads one partition's past: the balls before an offset and what was said of them."""

    def __init__(
        self, settings: Settings, journal: Journal, models: InstalledModels, partition: int
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._models = models
        self._partition = partition

    def records(self, stop: int) -> dict[str, MatchRecord]:
        """Every match that the log tells of before offset `stop`."""
        told = self.told(stop)
        live = {match_id for match_id, last in told.items() if not last.ended}
        ended = {i: _closed(i, last) for i, last in told.items() if last.ended}
        return ended | self.replayed(live, stop)

    def told(self, stop: int) -> dict[str, Told]:
        """Each match's last message before `stop`, refused ones left out."""
        refused = set(map(refused_offset, self._whole(topics.DEAD_LETTERS)))
        found: dict[str, Told] = {}
        for received in self._balls(stop):
            event, offset = received.event, received.source.offset
            if event is None or (offset in refused and not isinstance(event, MatchStarted)):
                continue  # the start of a match of an unsupported format tells why it is refused
            last = found.get(event.match_id)
            if last is None or event.seq > last.seq:
                found[event.match_id] = Told(event.seq, offset, isinstance(event, MatchEnded))
        return found

    def replayed(self, match_ids: set[str], stop: int) -> dict[str, MatchRecord]:
        """The records of these matches after the balls before `stop`.

        A ball whose model is in no log any more is answered by the installed one.
        """
        answers, models = self._answers(match_ids), real_name(topics.MODELS, self._settings)
        versions = Versions(answers.values(), self._models, self._journal, models)
        live: dict[str, MatchRecord] = {}
        for received in self._balls(stop):
            if received.event is not None and received.event.match_id in match_ids:
                answered = answers.get(received.source.offset)
                live |= advance(live, [received], self._by(answered, versions)).records
        return live

    def _by(self, answered: Version | None, versions: Versions) -> Mapping[str, Forecaster]:
        """The models to answer with: the one that did, where it is known."""
        if answered is None:
            return self._models
        forecaster = versions.forecaster(answered)
        if forecaster is None:
            log.warning("%s %s is gone; the installed model answers again", *answered)
            return self._models
        return {answered[0]: forecaster}

    def _answers(self, match_ids: set[str]) -> dict[int, Version]:
        """Who answered each ball, by the ball's offset."""
        values = (m.value() or b"" for m in self._whole(topics.PREDICTIONS)) if match_ids else ()
        found = map(_ANSWERS.decode, values)
        return {a.source.offset: (a.model_key, a.model) for a in found if a.match_id in match_ids}

    def _balls(self, stop: int) -> Iterator[Received]:
        name = real_name(topics.BALLS, self._settings)
        for message in self._journal.stretch(name, self._partition, 0, stop):
            source = Source(name, self._partition, message.offset() or 0)
            yield receive(message.key(), message.value(), source)

    def _whole(self, topic: Topic) -> Iterator[Message]:
        return self._journal.whole(real_name(topic, self._settings), self._partition)


def _closed(match_id: str, last: Told) -> MatchRecord:
    return MatchRecord(match_id, last.seq, last.offset, refusing=ENDED)
