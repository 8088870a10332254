"""The labels of a match after one message: new, revised and withdrawn ones."""

from collections.abc import Iterable

import msgspec

from cricket.facts import Fixture
from learning.labels import Label
from streams.messages.events import FactEvent, Place
from streams.messages.labels import LabelMessage
from streams.messages.predictions import digest
from streams.messages.source import Source
from streams.pipeline.effects import Effects
from streams.pipeline.match_log import WITHDRAWN
from streams.pipeline.match_record import MatchRecord, PublishedLabel
from streams.pipeline.packed_match import pack

ONE_QUESTION = {"win": "result"}  # a corrected match may turn one of these into the other
LAST = frozenset({"result"})  # questions that a match's end answers

_ENCODER = msgspec.json.Encoder()


class LabelRevisions:
    """Collects the labels that one message leads to; of each question the last one counts."""

    def __init__(self, source: Source, effects: Effects) -> None:
        self._source = source
        self._effects = effects
        self._answered: dict[str, tuple[Label, FactEvent]] = {}
        self._reopened_from: Place | None = None
        self._index = 0
        self._model = ""

    def note(self, labels: Iterable[Label], event: FactEvent) -> None:
        """Note the labels that an event's fact answers."""
        for label in labels:
            self._answered[question(label.task)] = (label, event)

    def reopen(self, place: Place) -> None:
        """Count the answers from this place of the log on as void, unless they are noted again."""
        self._reopened_from = place

    def apply(self, record: MatchRecord, at: int, model: str) -> MatchRecord:
        """Publish what changed; return the record with the labels that were published last."""
        if not self._answered and self._reopened_from is None:
            return record
        self._model, labelled = model, dict(record.labelled)
        for task, (label, event) in self._answered.items():
            labelled[task] = self._publish(record, labelled.get(task), label, event)
        for task, published in record.labelled.items():
            if self._is_void(task, published):
                labelled[task] = self._withdraw(record, published, at)
        return msgspec.structs.replace(record, labelled=labelled)

    def _publish(
        self, record: MatchRecord, published: PublishedLabel | None, label: Label, event: FactEvent
    ) -> PublishedLabel:
        """Publish the label of a question unless it was published before; return the newest one."""
        content = digest(_ENCODER.encode(label))
        if published is not None and published.digest == content:
            return msgspec.structs.replace(published, place=event.place)
        message = self._message(record, label, event.at, published)
        return PublishedLabel(event.place, label.key, label.task, message.revision, content)

    def _withdraw(self, record: MatchRecord, published: PublishedLabel, at: int) -> PublishedLabel:
        """Publish the withdrawal of a label whose answer a correction took back."""
        message = self._message(
            record, _unanswered(record, published), at, published, withdrawn=True
        )
        return msgspec.structs.replace(published, revision=message.revision, digest=WITHDRAWN)

    def _is_void(self, task: str, published: PublishedLabel) -> bool:
        """Whether a correction took an answer back without giving another."""
        reopened = self._reopened_from is not None and published.place >= self._reopened_from
        return reopened and task not in self._answered and published.digest != WITHDRAWN

    def _message(
        self,
        record: MatchRecord,
        label: Label,
        at: int,
        published: PublishedLabel | None,
        *,
        withdrawn: bool = False,
    ) -> LabelMessage:
        last = question(label.task) in LAST and not withdrawn
        message = LabelMessage(
            match_id=record.match_id,
            model=self._model,
            at=at,
            source=self._source,
            index=self._index,
            label=label,
            revision=published.revision + 1 if published else 0,
            supersedes=published.revision if published else None,
            withdrawn=withdrawn,
            match=pack(record.log, record.seq) if last else b"",
        )
        self._index += 1
        self._effects.labels.append(message)
        return message


def question(task: str) -> str:
    """The question that a label of this task answers; a match has one answer to it at a time."""
    return ONE_QUESTION.get(task, task)


def _unanswered(record: MatchRecord, published: PublishedLabel) -> Label:
    """A label without an answer, for the model that got the label which is withdrawn."""
    opening = record.log[0].event if record.log else None
    fixture = getattr(opening, "fixture", None) or Fixture("", "", ("", ""))
    return Label(
        key=published.key,
        task=published.task,
        truth=0.0,
        teams=fixture.teams,
        batting_first=fixture.teams[0],
        event=fixture.event,
        venue=fixture.venue,
        date=fixture.date,
    )
