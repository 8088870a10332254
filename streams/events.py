"""What a feed says on `cricket.balls`: JSON objects told apart by their `type`.

`seq` counts a match's messages from 0 without gaps; with `match_id` and `revision` it is the
message's identity, so that a doubled message is known as one. `at` is the feed's own time in
milliseconds since 1970.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec

from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Outcome

MatchId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]  # exact in every JSON reader and in Lua


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every message of a match carries."""

    match_id: MatchId
    seq: Count
    revision: Count = 0
    at: Count = 0


class MatchStarted(Event, frozen=True, kw_only=True, tag="match_started"):
    """The teams, the ground, the toss and the format; always `seq` 0."""

    fixture: Fixture


class InningsOpened(Event, frozen=True, kw_only=True, tag="innings_opened"):
    """An innings starts, with its target if it has one."""

    fact: InningsOpening


class BallBowled(Event, frozen=True, kw_only=True, tag="ball_bowled"):
    """One delivery."""

    fact: Ball


class InningsClosed(Event, frozen=True, kw_only=True, tag="innings_closed"):
    """An innings ended."""

    fact: InningsClose


class MatchEnded(Event, frozen=True, kw_only=True, tag="match_ended"):
    """The match ended, with its outcome."""

    fact: Outcome


FactEvent = InningsOpened | BallBowled | InningsClosed | MatchEnded
MatchEvent = MatchStarted | FactEvent

_DECODER: msgspec.json.Decoder[MatchEvent] = msgspec.json.Decoder(MatchEvent)
_ENCODER = msgspec.json.Encoder()


class BrokenMessageError(ValueError):
    """A message that is not a valid event; the text says what is wrong and where."""


def encode(event: MatchEvent) -> bytes:
    """The event as JSON in UTF-8."""
    return _ENCODER.encode(event)


def decode(value: bytes | None) -> MatchEvent:
    """The event in a message's value; BrokenMessageError if there is none."""
    if value is None:
        raise BrokenMessageError("no value")
    try:
        return _DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenMessageError(str(error)) from error


def event_of(match_id: str, seq: int, at: int, fact: Fact | Fixture) -> MatchEvent:
    """The message that tells a fact."""
    if isinstance(fact, Fixture):
        return MatchStarted(match_id=match_id, seq=seq, at=at, fixture=fact)
    kinds: dict[type[Fact], Callable[..., MatchEvent]] = {
        InningsOpening: InningsOpened,
        Ball: BallBowled,
        InningsClose: InningsClosed,
        Outcome: MatchEnded,
    }
    event: MatchEvent = kinds[type(fact)](match_id=match_id, seq=seq, at=at, fact=fact)
    return event
