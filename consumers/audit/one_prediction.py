"""Has every ball its one prediction, in order? Asked of the log itself, after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, DEAD_LETTERS, LABELS, PREDICTIONS, Topic, real_name
from streams.messages.dead_letters import refused_offset
from streams.messages.events import BallBowled, BrokenMessageError, MatchEnded, MatchEvent, decode
from streams.messages.predictions import Prediction, Waiting, Withdrawal, decode_prediction
from streams.pipeline.canonical import surviving
from streams.settings import Settings

FAULTS_NAMED = 10


class _Labelled(msgspec.Struct):
    match_id: str = ""  # an operator's order is of no match


_LABELLED = msgspec.json.Decoder(_Labelled)

Ball = tuple[str, int, int]  # match id, seq, rank


@dataclass(slots=True)
class Audit:
    """What the topics hold. `faults` names balls without their one standing prediction.

    `corrected` matches had revisions, gaps or another order: their predictions have no one order.
    """

    balls: int = 0
    refused: int = 0
    predictions: int = 0
    corrected: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def unlabelled(self) -> list[str]:
        """Ended matches that gave no label: no results, and those that were cut short."""
        return sorted(self.ended - self.labelled)


def audit(settings: Settings) -> Audit:
    """Compares all partitions of `cricket.balls` with those of the topics made from them."""
    found = Audit()
    for partition in range(settings.partitions):
        _audit_partition(found, settings, partition)
    for value in _values(settings, LABELS):
        found.labelled.add(_LABELLED.decode(value).match_id)
    return found


def _audit_partition(found: Audit, settings: Settings, partition: int) -> None:
    """A partition's standing predictions must be its balls, in a match told in order in its order.

    A ball that was refused may have been played after a correction: it may have one.
    """
    refused = set(_refused(settings, partition))
    balls = _balls(found, settings, partition)
    said = _said(settings, partition)
    standing = {(p.match_id, p.seq, p.rank) for p in surviving(said)}
    must = {ball for ball, offset in balls.items() if offset not in refused}
    found.balls += len(must)
    found.refused += len(refused)
    found.predictions += len(standing)
    wrong = sorted((must - standing) | (standing - balls.keys()))
    found.faults += [f"partition {partition}: {ball}" for ball in wrong[:FAULTS_NAMED]]
    expected = [(ball, at) for ball, at in balls.items() if ball in must]
    made = [((p.match_id, p.seq, p.rank), p.source.offset) for p in said]
    if _told_in_order(found, expected) != _told_in_order(found, made):
        found.faults.append(f"partition {partition}: not each ball once in its order")


def _told_in_order(found: Audit, balls: list[tuple[Ball, int]]) -> list[tuple[Ball, int]]:
    """Those of matches that were told in order."""
    return [(ball, offset) for ball, offset in balls if ball[0] not in found.corrected]


def _said(settings: Settings, partition: int) -> list[Prediction | Withdrawal]:
    """What was said of balls, as it was sent."""
    said = map(decode_prediction, _values(settings, PREDICTIONS, partition))
    return [message for message in said if not isinstance(message, Waiting)]


def _balls(found: Audit, settings: Settings, partition: int) -> dict[Ball, int]:
    """The balls as the log tells them in the end, with the offsets of their newest revisions."""
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
            found.corrected.add(event.match_id)
        last[event.match_id] = event.seq
        newest[ball] = (event, message.offset() or 0)
        if isinstance(event, MatchEnded):
            found.ended.add(event.match_id)
    return {b: offset for b, (event, offset) in newest.items() if isinstance(event, BallBowled)}


def _refused(settings: Settings, partition: int) -> Iterator[int]:
    name = real_name(DEAD_LETTERS, settings)
    for message in LogReader(settings.kafka).read_all(name, partition):
        yield refused_offset(message)


def _values(settings: Settings, topic: Topic, only: int | None = None) -> Iterator[bytes]:
    journal, name = LogReader(settings.kafka), real_name(topic, settings)
    partitions = range(settings.partitions) if only is None else [only]
    return (m.value() or b"" for p in partitions for m in journal.read_all(name, p))
