"""Messages of `cricket.balls`, which a feed sends: JSON objects told apart by their `type`.

`seq` counts a match's messages from 0 without gaps, in the order of play; they may arrive in any
order. (match_id, seq, rank, revision) is a message's identity, by which a repeat is known.
`at` is the feed's own time in milliseconds since 1970.

How a feed corrects itself (ADR-6):

| what happened | what it sends |
|---|---|
| a ball, or any other message, was wrong | it again: same `seq` and `rank`, higher `revision` |
| a message tells what never happened | `message_cancelled` at its place, higher `revision` |
| a ball was forgotten | `ball_bowled`, the `seq` of the message before it, `rank` 1 or more |
| a target or length is revised | `target_revised` |
| the fielding side is awarded penalty runs | `target_revised` with `penalty` |
| a ball is not of the over, nor wide or no-ball | its `ball_bowled` with `not_in_over` |
| the umpire calls an over too early or too late | `ball_bowled`: `over_called`, or `miscounted` |
| more or fewer wickets end an innings than usual | `innings_opened` with `wickets` |
| an innings that had been closed goes on | `innings_reopened` |
| a player is replaced | `player_replaced` |

Ranks order the messages that were forgotten after the same `seq`; they need not be consecutive. At
a place the highest revision counts, whatever its type; a cancelled message may be revised again.
"""

import re
from collections.abc import Callable
from typing import Annotated

import msgspec

from cricket import facts
from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Outcome

MatchId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]  # exact in every JSON reader and in Lua
Place = tuple[int, int]  # (seq, rank)


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every message of a match carries."""

    match_id: MatchId
    seq: Count
    rank: Count = 0
    revision: Count = 0
    at: Count = 0

    @property
    def place(self) -> Place:
        """Where the message stands in the order of play."""
        return self.seq, self.rank


class MatchStarted(Event, frozen=True, kw_only=True, tag="match_started"):
    """The teams, the ground, the toss and the format; always `seq` 0."""

    fixture: Fixture


class InningsOpened(Event, frozen=True, kw_only=True, tag="innings_opened"):
    """An innings starts, with its target if it has one."""

    fact: InningsOpening


class BallBowled(Event, frozen=True, kw_only=True, tag="ball_bowled"):
    """One delivery; with a `revision` amended, with a `rank` inserted late."""

    fact: Ball


class InningsClosed(Event, frozen=True, kw_only=True, tag="innings_closed"):
    """An innings ended."""

    fact: InningsClose


class MatchEnded(Event, frozen=True, kw_only=True, tag="match_ended"):
    """The match ended, with its outcome."""

    fact: Outcome


class TargetRevised(Event, frozen=True, kw_only=True, tag="target_revised"):
    """The target or the length of the innings being played was revised."""

    fact: facts.TargetRevised


class InningsReopened(Event, frozen=True, kw_only=True, tag="innings_reopened"):
    """The innings closed last goes on."""

    fact: facts.InningsReopened


class PlayerReplaced(Event, frozen=True, kw_only=True, tag="player_replaced"):
    """A player takes another's place."""

    fact: facts.PlayerReplaced


class MessageCancelled(Event, frozen=True, kw_only=True, tag="message_cancelled"):
    """What the message of this place told did not happen."""


FactEvent = (
    InningsOpened
    | BallBowled
    | InningsClosed
    | MatchEnded
    | TargetRevised
    | InningsReopened
    | PlayerReplaced
)
MatchEvent = MatchStarted | FactEvent | MessageCancelled

LARGEST_EVENT = 64 * 1024  # bytes; a match_started with both squads and all names takes 4,000
LONGEST_STRING = 500  # bytes of a name, an id or a place, as JSON
STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
ESCAPED_CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bfnrt]|u00[01]|u007[fF]|u00[89])")
OTHER_CONTROL = re.compile(rb"\x7f|\xc2[\x80-\x9f]")  # DEL and C1: JSON does not escape them

_DECODER: msgspec.json.Decoder[MatchEvent] = msgspec.json.Decoder(MatchEvent)
_ENCODER = msgspec.json.Encoder()


class BrokenMessageError(ValueError):
    """A message that is not a valid event; the text says what is wrong and where."""


def encode(event: MatchEvent) -> bytes:
    """The event as JSON in UTF-8."""
    return _ENCODER.encode(event)


def decode(value: bytes | None) -> MatchEvent:
    """The event in a message's value; BrokenMessageError if there is none.

    Names end up on terminals, in logs and in every prediction, so control characters and very long
    strings are refused.
    """
    if value is None:
        raise BrokenMessageError("no value")
    if len(value) > LARGEST_EVENT:
        raise BrokenMessageError(f"{len(value)} bytes, of which {LARGEST_EVENT} are taken")
    try:
        event = _DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenMessageError(str(error)) from error
    reason = _unfit(value)
    if reason:
        raise BrokenMessageError(reason)
    return event


def _unfit(value: bytes) -> str:
    """Why a message's strings must not be passed on; "" if they may. Most balls need no search."""
    if len(value) > LONGEST_STRING and max(map(len, STRING.findall(value))) > LONGEST_STRING:
        return f"a string of more than {LONGEST_STRING} bytes"
    escaped = b"\\" in value and ESCAPED_CONTROL.search(value)
    if escaped or ((b"\xc2" in value or b"\x7f" in value) and OTHER_CONTROL.search(value)):
        return "a control character in a string"
    return ""


def event_of(match_id: str, seq: int, at: int, fact: Fact | Fixture) -> MatchEvent:
    """The message of a fact."""
    if isinstance(fact, Fixture):
        return MatchStarted(match_id=match_id, seq=seq, at=at, fixture=fact)
    kinds: dict[type[Fact], Callable[..., MatchEvent]] = {
        InningsOpening: InningsOpened,
        Ball: BallBowled,
        InningsClose: InningsClosed,
        Outcome: MatchEnded,
        facts.TargetRevised: TargetRevised,
        facts.InningsReopened: InningsReopened,
        facts.PlayerReplaced: PlayerReplaced,
    }
    event: MatchEvent = kinds[type(fact)](match_id=match_id, seq=seq, at=at, fact=fact)
    return event
