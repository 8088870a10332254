"""Check that every ball has exactly one prediction, in order, and every ended match one result.

All is read from the log, after the fact.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from confluent_kafka import Message

from streams.kafka.log_identity import appended_at
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, DEAD_LETTERS, PREDICTIONS, Topic, real_name
from streams.messages.dead_letters import source_of
from streams.messages.events import (
    BallBowled,
    BrokenMessageError,
    MatchEnded,
    MatchEvent,
    decode,
)
from streams.messages.predictions import (
    MatchResult,
    Prediction,
    Waiting,
    Withdrawal,
    decode_prediction,
)
from streams.messages.source import Source
from streams.pipeline.canonical import surviving, surviving_results
from streams.settings import Settings

FAULTS_NAMED = 10

Ball = tuple[str, int, int]  # match id, seq, rank
Published = Prediction | MatchResult | Withdrawal


@dataclass(slots=True)
class Audit:
    """Counts over the topics.

    `faults` names balls without their one surviving prediction, and matches that have ended without
    their one surviving result.

    `corrected` holds the matches with revisions, gaps or messages out of order: their predictions
    have no single order. `elsewhere` counts answers to messages that the log does not hold: they
    were deleted, or lay in another log of the name.
    """

    balls: int = 0
    refused: int = 0
    predictions: int = 0
    elsewhere: int = 0
    results: int = 0
    corrected: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def audit(settings: Settings) -> Audit:
    """Compare all partitions of `cricket.balls` with those of the topics made from them."""
    report, log = Audit(), LogReader(settings.kafka_access)
    for partition in log.partitions(real_name(BALLS, settings)):
        _audit_partition(report, settings, partition)
    return report


def _audit_partition(report: Audit, settings: Settings, partition: int) -> None:
    """Check that the surviving predictions are the balls, in the same order where there is one.

    A ball that was refused at first may have been played after a correction, so it may have a
    prediction.
    """
    log = BallLog(settings, partition)
    report.corrected |= log.corrected
    letters, answers = list(_letters(settings, partition)), list(_answers(settings, partition))
    refused = {source.offset for source in letters if log.holds(source)}
    published = [answer for answer in answers if log.holds(answer.source)]
    report.elsewhere += len(answers) - len(published)
    events = log.newest
    balls = {b: at for b, (event, at) in events.items() if isinstance(event, BallBowled)}
    predicted = {(p.match_id, p.seq, p.rank) for p in surviving(published)}
    expected = {ball for ball, offset in balls.items() if offset not in refused}
    report.balls += len(expected)
    report.refused += len(refused)
    report.predictions += len(predicted)
    wrong = sorted((expected - predicted) | (predicted - balls.keys()))
    report.faults += [f"partition {partition}: {ball}" for ball in wrong[:FAULTS_NAMED]]
    in_log = [(ball, at) for ball, at in balls.items() if ball in expected]
    predictions = (p for p in published if isinstance(p, Prediction))
    in_answers = [((p.match_id, p.seq, p.rank), p.source.offset) for p in predictions]
    if _uncorrected(report, in_log) != _uncorrected(report, in_answers):
        report.faults.append(f"partition {partition}: not each ball once in its order")
    played = {place: event for place, (event, at) in events.items() if at not in refused}
    _audit_results(report, played, published, partition)


def _audit_results(
    report: Audit, played: dict[Ball, MatchEvent], published: list[Published], partition: int
) -> None:
    """Check that each match that ended has one surviving result, and no other match has one.

    Of a corrected match it is only known that it has no more than one.
    """
    results = Counter(result.match_id for result in surviving_results(published))
    report.results += results.total()
    ended = {m for m, event in _last_of_each(played).items() if isinstance(event, MatchEnded)}
    uncorrected = (ended | results.keys()) - report.corrected
    wrong = {match for match in uncorrected if results[match] != (match in ended)}
    wrong |= {match for match, count in results.items() if count > 1}
    report.faults += [
        f"partition {partition}: {results[match]} results of {match}"
        for match in sorted(wrong)[:FAULTS_NAMED]
    ]


def _last_of_each(played: dict[Ball, MatchEvent]) -> dict[str, MatchEvent]:
    """The last event of each match in the order of play."""
    return {match_id: event for (match_id, _, _), event in sorted(played.items())}


def _uncorrected(report: Audit, balls: list[tuple[Ball, int]]) -> list[tuple[Ball, int]]:
    """The balls of matches whose feed came in order and was never corrected."""
    return [(ball, offset) for ball, offset in balls if ball[0] not in report.corrected]


class BallLog:
    """What one partition of `cricket.balls` holds.

    `newest` are the messages as it finally has them, with the offsets of their newest revisions;
    `corrected` the matches with revisions, gaps or messages out of order.
    """

    def __init__(self, settings: Settings, partition: int) -> None:
        self.corrected: set[str] = set()
        self._id = LogReader(settings.kafka_access).topic_id_now(real_name(BALLS, settings))
        self._appended: dict[int, int] = {}
        self.newest: dict[Ball, tuple[MatchEvent, int]] = {}
        self._last: dict[str, int] = {}
        for message in _messages(settings, BALLS, partition):
            self._appended[message.offset() or 0] = appended_at(message)
            with suppress(BrokenMessageError):
                self._enter(decode(message.value()), message.offset() or 0)

    def _enter(self, event: MatchEvent, offset: int) -> None:
        ball = (event.match_id, event.seq, event.rank)
        if ball in self.newest and event.revision <= self.newest[ball][0].revision:
            return
        if event.revision or event.rank or event.seq != self._last.get(event.match_id, -1) + 1:
            self.corrected.add(event.match_id)
        self._last[event.match_id] = event.seq
        self.newest[ball] = (event, offset)

    def holds(self, source: Source) -> bool:
        """Whether the log has this message; what its source does not say is not compared."""
        same_log = source.log in {"", self._id}
        appended = self._appended.get(source.offset)
        return same_log and appended is not None and source.appended in {0, appended}


def _answers(settings: Settings, partition: int) -> Iterator[Published]:
    """What was published on a partition, in the order in which it was sent, but for waits."""
    for message in _messages(settings, PREDICTIONS, partition):
        answer = decode_prediction(message.value() or b"")
        if not isinstance(answer, Waiting):
            yield answer


def _letters(settings: Settings, partition: int) -> Iterator[Source]:
    """Where each message lay that was refused."""
    return map(source_of, _messages(settings, DEAD_LETTERS, partition))


def _messages(settings: Settings, topic: Topic, partition: int) -> Iterator[Message]:
    """What a partition holds; nothing if the topic has no such partition."""
    log, name = LogReader(settings.kafka_access), real_name(topic, settings)
    return log.read_all(name, partition) if partition in log.partitions(name) else iter(())
