"""Did every ball get its one prediction, in order? Asked of the log itself, after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from streams.events import BallBowled, BrokenMessageError, MatchEnded, decode
from streams.journal import Journal
from streams.posting import refused_offset
from streams.predictions import Source
from streams.settings import Settings
from streams.topics import BALLS, DEAD_LETTERS, LABELS, PREDICTIONS, Topic, real_name

FAULTS_NAMED = 10


class _Made(msgspec.Struct):
    """The part of a prediction that says which ball it answers."""

    match_id: str
    seq: int
    source: Source


class _Labelled(msgspec.Struct):
    match_id: str


_MADE = msgspec.json.Decoder(_Made)
_LABELLED = msgspec.json.Decoder(_Labelled)


@dataclass(slots=True)
class Audit:
    """What the topics hold. `faults` names balls without their one prediction in its place."""

    balls: int = 0
    refused: int = 0
    predictions: int = 0
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
    """A partition's predictions must be its accepted balls, each once, in the same order."""
    refused = set(_refused(settings, partition))
    expected = list(_balls(found, settings, partition, refused))
    made = [
        (p.match_id, p.seq, p.source.offset)
        for p in map(_MADE.decode, _values(settings, PREDICTIONS, partition))
    ]
    found.balls += len(expected)
    found.refused += len(refused)
    found.predictions += len(made)
    if made == expected:
        return
    wrong = map(str, sorted(set(expected) ^ set(made))[:FAULTS_NAMED])
    found.faults += [f"partition {partition}: {w}" for w in wrong] or ["the order differs"]


def _balls(
    found: Audit, settings: Settings, partition: int, refused: set[int]
) -> Iterator[tuple[str, int, int]]:
    """The balls that must have a prediction: not refused, and no repetition of an earlier one."""
    newest: dict[str, int] = {}
    name = real_name(BALLS, settings)
    for message in Journal(settings.kafka).whole(name, partition):
        offset = message.offset() or 0
        try:
            event = decode(message.value())
        except BrokenMessageError:
            continue
        if offset in refused or event.seq <= newest.get(event.match_id, -1):
            continue
        newest[event.match_id] = event.seq
        if isinstance(event, MatchEnded):
            found.ended.add(event.match_id)
        if isinstance(event, BallBowled):
            yield event.match_id, event.seq, offset


def _refused(settings: Settings, partition: int) -> Iterator[int]:
    name = real_name(DEAD_LETTERS, settings)
    for message in Journal(settings.kafka).whole(name, partition):
        yield refused_offset(message)


def _values(settings: Settings, topic: Topic, only: int | None = None) -> Iterator[bytes]:
    journal, name = Journal(settings.kafka), real_name(topic, settings)
    partitions = range(settings.partitions) if only is None else [only]
    return (m.value() or b"" for p in partitions for m in journal.whole(name, p))
