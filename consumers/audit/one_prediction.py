"""Check that every ball has exactly one prediction, in order, and every ended match one result.

All is read from the log, after the fact.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, DEAD_LETTERS, PREDICTIONS, real_name
from streams.messages.dead_letters import refused_offset
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
    have no single order.
    """

    balls: int = 0
    refused: int = 0
    predictions: int = 0
    results: int = 0
    corrected: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def audit(settings: Settings) -> Audit:
    """Compare all partitions of `cricket.balls` with those of the topics made from them."""
    report = Audit()
    for partition in range(settings.partitions):
        _audit_partition(report, settings, partition)
    return report


def _audit_partition(report: Audit, settings: Settings, partition: int) -> None:
    """Check that the surviving predictions are the balls, in the same order where there is one.

    A ball that was refused at first may have been played after a correction, so it may have a
    prediction.
    """
    refused = set(_refused(settings, partition))
    events = _events(report, settings, partition)
    balls = {b: at for b, (event, at) in events.items() if isinstance(event, BallBowled)}
    published = _published(settings, partition)
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


def _published(settings: Settings, partition: int) -> list[Published]:
    """What was published on a partition, in the order in which it was sent, but for waits."""
    log, name = LogReader(settings.kafka), real_name(PREDICTIONS, settings)
    messages = (decode_prediction(m.value() or b"") for m in log.read_all(name, partition))
    return [message for message in messages if not isinstance(message, Waiting)]


def _events(
    report: Audit, settings: Settings, partition: int
) -> dict[Ball, tuple[MatchEvent, int]]:
    """The messages as the log finally has them, with the offsets of their newest revisions."""
    newest: dict[Ball, tuple[MatchEvent, int]] = {}
    last: dict[str, int] = {}
    name = real_name(BALLS, settings)
    for message in LogReader(settings.kafka).read_all(name, partition):
        try:
            event = decode(message.value())
        except BrokenMessageError:
            continue
        place = (event.match_id, event.seq, event.rank)
        if place in newest and event.revision <= newest[place][0].revision:
            continue
        if event.revision or event.rank or event.seq != last.get(event.match_id, -1) + 1:
            report.corrected.add(event.match_id)
        last[event.match_id] = event.seq
        newest[place] = (event, message.offset() or 0)
    return newest


def _refused(settings: Settings, partition: int) -> Iterator[int]:
    """The offsets of the messages that were refused."""
    name = real_name(DEAD_LETTERS, settings)
    for message in LogReader(settings.kafka).read_all(name, partition):
        yield refused_offset(message)
