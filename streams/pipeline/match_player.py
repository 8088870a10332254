"""The scorer of one match: plays the messages of its book in order, and again after a correction.

Whatever order they arrive in, state, memory and forecasts are those of the book played from its
beginning (ADR-6). What was said before and still holds is not said again.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from cricket.formats import Unsupported
from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.keys import model_key
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from streams.messages.dead_letters import DeadLetter
from streams.messages.events import (
    BallBowled,
    FactEvent,
    MatchStarted,
    MessageCancelled,
    Place,
    encode,
)
from streams.messages.predictions import Gap, Prediction, Waiting, Withdrawal, content, digest
from streams.pipeline.effects import Effects, Received
from streams.pipeline.label_revisions import LabelRevisions
from streams.pipeline.make_prediction import prediction
from streams.pipeline.match_log import WITHDRAWN, Entry, Published
from streams.pipeline.match_record import Checkpoint, MatchRecord
from streams.pipeline.rewind import rewound

CHECKPOINT_BALLS = 24  # a correction plays 12 balls on average before its own; some 6 KB each
CALLED_OFF = "called off: its match_started was cancelled"

Models = Mapping[str, Forecaster]


class MatchPlayer:
    """Writes one message's consequences into a match's book and the effects of its batch."""

    def __init__(
        self, record: MatchRecord, received: Received, models: Models, effects: Effects
    ) -> None:
        self.record = record
        self.book = list(record.book)
        self._received = received
        self._models = models
        self._serving: dict[str, Forecaster] = {}
        self._effects = effects
        self._answers = LabelRevisions(received.source, effects)
        self._letters = 0

    def done(self, at: int) -> MatchRecord:
        """The record with its book, when the message of feed time `at` has been worked on."""
        record = replace(self.record, book=tuple(self.book), offset=self._received.source.offset)
        return self._answers.sent(record, at, self._version())

    def _model(self) -> Forecaster:
        """Who answers: one model for all that a message brings, whatever is installed meanwhile."""
        key = self.record.model_key
        if key not in self._serving:
            self._serving[key] = self._models[key]
        return self._serving[key]

    def _version(self) -> str:
        return self._model().version if self.record.model_key else ""

    def write(self, index: int, entry: Entry) -> None:
        """The entry in its place of the book."""
        self.book[index] = entry
        self._effects.entries.setdefault(self.record.match_id, {})[entry.place] = entry

    def play(self, index: int) -> None:
        """The match moved on by the entry at an index, to which everything before has led."""
        event, state = self.book[index].event, self.record.state
        if isinstance(event, MatchStarted):
            self._start(index, event)
        elif isinstance(event, MessageCancelled):
            self._cancel(index, event)
        elif state is None:
            self.refuse(index, self.record.refusing)
        else:
            self._fold(index, event, state)

    def _start(self, index: int, event: MatchStarted) -> None:
        key = model_key(event.fixture)
        if isinstance(key, Unsupported):
            reason = f"unsupported format: {key.reason}"
            self.record = replace(self.record, refusing=reason, model_key="", state=None)
            self.refuse(index, reason)
            return
        state = start(event.fixture)
        self.record = replace(self.record, refusing="", model_key=key, state=state)
        self._accept(index)

    def _cancel(self, index: int, event: MessageCancelled) -> None:
        self._accept(index)
        self._withdraw(index)
        if event.seq == event.rank == 0:
            self.record = replace(self.record, refusing=CALLED_OFF, model_key="", state=None)

    def _accept(self, index: int) -> None:
        """The entry counts, whatever was said of it before."""
        entry = self.book[index]
        if entry.refused:
            self._effects.healed += 1
            self.write(index, replace(entry, refused=""))

    def refuse(self, index: int, reason: str) -> None:
        """A dead letter for an entry, once; nothing that was said of it stands."""
        entry, received = self.book[index], self._received
        if entry.refused:
            return
        own = received.event == entry.event
        letter = DeadLetter(
            key=received.key if own else entry.event.match_id.encode(),
            value=received.value if own else encode(entry.event),
            reason=reason,
            source=received.source,
            index=self._letters,
        )
        self._letters += 1
        self._effects.dead_letters.append(letter)
        self.write(index, replace(entry, refused=reason))
        self._withdraw(index)

    def _fold(self, index: int, event: FactEvent, state: MatchState) -> None:
        played = fold(state, event.fact)
        if isinstance(played, Refusal):
            self.refuse(index, f"against the laws: {played.reason}")
            return
        self._accept(index)
        if isinstance(event, BallBowled):
            self._forecast(index, event, state, played)
        else:
            self._withdraw(index)
            self.record = replace(self.record, state=played)
        if self.record.memory is not None:
            self._answers.settle(self.record.memory, played, event)

    def _forecast(
        self, index: int, event: BallBowled, before: MatchState, played: MatchState
    ) -> None:
        """The ball's prediction, published unless it is what was said before."""
        record, model = self.record, self._model()
        memory = record.memory or model.begin(before.fixture)
        memory, forecast = model.observe(memory, before, played, event.fact)
        count = record.predicted + 1
        self.record = replace(record, state=played, memory=memory, predicted=count)
        if count % CHECKPOINT_BALLS == 0:
            self._checkpoint(event.place, played, memory)
        self._tell(index, prediction(self.record, event, forecast, model, self._received.source))

    def _checkpoint(self, place: Place, state: MatchState, memory: Memory) -> None:
        made = Checkpoint(place, state, memory, self.record.predicted)
        self.record = replace(self.record, checkpoints=(*self.record.checkpoints, made))

    def _tell(self, index: int, made: Prediction) -> None:
        entry, said = self.book[index], digest(content(made))
        told, revision = entry.told, 0
        if told is not None:
            if told.digest == said:
                return
            revision = told.revision + 1
            made = replace(made, revision=revision, supersedes=told.revision)
        self._effects.predictions.append(made)
        self.write(index, replace(entry, told=Published(revision, said)))

    def _withdraw(self, index: int) -> None:
        """Takes back what was said of an entry, if something stands."""
        entry, record = self.book[index], self.record
        if entry.told is None or entry.told.digest == WITHDRAWN:
            return
        revision = entry.told.revision + 1
        withdrawal = Withdrawal(
            match_id=record.match_id,
            seq=entry.event.seq,
            rank=entry.event.rank,
            revision=revision,
            supersedes=entry.told.revision,
            at=entry.event.at,
            model_key=record.model_key,
            model=self._version(),
            source=self._received.source,
        )
        self._effects.predictions.append(withdrawal)
        self.write(index, replace(entry, told=Published(revision, WITHDRAWN)))

    def tell_wait(self, gap: Gap, held: int, at: int) -> None:
        """Says what the match waits for, with how many messages held."""
        waiting = Waiting(
            match_id=self.record.match_id,
            seq=gap.seq,
            ball=gap.ball,
            since=gap.since,
            held=held,
            at=at,
            source=self._received.source,
        )
        self._effects.predictions.append(waiting)

    def correct(self, first: int, stop: int) -> None:
        """The entries from one index to another played again, from the match as it was before."""
        tail = self.book[first:stop]
        moved = any(entry.says or isinstance(entry.event, BallBowled) for entry in tail)
        record = self.record
        if isinstance(tail[0].event, MatchStarted):  # other teams draw otherwise from history
            record = replace(record, memory=None)
        model = self._model() if moved and record.model_key else None
        self.record = rewound(record, self.book, first, model)
        self._answers.reopened(tail[0].place)
        for index in range(first, stop):
            self.play(index)
