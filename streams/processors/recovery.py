"""Recovery: the matches of a partition, rebuilt from the log when Redis has lost them.

Each message is answered again by the model that its published answer names, so that a match comes
back equal to the last byte, corrections included. A match that has ended comes back asleep: it is
rebuilt when a correction comes.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from threading import Lock
from typing import Protocol

import msgspec

from learning.serving.forecaster import Forecaster
from streams.kafka import topics
from streams.kafka.log_identity import appended_at
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import real_name
from streams.messages.source import Source
from streams.models.past_versions import PastVersions, Version, load_past_versions
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, Received, receive
from streams.pipeline.gaps import gap_limits
from streams.pipeline.match_record import MatchRecord
from streams.processors.interruption import Interruption
from streams.processors.match_progress import MatchProgress
from streams.settings import Settings

READ_FIRST = 1_000  # newest answers read at first; then four times as many

log = logging.getLogger(__name__)


class Reading(Protocol):
    """What a recovery needs: it only reads. A worker's services are more."""

    @property
    def settings(self) -> Settings:
        """The settings of the deployment."""

    @property
    def models(self) -> InstalledModels:
        """The models that answer where none is named."""

    @property
    def log_reader(self) -> LogReader:
        """The reader of the log."""

    @property
    def computing(self) -> Lock:
        """Held while a message is computed."""


class Answer(msgspec.Struct):
    """The part of a published message that names the message and the model that answered it."""

    match_id: str
    source: Source
    model_key: str = ""
    model: str = ""


ANSWERS = msgspec.json.Decoder(Answer)


class Recovery:
    """Reads one partition's past: the balls before an offset and their published answers."""

    def __init__(
        self, services: Reading, partition: int, interruption: Interruption | None = None
    ) -> None:
        self._services = services
        self._partition = partition
        self._interruption = interruption or Interruption()

    def rebuild(self, stop: int, known: Collection[str] = ()) -> dict[str, MatchRecord]:
        """The record of every match on the log before offset `stop`, except the known ones."""
        newest = sorted(self.progress(stop).items(), key=lambda match: match[1].offset)
        kept = newest[-self._services.settings.stored_matches :]
        matches = {match_id: match for match_id, match in kept if match_id not in known}
        live = {i: match.since for i, match in matches.items() if not match.sleeps()}
        ended = {i: match.asleep() for i, match in matches.items() if match.sleeps()}
        return ended | self.replay(set(live), stop, min(live.values(), default=stop))

    def answer_again(
        self, live: Mapping[str, MatchRecord], batch: Sequence[Received], published: Iterable[bytes]
    ) -> Effects:
        """The effects of messages that had been answered, each from the model that answered it.

        `published` are those answers. By another model Redis would hold what was never published.
        """
        answers = by_offset(map(ANSWERS.decode, published))
        known = (live.get(r.event.match_id) for r in batch if r.event is not None)
        before = map(_last_answer, known)  # of messages that published nothing
        wanted = [*(_version(answers, received) for received in batch), *before]
        versions, effects = self.versions(filter(None, wanted)), Effects()
        for received in batch:
            match_id = received.event.match_id if received.event else ""
            record = effects.records.get(match_id) or live.get(match_id)
            version = _version(answers, received) or _last_answer(record)
            self._advance(live, received, self._models(version, versions), effects)
        return effects

    def progress(self, stop: int) -> dict[str, MatchProgress]:
        """How far each match has got by the log before offset `stop`."""
        matches: dict[str, MatchProgress] = {}
        for received in self.balls(stop):
            if (event := received.event) is not None:
                match = matches.setdefault(event.match_id, MatchProgress(event.match_id))
                match.absorb(event, received.source.offset)
        return matches

    def started(self, stop: int) -> dict[str, int]:
        """Where each match begins whose match_started the log has before offset `stop`."""
        matches = self.progress(stop).items()
        return {match_id: match.since for match_id, match in matches if match.began is not None}

    def replay(self, match_ids: set[str], stop: int, since: int = 0) -> dict[str, MatchRecord]:
        """The records of these matches after the messages before `stop`, none before `since`.

        A message whose model is in no log any more is answered by the installed one.
        """
        answers = self._answers(match_ids, since)
        versions = self.versions((a.model_key, a.model) for a in answers.values())
        live: dict[str, MatchRecord] = {}
        messages = (r for r in self.balls(stop, since) if r.event and r.event.match_id in match_ids)
        for effects in self.played(messages, answers, versions):
            live |= effects.records
        return live

    def played(
        self, messages: Iterable[Received], answers: Mapping[int, Answer], versions: PastVersions
    ) -> Iterator[Effects]:
        """The effects of each message of some matches, played from their beginnings."""
        live: dict[str, MatchRecord] = {}
        for received in messages:
            record = live.get(received.event.match_id) if received.event else None
            version = _version(answers, received) or _last_answer(record)
            effects = self._advance(live, received, self._models(version, versions), Effects())
            live |= effects.records
            yield effects

    def _advance(
        self,
        live: Mapping[str, MatchRecord],
        received: Received,
        models: Mapping[str, Forecaster],
        effects: Effects,
    ) -> Effects:
        limits = gap_limits(self._services.settings)
        with self._services.computing:
            return advance(live, [received], models, limits, effects)

    def _models(self, version: Version | None, versions: PastVersions) -> Mapping[str, Forecaster]:
        """The models to answer with: the one that answered before, or the installed ones."""
        if version is None:
            return self._services.models
        forecaster = versions.forecaster(version)
        if forecaster is None:
            log.warning(
                "%s %s is in no log any more; the installed model answers instead", *version
            )
            return self._services.models
        return {version[0]: forecaster}

    def _answers(self, match_ids: set[str], since: int) -> dict[int, Answer]:
        """The answers to the messages from offset `since` on, by the message's offset.

        Published answers lie in the order of the messages that they were made from.
        """
        name = real_name(topics.PREDICTIONS, self._services.settings)
        if not match_ids:
            return {}
        messages = self._services.log_reader.read_backwards(name, self._partition, READ_FIRST)
        newest_first = (ANSWERS.decode(message.value() or b"") for message in messages)
        since_offset = takewhile(lambda answer: answer.source.offset >= since, newest_first)
        return by_offset(answer for answer in since_offset if answer.match_id in match_ids)

    def versions(self, wanted: Iterable[Version]) -> PastVersions:
        """The models of these versions, as far as a log still holds them."""
        services = self._services
        return load_past_versions(wanted, services.models, services.log_reader, services.settings)

    def balls(self, stop: int, since: int = 0) -> Iterator[Received]:
        """The messages of the partition from offset `since` up to, not including, `stop`.

        GivenUpError between two of them, if the partition is being taken away.
        """
        name, log_reader = (
            real_name(topics.BALLS, self._services.settings),
            self._services.log_reader,
        )
        log_id = log_reader.topic_id(name)
        for message in log_reader.read(name, self._partition, since, stop):
            self._interruption.check()
            offset = message.offset() or 0
            source = Source(name, self._partition, offset, appended_at(message), log_id)
            yield receive(message.key(), message.value(), source)


def by_offset(answers: Iterable[Answer]) -> dict[int, Answer]:
    """The newest answer to each message; `answers` begin with the newest."""
    newest: dict[int, Answer] = {}
    for answer in answers:
        if answer.model_key:
            newest.setdefault(answer.source.offset, answer)
    return newest


def _version(answers: Mapping[int, Answer], received: Received) -> Version | None:
    """The model that answered a message; None if the answer is to another log's message."""
    answer = answers.get(received.source.offset)
    if answer is None or answer.source.appended not in {0, received.source.appended}:
        return None
    return answer.model_key, answer.model


def _last_answer(record: MatchRecord | None) -> Version | None:
    """The model that answered the match last; it answers a message that published nothing.

    Another model would have published other predictions of the balls that the message changed.
    """
    if record is None or record.memory is None or not record.model_key:
        return None
    return record.model_key, record.memory.model
