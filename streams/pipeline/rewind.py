"""A match as it was before a message: the point from which a correction plays on."""

from msgspec.structs import replace

from cricket.play import fold, start
from cricket.state import Refusal
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from streams.messages.events import BallBowled, MatchStarted, MessageCancelled
from streams.pipeline.match_log import Book, Entry, find
from streams.pipeline.match_record import MatchRecord


def rewound(record: MatchRecord, book: Book, stop: int, model: Forecaster | None) -> MatchRecord:
    """The record as it was when the first `stop` entries of its book had been played.

    `model` takes balls back: it sees the match as if it had served from the first ball, but the
    questions stay as they were asked, and what was drawn from history stays. Without a model no
    ball is taken back, and the memory, which moves with balls only, stays.
    """
    before, now = record.memory, _last_good(record, book, stop)
    first = find(book, now.checkpoints[-1].place) + 1 if now.checkpoints else 0
    for entry in book[first:stop]:
        now = _played(now, entry, model)
    if before is None:
        return now
    if model is None or now.memory is None:
        return replace(now, memory=before)
    asked = before.questions[: len(now.memory.questions)]
    return replace(now, memory=replace(now.memory, questions=asked))


def _last_good(record: MatchRecord, book: Book, stop: int) -> MatchRecord:
    """The record at the last checkpoint before an entry, else at the match's beginning."""
    place = book[stop].place
    kept = tuple(point for point in record.checkpoints if point.place < place)
    if record.memory is not None and kept:
        last = kept[-1]
        return replace(
            record,
            state=last.state,
            memory=last.memory,
            predicted=last.predicted,
            checkpoints=kept,
        )
    memory = record.memory and _begun(record.memory)
    return replace(record, state=None, memory=memory, predicted=0, checkpoints=())


def _begun(memory: Memory) -> Memory:
    """The memory before the first ball."""
    return replace(memory, progress=(), questions=(), chance=None)


def _played(now: MatchRecord, entry: Entry, model: Forecaster | None) -> MatchRecord:
    """The record after an entry that was played before."""
    event, state, memory = entry.event, now.state, now.memory
    if isinstance(event, MatchStarted):
        return now if entry.refused else replace(now, state=start(event.fixture))
    if state is None or entry.refused or isinstance(event, MessageCancelled):
        return now
    played = fold(state, event.fact)
    if isinstance(played, Refusal):
        return now
    if not isinstance(event, BallBowled):
        return replace(now, state=played)
    if memory is not None and model is not None:
        memory, _ = model.observe(memory, state, played, event.fact)
    return replace(now, state=played, memory=memory, predicted=now.predicted + 1)
