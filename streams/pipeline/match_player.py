"""The player of one match: it plays the match log, and parts of it again after a correction.

In whatever order messages arrive, state, memory and forecasts are those of the log played from its
beginning (ADR-6). What was published before and still holds is not published again.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from cricket.formats import Unsupported
from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.keys import model_key
from learning.serving.forecaster import Forecast, Forecaster
from learning.serving.replay import Step, answer
from streams.messages.dead_letters import DeadLetter
from streams.messages.events import (
    BallBowled,
    FactEvent,
    MatchEnded,
    MatchEvent,
    MatchStarted,
    MessageCancelled,
    encode,
)
from streams.messages.predictions import Gap, PredictionMessage, Waiting
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import given_up_before
from streams.pipeline.label_revisions import LabelRevisions
from streams.pipeline.make_prediction import ending, match_result, prediction
from streams.pipeline.match_log import Entry, Published, find
from streams.pipeline.match_record import Checkpoint, MatchRecord, with_message
from streams.pipeline.prediction_revisions import Message, next_revision, withdrawal
from streams.pipeline.rewind import rewound

CHECKPOINT_BALLS = 24  # a correction replays 12 balls on average before its own; some 6 KB each
CALLED_OFF = "called off: its match_started was cancelled"

Models = Mapping[str, Forecaster]


class MatchPlayer:
    """Moves a match on by one message, and adds what follows to the effects of its batch.

    `record` and `log` are for reading; only the player changes them.
    """

    def __init__(
        self, record: MatchRecord, received: Received, models: Models, effects: Effects
    ) -> None:
        self.record = with_message(record, received.value)
        self.log = list(record.log)
        self._received = received
        self._models = models
        self._serving: dict[str, Forecaster] = {}
        self._effects = effects
        self._labels = LabelRevisions(received.source, effects)
        self._letters = 0
        self._ended = record.has_ended

    def finish(self, at: int) -> MatchRecord:
        """The record after the message of feed time `at`; its labels and result are published."""
        if self._ended or self.record.has_ended:
            self._settle_result()
        record = replace(self.record, log=tuple(self.log), offset=self._received.source.offset)
        return self._labels.apply(record, at, self._version())

    def played(self) -> int:
        """How many entries of the log have been played."""
        return find(self.log, (self.record.seq + 1, 0))

    def insert(self, index: int, event: MatchEvent) -> None:
        """Enter an event whose place was empty; a gap is filled if it was missing."""
        entry = Entry(event)
        self.log.insert(index, entry)
        self._write(index, entry)
        if self.record.missing and event.rank == 0:
            missing = tuple(gap for gap in self.record.missing if gap.seq != event.seq)
            self.record = replace(self.record, missing=missing)

    def revise(self, index: int, event: MatchEvent) -> None:
        """Enter a later revision of the event at an index."""
        self._write(index, replace(self.log[index], event=event))

    def play_next(self, index: int) -> None:
        """Play the entry that is next in the order of play."""
        self.record = replace(self.record, seq=self.log[index].event.seq)
        self.play(index)

    def give_up_before(self, entry: Entry) -> None:
        """Wait no longer for the messages before an entry that is held."""
        self.record = given_up_before(self.record, entry)

    def wait(self, gap: Gap | None, held: int, at: int) -> None:
        """Note which message the match waits for, with how many held; a new wait is published."""
        before = self.record.waiting
        if gap == before:
            return
        self.record = replace(self.record, waiting=gap)
        if gap is not None and (before is None or before.since != gap.since):
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

    def play(self, index: int) -> None:
        """Move the match on by an entry; everything before it has been played."""
        event, state = self.log[index].event, self.record.state
        if isinstance(event, MatchStarted):
            self._start(index, event)
        elif isinstance(event, MessageCancelled):
            self._cancel(index, event)
        elif state is None:
            self.refuse(index, self.record.refusing)
        else:
            self._fold(index, event, state)

    def correct(self, first: int, stop: int) -> None:
        """Play the entries from one index to another again, from the match as it was before."""
        tail = self.log[first:stop]
        has_balls = any(
            entry.has_prediction or isinstance(entry.event, BallBowled) for entry in tail
        )
        record = self.record
        if isinstance(tail[0].event, MatchStarted):  # other teams have another history
            record = replace(record, memory=None)
        model = self._model() if has_balls and record.model_key else None
        self.record = rewound(record, self.log, first, model)
        self._labels.reopen(tail[0].place)
        for index in range(first, stop):
            self.play(index)

    def refuse(self, index: int, reason: str) -> None:
        """Send a dead letter for an entry, once, and withdraw what was published of it."""
        entry, received = self.log[index], self._received
        if entry.refused:
            return
        is_received = received.event == entry.event
        letter = DeadLetter(
            key=received.key if is_received else entry.event.match_id.encode(),
            value=received.value if is_received else encode(entry.event),
            reason=reason,
            source=received.source,
            index=self._letters,
        )
        self._letters += 1
        self._effects.dead_letters.append(letter)
        self._write(index, replace(entry, refused=reason))
        self._withdraw(index)

    def _model(self) -> Forecaster:
        """The model that answers all effects of a message, whatever is installed meanwhile."""
        key = self.record.model_key
        if key not in self._serving:
            self._serving[key] = self._models[key]
        return self._serving[key]

    def _version(self) -> str:
        return self._model().version if self.record.model_key else ""

    def _write(self, index: int, entry: Entry) -> None:
        """Put an entry in its place of the log, and among the effects."""
        self.log[index] = entry
        self._effects.entries.setdefault(self.record.match_id, {})[entry.place] = entry

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
        """Mark an entry as accepted; one that had been refused is healed."""
        entry = self.log[index]
        if entry.refused:
            self._effects.healed += 1
            self._write(index, replace(entry, refused=""))

    def _fold(self, index: int, event: FactEvent, state: MatchState) -> None:
        after = fold(state, event.fact)
        if isinstance(after, Refusal):
            self.refuse(index, f"against the laws: {after.reason}")
            return
        self._accept(index)
        result = answer(self._model, self.record.memory, Step(state, after, event.fact))
        count = self.record.predicted + (result.forecast is not None)
        self.record = replace(self.record, state=after, memory=result.memory, predicted=count)
        if isinstance(event, BallBowled) and result.forecast is not None:
            self._forecast(index, event, result.forecast)
        elif isinstance(event, MatchEnded):
            self._ended = True
        else:
            self._withdraw(index)
        self._labels.note(result.labels, event)

    def _forecast(self, index: int, event: BallBowled, forecast: Forecast) -> None:
        if self.record.predicted % CHECKPOINT_BALLS == 0:
            self._checkpoint(event)
        source = self._received.source
        self._publish(index, prediction(self.record, event, forecast, self._model(), source))

    def _checkpoint(self, event: BallBowled) -> None:
        record = self.record
        if record.state is not None and record.memory is not None:
            point = Checkpoint(event.place, record.state, record.memory, record.predicted)
            self.record = replace(record, checkpoints=(*record.checkpoints, point))

    def _settle_result(self) -> None:
        """Publish the result of a match that has ended; withdraw one that no longer holds."""
        holds, source = ending(self.record, self.log), self._received.source
        for index, entry in enumerate(self.log):
            if index == holds:
                self._publish(index, match_result(self.record, entry.event, source))
            elif isinstance(entry.event, MatchEnded):
                self._withdraw(index)

    def _publish(self, index: int, message: Message) -> None:
        """Publish a message of an entry, unless its content was published before."""
        if (revised := next_revision(self.log[index], message)) is not None:
            self._note(index, *revised)

    def _withdraw(self, index: int) -> None:
        """Withdraw what was published of an entry, if it stands."""
        entry, source = self.log[index], self._received.source
        if entry.published is not None and entry.is_published:
            self._note(index, *withdrawal(self.record, entry, self._version(), source))

    def _note(self, index: int, message: PredictionMessage, published: Published) -> None:
        """Send a message, and remember in its entry that it was published."""
        self._effects.predictions.append(message)
        self._write(index, replace(self.log[index], published=published))
