"""The pure pipeline: records of one partition in, what follows from them out.

`advance` is the whole of Overcast between reading and writing. The Faust agent calls it with a
batch, a `for` loop over recorded balls calls it with the same records: there is no other way from
a ball to its prediction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cricket.formats import Unsupported
from cricket.play import fold, start
from cricket.state import Refusal
from learning.forecaster import Forecaster
from learning.keys import model_key
from learning.labels import Label
from learning.settle import settle
from streams.events import BallBowled, FactEvent, MatchEvent, MatchStarted
from streams.predictions import DeadLetter, LabelMessage, Source
from streams.records import Effects, MatchRecord, Received
from streams.scoring import prediction

ENDED = "against the laws: the match has ended"
REMEMBERED_GAPS = 64  # messages that may be missing at once before the oldest are forgotten

Models = Mapping[str, Forecaster]


def advance(live: Mapping[str, MatchRecord], batch: Sequence[Received], models: Models) -> Effects:
    """The effects of a batch on the live matches, which stay as they are."""
    effects = Effects()
    for received in batch:
        event = received.event
        if event is None:
            effects.dead_letters.append(refused(received, f"unreadable: {received.unreadable}"))
            continue
        record = effects.records.get(event.match_id) or live.get(event.match_id)
        after = _absorb(effects, record, received, event, models)
        if after is not None:
            effects.records[event.match_id] = after
    return effects


def refused(received: Received, reason: str) -> DeadLetter:
    """The dead letter of a message."""
    return DeadLetter(key=received.key, value=received.value, reason=reason, source=received.source)


def _absorb(
    effects: Effects,
    record: MatchRecord | None,
    received: Received,
    event: MatchEvent,
    models: Models,
) -> MatchRecord | None:
    """The record after one event; None where the event changed nothing."""
    if record is not None and event.seq <= record.seq:
        effects.repeated += 1
        if event.seq in record.missing:
            letter = refused(received, f"late: the match is at message {record.seq}")
            effects.dead_letters.append(letter)
        return None
    offset = received.source.offset
    after = _start(event, offset) if record is None else _move(record, event, offset)
    if isinstance(after, str):
        effects.dead_letters.append(refused(received, after))
        return None
    if after.refusing:
        effects.dead_letters.append(refused(received, after.refusing))
    elif record is not None and not isinstance(event, MatchStarted):
        after = _play(effects, after, received, event, models)
    return after


def _start(event: MatchEvent, offset: int) -> MatchRecord | str:
    """The record of a new match, or why there can be none."""
    if not isinstance(event, MatchStarted):
        return "unknown match: its match_started has not come"
    if event.seq:
        return f"out of sequence: match_started is message {event.seq}, it must be message 0"
    key = model_key(event.fixture)
    if isinstance(key, Unsupported):
        reason = f"unsupported format: {key.reason}"
        return MatchRecord(event.match_id, event.seq, offset, refusing=reason)
    state = start(event.fixture)
    return MatchRecord(event.match_id, event.seq, offset, model_key=key, state=state)


def _move(record: MatchRecord, event: MatchEvent, offset: int) -> MatchRecord | str:
    """The record moved on to an event's place in the sequence; a gap is remembered."""
    if isinstance(event, MatchStarted):
        return f"started twice: match is at message {record.seq}"
    gap = range(record.seq + 1, event.seq)[-REMEMBERED_GAPS:]
    missing = (*record.missing, *gap)[-REMEMBERED_GAPS:] if gap else record.missing
    return replace(record, seq=event.seq, offset=offset, missing=missing)


def _play(
    effects: Effects,
    record: MatchRecord,
    received: Received,
    event: FactEvent,
    models: Models,
) -> MatchRecord:
    """The record after a fact; its prediction and labels go to the effects."""
    state, model = record.state, models[record.model_key]
    assert state is not None
    played = fold(state, event.fact)
    if isinstance(played, Refusal):
        letter = refused(received, f"against the laws: {played.reason}")
        effects.dead_letters.append(letter)
        return record
    after = replace(record, state=played)
    if isinstance(event, BallBowled):
        memory = record.memory or model.begin(state.fixture)
        memory, forecast = model.observe(memory, state, played, event.fact)
        after = replace(after, memory=memory, predicted=record.predicted + 1)
        effects.predictions.append(prediction(after, event, forecast, model, received.source))
    if after.memory is None:
        return after
    memory, labels = settle(after.memory, played, event.fact)
    effects.labels.extend(_addressed(labels, event, received.source, model.version))
    return replace(after, memory=memory)


def _addressed(
    labels: Sequence[Label], event: FactEvent, source: Source, model: str
) -> Iterator[LabelMessage]:
    for index, label in enumerate(labels):
        yield LabelMessage(
            match_id=event.match_id,
            model=model,
            at=event.at,
            source=source,
            index=index,
            label=label,
        )
