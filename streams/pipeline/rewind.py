"""A match as it was before a message: the point from which a correction plays on."""

from msgspec.structs import replace

from cricket.play import fold, start
from cricket.state import Refusal
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import Step, answer
from streams.messages.events import BallBowled, MatchStarted, MessageCancelled
from streams.pipeline.match_log import Entry, MatchLog, find
from streams.pipeline.match_record import MatchRecord


def rewound(record: MatchRecord, log: MatchLog, stop: int, model: Forecaster | None) -> MatchRecord:
    """The record as it was when the first `stop` entries of its log had been played.

    `model` is needed to take balls back: the memory is then as if it had served from the first
    ball, but the questions stay as they were asked, and what was drawn from history stays. Without
    a model no ball is taken back, and the memory, which only balls change, stays.
    """
    memory, rewinding = record.memory, _last_checkpoint(record, log, stop)
    points = rewinding.checkpoints
    first = find(log, points[-1].place) + 1 if points else 0
    for entry in log[first:stop]:
        rewinding = _replayed(rewinding, entry, model)
    if memory is None:
        return rewinding
    if model is None or rewinding.memory is None:
        return replace(rewinding, memory=memory)
    questions = memory.questions[: len(rewinding.memory.questions)]
    return replace(rewinding, memory=replace(rewinding.memory, questions=questions))


def _last_checkpoint(record: MatchRecord, log: MatchLog, stop: int) -> MatchRecord:
    """The record at the last checkpoint before an entry, else at the match's beginning."""
    place = log[stop].place
    points = tuple(point for point in record.checkpoints if point.place < place)
    if record.memory is not None and points:
        last = points[-1]
        return replace(
            record,
            state=last.state,
            memory=last.memory,
            predicted=last.predicted,
            checkpoints=points,
        )
    memory = record.memory and _before_first_ball(record.memory)
    return replace(record, state=None, memory=memory, predicted=0, checkpoints=())


def _before_first_ball(memory: Memory) -> Memory:
    """The memory as it was before the first ball: only what was drawn from history."""
    return replace(memory, progress=(), questions=(), chance=None)


def _replayed(record: MatchRecord, entry: Entry, model: Forecaster | None) -> MatchRecord:
    """The record after an entry that had been played before; nothing is published."""
    event, state, memory = entry.event, record.state, record.memory
    if isinstance(event, MatchStarted):
        return record if entry.refused else replace(record, state=start(event.fixture))
    if state is None or entry.refused or isinstance(event, MessageCancelled):
        return record
    after = fold(state, event.fact)
    if isinstance(after, Refusal):
        return record
    if not isinstance(event, BallBowled):
        return replace(record, state=after)
    if memory is not None and model is not None:
        memory = answer(lambda: model, memory, Step(state, after, event.fact)).memory
    return replace(record, state=after, memory=memory, predicted=record.predicted + 1)
