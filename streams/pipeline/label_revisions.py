"""A match's labels as one message leaves them: new ones, revised ones, withdrawn ones."""

import msgspec

from cricket.facts import Fixture
from cricket.state import MatchState
from learning.labels import Label
from learning.serving.labelling import settle
from learning.serving.memory import Memory
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
    """Gathers what the facts answer while a message is worked on; the last answer counts."""

    def __init__(self, source: Source, effects: Effects) -> None:
        self._source = source
        self._effects = effects
        self._settled: dict[str, tuple[Label, FactEvent]] = {}
        self._from: Place | None = None
        self._index = 0
        self._model = ""

    def settle(self, memory: Memory, played: MatchState, event: FactEvent) -> None:
        """Notes the labels that a fact answers; `played` is the state after it.

        What `settle` leaves of the memory is not kept: the questions may be answered again.
        """
        for label in settle(memory, played, event.fact)[1]:
            self._settled[question(label.task)] = (label, event)

    def reopened(self, place: Place) -> None:
        """The answers from this place of the book on hold only if they are given again."""
        self._from = place

    def sent(self, record: MatchRecord, at: int, model: str) -> MatchRecord:
        """The record that knows the labels that were sent."""
        if not self._settled and self._from is None:
            return record
        self._model, labelled = model, dict(record.labelled)
        for asked, (label, event) in self._settled.items():
            told = labelled.get(asked)
            said = digest(_ENCODER.encode(label))
            if told is not None and told.digest == said:
                labelled[asked] = msgspec.structs.replace(told, place=event.place)
                continue
            made = self._message(record, label, event.at, told)
            labelled[asked] = PublishedLabel(
                event.place, label.key, label.task, made.revision, said
            )
        for asked, told in record.labelled.items():
            if self._is_void(asked, told):
                empty = _empty(record, told)
                made = self._message(record, empty, at, told, withdrawn=True)
                labelled[asked] = msgspec.structs.replace(
                    told, revision=made.revision, digest=WITHDRAWN
                )
        return msgspec.structs.replace(record, labelled=labelled)

    def _is_void(self, asked: str, told: PublishedLabel) -> bool:
        """Whether a correction took an answer back without giving another."""
        opened = self._from is not None and told.place >= self._from
        return opened and asked not in self._settled and told.digest != WITHDRAWN

    def _message(
        self,
        record: MatchRecord,
        label: Label,
        at: int,
        told: PublishedLabel | None,
        *,
        withdrawn: bool = False,
    ) -> LabelMessage:
        last = question(label.task) in LAST and not withdrawn
        made = LabelMessage(
            match_id=record.match_id,
            model=self._model,
            at=at,
            source=self._source,
            index=self._index,
            label=label,
            revision=told.revision + 1 if told else 0,
            supersedes=told.revision if told else None,
            withdrawn=withdrawn,
            match=pack(record.book, record.seq) if last else b"",
        )
        self._index += 1
        self._effects.labels.append(made)
        return made


def question(task: str) -> str:
    """The question that a label answers: of a match, each has one answer at a time."""
    return ONE_QUESTION.get(task, task)


def _empty(record: MatchRecord, told: PublishedLabel) -> Label:
    """A label that answers nothing, for the model that learned the one before."""
    opening = record.book[0].event if record.book else None
    fixture = getattr(opening, "fixture", None) or Fixture("", "", ("", ""))
    return Label(
        key=told.key,
        task=told.task,
        truth=0.0,
        teams=fixture.teams,
        batting_first=fixture.teams[0],
        event=fixture.event,
        venue=fixture.venue,
        date=fixture.date,
    )
