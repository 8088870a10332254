"""Check that every ball has exactly one prediction, in order: read from the log, after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, DEAD_LETTERS, PREDICTIONS, real_name
from streams.messages.dead_letters import refused_offset
from streams.messages.events import BallBowled, BrokenMessageError, MatchEvent, decode
from streams.messages.predictions import Prediction, Waiting, Withdrawal, decode_prediction
from streams.pipeline.canonical import surviving
from streams.settings import Settings

FAULTS_NAMED = 10

Ball = tuple[str, int, int]  # match id, seq, rank


@dataclass(slots=True)
class Audit:
    """Counts over the topics. `faults` names balls without their one surviving prediction.

    `corrected` holds the matches with revisions, gaps or messages out of order: their predictions
    have no single order.
    """

    balls: int = 0
    refused: int = 0
    predictions: int = 0
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
    balls = _balls(report, settings, partition)
    sent = _sent(settings, partition)
    predicted = {(p.match_id, p.seq, p.rank) for p in surviving(sent)}
    expected = {ball for ball, offset in balls.items() if offset not in refused}
    report.balls += len(expected)
    report.refused += len(refused)
    report.predictions += len(predicted)
    wrong = sorted((expected - predicted) | (predicted - balls.keys()))
    report.faults += [f"partition {partition}: {ball}" for ball in wrong[:FAULTS_NAMED]]
    in_log = [(ball, at) for ball, at in balls.items() if ball in expected]
    in_answers = [((p.match_id, p.seq, p.rank), p.source.offset) for p in sent]
    if _uncorrected(report, in_log) != _uncorrected(report, in_answers):
        report.faults.append(f"partition {partition}: not each ball once in its order")


def _uncorrected(report: Audit, balls: list[tuple[Ball, int]]) -> list[tuple[Ball, int]]:
    """The balls of matches whose feed came in order and was never corrected."""
    return [(ball, offset) for ball, offset in balls if ball[0] not in report.corrected]


def _sent(settings: Settings, partition: int) -> list[Prediction | Withdrawal]:
    """The predictions and withdrawals of a partition, in the order in which they were sent."""
    log, name = LogReader(settings.kafka), real_name(PREDICTIONS, settings)
    messages = (decode_prediction(m.value() or b"") for m in log.read_all(name, partition))
    return [message for message in messages if not isinstance(message, Waiting)]


def _balls(report: Audit, settings: Settings, partition: int) -> dict[Ball, int]:
    """The balls as the log finally has them, with the offsets of their newest revisions."""
    newest: dict[Ball, tuple[MatchEvent, int]] = {}
    last: dict[str, int] = {}
    name = real_name(BALLS, settings)
    for message in LogReader(settings.kafka).read_all(name, partition):
        try:
            event = decode(message.value())
        except BrokenMessageError:
            continue
        ball = (event.match_id, event.seq, event.rank)
        if ball in newest and event.revision <= newest[ball][0].revision:
            continue
        if event.revision or event.rank or event.seq != last.get(event.match_id, -1) + 1:
            report.corrected.add(event.match_id)
        last[event.match_id] = event.seq
        newest[ball] = (event, message.offset() or 0)
    return {b: offset for b, (event, offset) in newest.items() if isinstance(event, BallBowled)}


def _refused(settings: Settings, partition: int) -> Iterator[int]:
    """The offsets of the messages that were refused."""
    name = real_name(DEAD_LETTERS, settings)
    for message in LogReader(settings.kafka).read_all(name, partition):
        yield refused_offset(message)
