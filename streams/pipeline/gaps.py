"""How long a match waits for a message that has not come.

Times are those that the feed gives its messages. No clock is read, so that the same log leads to
the same waits whenever it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from cricket.state import MatchState
from streams.messages.events import MatchEnded
from streams.messages.predictions import Gap
from streams.pipeline.match_log import Entry
from streams.pipeline.match_record import MatchRecord
from streams.settings import Settings

REMEMBERED_GAPS = 64  # messages that may be missing at once before the oldest are forgotten


@dataclass(frozen=True, slots=True)
class GapLimits:
    """How many messages of a match may be held while one is missing, and how long in feed time."""

    messages: int = 12  # two overs
    seconds: int = 120  # a feed that delays more than that is late, not out of order


def gap_limits(settings: Settings) -> GapLimits:
    """The limits that a deployment is set to."""
    return GapLimits(settings.gap_messages, settings.gap_seconds)


def may_wait(held: Sequence[Entry], limits: GapLimits) -> bool:
    """Whether the held messages may wait longer; not if the match has ended: nothing follows."""
    if len(held) > limits.messages or any(isinstance(e.event, MatchEnded) for e in held):
        return False
    first, newest = held[0].event.at, max(entry.event.at for entry in held)
    return newest - first <= limits.seconds * 1_000


def waiting_for(record: MatchRecord, held: Sequence[Entry]) -> Gap | None:
    """The gap that the match waits for to be filled; None if no message is held."""
    if not held:
        return None
    seq, waiting = record.seq + 1, record.waiting
    if waiting is not None and waiting.seq == seq:
        return waiting
    return Gap(seq, due(record.state), held[0].event.at)


def given_up_before(record: MatchRecord, following: Entry) -> MatchRecord:
    """The record that counts the messages before a held one as missing, and waits no longer."""
    event = following.event
    through = event.seq - (event.rank == 0)  # an inserted message does not need the one it follows
    seqs = range(record.seq + 1, through + 1)[-REMEMBERED_GAPS:]
    ball, since = due(record.state), event.at
    gaps = (*record.missing, *(Gap(seq, ball, since) for seq in seqs))[-REMEMBERED_GAPS:]
    return replace(record, seq=through, missing=gaps)


def due(state: MatchState | None) -> str:
    """The number of the ball that is due, such as "7.3"; "" where none is.

    A wide or a no-ball has the number of the ball that was due, which is bowled again.
    """
    innings = state.current if state else None
    if innings is None or innings.over_reason:
        return ""
    over, bowled = divmod(innings.balls, innings.per_over)
    return f"{over}.{bowled + 1}"
