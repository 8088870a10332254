"""The matches of a partition, made again from the log when Redis has lost them.

Each message is answered again by the model that what was published of it names, so that a match
comes back equal to the last byte, corrections included. A match that has ended comes back asleep:
it is made again when a correction comes.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import msgspec

from learning.serving.forecaster import Forecaster
from streams.kafka import topics
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import real_name
from streams.messages.source import Source
from streams.models.past_versions import PastVersions, Version
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, Received, receive
from streams.pipeline.gaps import gap_limits
from streams.pipeline.match_record import MatchRecord
from streams.processors.match_progress import MatchProgress
from streams.settings import Settings

SAID = 1_000  # of the newest answers read at first; then four times as many

log = logging.getLogger(__name__)


class _Answer(msgspec.Struct):
    """The part of what was said that tells who answered which message."""

    match_id: str
    source: Source
    model_key: str = ""
    model: str = ""


_ANSWERS = msgspec.json.Decoder(_Answer)


class Recovery:
    """Reads one partition's past: the balls before an offset and what was said of them."""

    def __init__(
        self, settings: Settings, journal: LogReader, models: InstalledModels, partition: int
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._models = models
        self._partition = partition

    def records(self, stop: int, known: Collection[str] = ()) -> dict[str, MatchRecord]:
        """Every match that the log tells of before offset `stop`, but those that are known."""
        newest = sorted(self.told(stop).items(), key=lambda told: told[1].offset)
        kept = newest[-self._settings.stored_matches :]
        told = {i: last for i, last in kept if i not in known}
        live = {match_id: last.since for match_id, last in told.items() if not last.sleeps()}
        ended = {i: last.asleep() for i, last in told.items() if last.sleeps()}
        return ended | self.replayed(set(live), stop, min(live.values(), default=stop))

    def again(
        self, live: Mapping[str, MatchRecord], batch: Sequence[Received], said: Iterable[bytes]
    ) -> Effects:
        """The effects of messages that had been answered: each once more by who did, as `said`.

        Another model would leave in Redis what was never published.
        """
        answers = _by_offset(map(_ANSWERS.decode, said))
        known = (live.get(r.event.match_id) for r in batch if r.event is not None)
        before = filter(None, map(_last_answered, known))  # messages may have brought nothing
        versions, effects = self._versions([*answers.values(), *before]), Effects()
        for received in batch:
            match_id = received.event.match_id if received.event else ""
            record = effects.records.get(match_id) or live.get(match_id)
            answered = answers.get(received.source.offset) or _last_answered(record)
            by = self._by(answered, versions)
            advance(live, [received], by, gap_limits(self._settings), effects)
        return effects

    def told(self, stop: int) -> dict[str, MatchProgress]:
        """How far each match is told before `stop`."""
        found: dict[str, MatchProgress] = {}
        for received in self._balls(stop):
            if (event := received.event) is not None:
                told = found.setdefault(event.match_id, MatchProgress(event.match_id))
                told.hear(event, received.source.offset)
        return found

    def replayed(self, match_ids: set[str], stop: int, since: int = 0) -> dict[str, MatchRecord]:
        """The records of these matches after the messages before `stop`, none before `since`.

        A message whose model is in no log any more is answered by the installed one.
        """
        answers = self._answers(match_ids, since)
        versions = self._versions(answers.values())
        live: dict[str, MatchRecord] = {}
        for received in self._balls(stop, since):
            if received.event is not None and received.event.match_id in match_ids:
                record = live.get(received.event.match_id)
                answered = answers.get(received.source.offset) or _last_answered(record)
                by = self._by(answered, versions)
                live |= advance(live, [received], by, gap_limits(self._settings)).records
        return live

    def _by(self, answered: Version | None, versions: PastVersions) -> Mapping[str, Forecaster]:
        """The models to answer with: the one that did, where it is known."""
        if answered is None:
            return self._models
        forecaster = versions.forecaster(answered)
        if forecaster is None:
            log.warning("%s %s is gone; the installed model answers again", *answered)
            return self._models
        return {answered[0]: forecaster}

    def _answers(self, match_ids: set[str], since: int) -> dict[int, Version]:
        """Who answered each message from offset `since` on, by its offset.

        What was said lies in the order of the messages that made it.
        """
        name = real_name(topics.PREDICTIONS, self._settings)
        said = self._journal.backwards(name, self._partition, SAID) if match_ids else ()
        found = (_ANSWERS.decode(message.value() or b"") for message in said)
        late = takewhile(lambda answer: answer.source.offset >= since, found)
        return _by_offset(a for a in late if a.match_id in match_ids)

    def _versions(self, wanted: Iterable[Version]) -> PastVersions:
        return PastVersions(wanted, self._models, self._journal, self._settings)

    def _balls(self, stop: int, since: int = 0) -> Iterator[Received]:
        name = real_name(topics.BALLS, self._settings)
        for message in self._journal.stretch(name, self._partition, since, stop):
            source = Source(name, self._partition, message.offset() or 0)
            yield receive(message.key(), message.value(), source)


def _by_offset(answers: Iterable[_Answer]) -> dict[int, Version]:
    return {a.source.offset: (a.model_key, a.model) for a in answers if a.model_key}


def _last_answered(record: MatchRecord | None) -> Version | None:
    """Who answered a message of which nothing was published: whoever answered the match last.

    Another model would have changed what it said of the balls that the message moved.
    """
    if record is None or record.memory is None or not record.model_key:
        return None
    return record.model_key, record.memory.model
