"""A short match told by a feed that makes mistakes, and what a worker makes of it."""

from dataclasses import replace

import msgspec

from streams.messages.events import (
    BallBowled,
    InningsClosed,
    InningsOpened,
    MatchEvent,
    MessageCancelled,
)
from streams.messages.predictions import Prediction
from streams.pipeline.advance import advance
from streams.pipeline.canonical import canonical_hash
from streams.pipeline.effects import Effects
from streams.pipeline.match_record import MatchRecord
from tests.support.matches import forecasts, log_of, messages, models, short_match

MATCH = short_match("m", "14.6wW2" * 3, "1146..2")
EVENTS = messages(MATCH)
BALLS = [e for e in EVENTS if isinstance(e, BallBowled)]
CLOSED = next(e for e in EVENTS if isinstance(e, InningsClosed))
CHASE = [e for e in EVENTS if isinstance(e, InningsOpened)][1]
ENDED = EVENTS[-1]
FAR = 10_000


def revised(event: MatchEvent, revision: int = 1, **fact: object) -> MatchEvent:
    """The event told again, its fact changed."""
    changed = msgspec.structs.replace(event, revision=revision)
    if not fact:
        return changed
    return msgspec.structs.replace(changed, fact=replace(event.fact, **fact))  # type: ignore[union-attr,type-var]


def cancelled(event: MatchEvent, revision: int = 1) -> MatchEvent:
    """What takes the event back."""
    return MessageCancelled(
        match_id=event.match_id, seq=event.seq, rank=event.rank, revision=revision, at=event.at
    )


def told(*events: MatchEvent, live: dict[str, MatchRecord] | None = None) -> Effects:
    """The effects of events that come in this order."""
    return advance(live or {}, log_of(events, FAR if live else 0), models())


def after(*events: MatchEvent) -> dict[str, MatchRecord]:
    """The live match after events."""
    return told(*events).records


def same(effects: Effects, *clean: MatchEvent) -> bool:
    """Whether what is left of a log is what is left of a clean one."""
    return hashed(effects) == hashed(told(*clean))


def hashed(effects: Effects) -> str:
    return canonical_hash(effects.records["m"], effects.predictions, effects.labels)


def made(effects: Effects) -> list[Prediction]:
    return forecasts(effects)


def without(*left_out: MatchEvent) -> list[MatchEvent]:
    return [event for event in EVENTS if event not in left_out]


def swapped(old: MatchEvent, new: MatchEvent) -> list[MatchEvent]:
    return [new if event == old else event for event in EVENTS]
