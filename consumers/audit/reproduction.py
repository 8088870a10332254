"""Any published prediction made again: from the log, and the snapshots that predictions name.

Whatever was published of a match is played again from the match's first message, each message by
the model that its answer names, in the one pipeline; then it is compared byte for byte. What the
log tells differently today, in a ball or in an answer, is found so. The limits of a match's waits
(`gap_messages`, `gap_seconds`) are those of this process: they must be the workers'.
"""

from collections import Counter as Count
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import NamedTuple

import msgspec
from confluent_kafka import Message
from prometheus_client import Counter, Gauge

from consumers.audit.comparison import Place, Reproduced, compared, match_of, place_of
from learning.starter import load_starter
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.messages.predictions import PredictionMessage
from streams.models.past_versions import PastVersions
from streams.models.registry import InstalledModels
from streams.processors.match_progress import MatchProgress
from streams.processors.recovery import ANSWERS, Answer, Recovery, by_offset
from streams.settings import Settings

# Answers lie in the order of their messages: after so many older ones in a row no more of a match
# come. A single one may be forged.
OLDER = 100
READ_FIRST = 1_000  # newest answers read at first; then four times as many

REPRODUCED = Counter(
    "overcast_reproduced_predictions", "Published messages that were made again", ["result"]
)
CHECKED = Gauge("overcast_reproduced_timestamp_seconds", "When a sample was last made again")


class Stretch(NamedTuple):
    """Messages of one partition of `cricket.predictions`: the first offset, and how many."""

    partition: int
    first: int
    length: int


@dataclass(frozen=True, slots=True)
class Past:
    """What a recovery reads with; nothing of a worker."""

    settings: Settings
    models: InstalledModels
    log_reader: LogReader
    computing: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of some matches of a partition, in order, and which matches there are.

    `matches` are all that the log of balls tells up to the newest message that was answered.
    """

    messages: list[Message]
    answers: list[Answer]
    matches: dict[str, MatchProgress]
    stop: int


class Reproduction:
    """Makes published predictions again; models are those that answer where none is named."""

    def __init__(
        self,
        settings: Settings,
        log_reader: LogReader | None = None,
        models: InstalledModels | None = None,
    ) -> None:
        reader = log_reader or LogReader(settings.kafka_access)
        self._past = Past(
            settings, models or InstalledModels(load_starter(), explaining=True), reader
        )
        self._balls = real_name(BALLS, settings)
        self._answers = real_name(PREDICTIONS, settings)

    def match(self, match_id: str) -> list[Reproduced]:
        """All that was published of a match, made again; empty if nothing was."""
        for partition in self._past.log_reader.partitions(self._answers):
            every = self._past.log_reader.read_all(self._answers, partition)
            published = [message for message in every if match_of(message) == match_id]
            if published:
                return self._compared(partition, published)
        return []

    def sample(self, count: int, chance: Random) -> list[Reproduced]:
        """A stretch of so many published messages somewhere in the log, made again.

        What was published before of the matches in it is made again too, and compared.
        """
        return [found for part in self._parts(count, chance) for found in self._stretch(part)]

    def _parts(self, count: int, chance: Random) -> Iterator[Stretch]:
        """A stretch that begins somewhere by chance, with its part of each partition."""
        reader, name = self._past.log_reader, self._answers
        bounds = {p: reader.bounds(name, p) for p in reader.partitions(name)}
        skip = chance.randint(0, max(sum(high - low for low, high in bounds.values()) - count, 0))
        for partition, (low, high) in bounds.items():
            first = min(low + skip, high)
            skip -= first - low
            if first < high and count > 0:
                yield Stretch(partition, first, min(count, high - first))
                count -= high - first

    def _stretch(self, part: Stretch) -> list[Reproduced]:
        """One partition's part of a stretch, with all that was published of its matches before."""
        reader, stop = self._past.log_reader, part.first + part.length
        sampled = list(reader.read(self._answers, part.partition, part.first, stop))
        wanted, until = {match_of(message) for message in sampled}, _stop(_named(sampled))
        matches = Recovery(self._past, part.partition).progress(until)
        since = min((m.since for i, m in matches.items() if i in wanted), default=0)
        newest_first = reader.read_backwards(self._answers, part.partition, READ_FIRST)
        found = list(_since(newest_first, since, until))[::-1]
        published = [message for message in found if match_of(message) in wanted]
        return self._compared(part.partition, published)

    def _compared(self, partition: int, messages: list[Message]) -> list[Reproduced]:
        """The matches of these messages, made again up to the last of them and compared."""
        recovery, answers = Recovery(self._past, partition), _named(messages)
        stop = _stop(answers)
        published = Published(messages, answers, recovery.progress(stop), stop)
        versions = recovery.versions((a.model_key, a.model) for a in answers if a.model_key)
        lost = self._lost(published, versions)
        return list(compared(messages, _computed(recovery, published, versions, lost), lost))

    def _lost(self, published: Published, versions: PastVersions) -> dict[str, str]:
        """Why some matches cannot be played again: their beginning or their models are gone."""
        lost, log_id = {}, self._past.log_reader.topic_id(self._balls)
        for answer in published.answers:
            match, version = (
                published.matches.get(answer.match_id),
                (answer.model_key, answer.model),
            )
            if log_id and answer.source.log not in {"", log_id}:
                lost[answer.match_id] = f"it was made from another log than {self._balls} is now"
            elif match is None or match.began is None:
                lost[answer.match_id] = f"{self._balls} does not hold the match from its beginning"
            elif answer.model_key and not versions.holds(version):
                lost[answer.match_id] = f"no log holds a good snapshot {' '.join(version)}"
        return lost


def _computed(
    recovery: Recovery, published: Published, versions: PastVersions, lost: dict[str, str]
) -> dict[tuple[str, Place], PredictionMessage]:
    """What follows from the log for the matches that are not lost, by match and place."""
    answers = [answer for answer in published.answers if answer.match_id not in lost]
    wanted = {answer.match_id for answer in answers}
    since = min((m.since for i, m in published.matches.items() if i in wanted), default=0)
    balls = recovery.balls(published.stop, since)
    of_them = (r for r in balls if r.event is not None and r.event.match_id in wanted)
    played = recovery.played(of_them, by_offset(reversed(answers)), versions)
    made = (message for effects in played for message in effects.predictions)
    return {(message.match_id, place_of(message)): message for message in made}


def _named(messages: Iterable[Message]) -> list[Answer]:
    """What each published message names as its origin; unreadable ones are left out."""
    return [answer for message in messages if (answer := _answer(message)) is not None]


def _answer(message: Message) -> Answer | None:
    try:
        answer = ANSWERS.decode(message.value() or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return answer if answer.match_id == match_of(message) else None


def _stop(answers: Iterable[Answer]) -> int:
    """The offset after the newest message that was answered."""
    return max((answer.source.offset for answer in answers), default=-1) + 1


def _since(newest_first: Iterable[Message], since: int, stop: int) -> Iterator[Message]:
    """The messages that were made from offsets from `since` up to `stop`, and unreadable ones."""
    older = 0
    for message in newest_first:
        answer = _answer(message)
        offset = stop - 1 if answer is None else answer.source.offset
        older = older + 1 if offset < since else 0
        if older >= OLDER:
            return
        if offset < stop:
            yield message


def count_results(found: Iterable[Reproduced], now: float) -> Count[str]:
    """How many there are of each verdict, counted for /metrics too."""
    results = Count[str](each.verdict for each in found)
    for verdict, count in results.items():
        REPRODUCED.labels(verdict).inc(count)
    CHECKED.set(now)
    return results
