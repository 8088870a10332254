"""The comparison of a whole log: what live workers answered, and what this code answers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from consumers.shadow.differences import OF_THE_CODE, OF_THE_MODEL, Comparison
from consumers.shadow.recompute import Models, Recomputation
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, LABELS, PREDICTIONS, real_name
from streams.messages.labels import LabelMessage, decode_label
from streams.messages.predictions import PredictionMessage, decode_prediction
from streams.messages.source import Source
from streams.pipeline.label_revisions import question
from streams.settings import Settings

Place = tuple[int, int]  # partition, offset
Name = tuple[str, str, int, int]  # what an answer is to: its kind, match, seq, rank


@dataclass(frozen=True, slots=True)
class Span:
    """What of the log is compared, by the time of its append in ms; the end is not."""

    begin: int = 0
    end: int = 2**63

    def __contains__(self, source: Source) -> bool:
        return self.begin <= source.appended < self.end


@dataclass(slots=True)
class Live:
    """What live workers have published."""

    answers: dict[Place, list[PredictionMessage]] = field(default_factory=dict)
    labels: dict[tuple[Place, str], LabelMessage] = field(default_factory=dict)
    answered_to: dict[int, int] = field(default_factory=dict)  # offset, by partition

    def enter(self, said: PredictionMessage) -> None:
        """One message of `cricket.predictions`."""
        source = said.source
        self.answers.setdefault((source.partition, source.offset), []).append(said)
        last = self.answered_to.get(source.partition, -1)
        self.answered_to[source.partition] = max(last, source.offset)


def shadow(
    settings: Settings, span: Span, on_trial: Models | None = None, tolerance: float = 0.0
) -> Comparison:
    """Answer the log again, and compare each answer that live workers have given.

    What the workers have not come to yet is not compared. Only topics are read, and no group is
    joined.
    """
    log = LogReader(settings.kafka_access)
    live = read_live(log, settings)
    said = (each for answers in live.answers.values() for each in answers)
    again = Recomputation(settings, said, on_trial)
    ignored = OF_THE_MODEL if on_trial else OF_THE_CODE
    found = Comparison(ignored=ignored, tolerance=tolerance)
    for partition in log.partitions(real_name(BALLS, settings)):
        compare_partition(found, live, again, partition, span)
    return found


def read_live(log: LogReader, settings: Settings) -> Live:
    """Everything that was published of the log that is there now."""
    found, log_id = Live(), log.topic_id_now(real_name(BALLS, settings))
    for value in _values(log, real_name(PREDICTIONS, settings)):
        said = decode_prediction(value)
        if said.source.log in {"", log_id}:
            found.enter(said)
    for value in _values(log, real_name(LABELS, settings)):
        with suppress(msgspec.DecodeError):  # an order
            label = decode_label(value)
            found.labels[_of_label(label)] = label
    return found


def _values(log: LogReader, topic: str) -> Iterator[bytes]:
    for partition in log.partitions(topic):
        for message in log.read_all(topic, partition):
            yield message.value() or b""


def _of_label(label: LabelMessage) -> tuple[Place, str]:
    place = (label.source.partition, label.source.offset)
    return place, f"{label.match_id} {question(label.label.task)}"


def compare_partition(
    found: Comparison, live: Live, again: Recomputation, partition: int, span: Span
) -> None:
    """Compare what one partition led to, message by message."""
    for source, effects in again.partition(partition):
        if source.offset > live.answered_to.get(partition, -1) or source not in span:
            continue
        theirs = live.answers.get((partition, source.offset), [])
        _compare_answers(found, theirs, effects.predictions)
        for label in effects.labels:
            if (told := live.labels.get(_of_label(label))) is not None:
                found.label(told, label)


def _compare_answers(
    found: Comparison, live: list[PredictionMessage], ours: list[PredictionMessage]
) -> None:
    """Pair the answers to one message by what they are to."""
    theirs, mine = {_name(each): each for each in live}, {_name(each): each for each in ours}
    for name in theirs | mine:
        found.compare(theirs.get(name), mine.get(name))


def _name(said: PredictionMessage) -> Name:
    return type(said).__name__, said.match_id, said.seq, said.rank
