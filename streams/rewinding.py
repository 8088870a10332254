"""A match as it was before a message: the point from which a correction plays on."""

from collections.abc import Iterable
from dataclasses import replace

from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.forecaster import Forecaster
from learning.memory import Memory
from streams.book import Entry
from streams.events import BallBowled, MatchStarted, MessageCancelled
from streams.records import MatchRecord


def rewound(record: MatchRecord, entries: Iterable[Entry], model: Forecaster | None) -> MatchRecord:
    """The record as it was after these entries, which are the first of its book.

    `model` takes balls back: it sees the match as if it had served from the first ball, but the
    questions stay as they were asked, and what was drawn from history stays. Without a model no
    ball is taken back, and the memory, which moves with balls only, stays.
    """
    state, predicted = None, 0
    memory = None if record.memory is None else _begun(record.memory)
    for entry in entries:
        event = entry.event
        if isinstance(event, MatchStarted):
            state = None if entry.refused else start(event.fixture)
            continue
        played = _played(state, entry)
        if state is None or played is None:
            continue
        if isinstance(event, BallBowled):
            predicted += 1
            if memory is not None and model is not None:
                memory, _ = model.observe(memory, state, played, event.fact)
        state = played
    if memory is not None and record.memory is not None:
        asked = record.memory.questions[: len(memory.questions)]
        memory = record.memory if model is None else replace(memory, questions=asked)
    return replace(record, state=state, memory=memory, predicted=predicted)


def _begun(memory: Memory) -> Memory:
    """The memory before the first ball."""
    return replace(memory, progress=(), questions=(), chance=None)


def _played(state: MatchState | None, entry: Entry) -> MatchState | None:
    """The state after an entry; None if it left none."""
    event = entry.event
    if state is None or entry.refused or isinstance(event, MatchStarted | MessageCancelled):
        return None
    played = fold(state, event.fact)
    return None if isinstance(played, Refusal) else played
