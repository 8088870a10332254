"""The time of each event of a recorded match: Cricsheet has no times, so they are made up.

The pace is that of televised cricket: an innings of 20 overs takes about 90 minutes. All times
follow from the match's date and id, so that every replay of the same matches is the same.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from zlib import crc32

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, InningsOpening
from streams.messages.events import MatchEvent, event_of

SECOND = 1_000
MINUTE = 60 * SECOND
BALL = 32 * SECOND
NEW_OVER = 60 * SECOND
WICKET = 90 * SECOND
INNINGS_BREAK = 20 * MINUTE
TOSS_BEFORE_PLAY = 30 * MINUTE
FIRST_START = 10 * 60 * MINUTE  # matches of a day start between 10:00 and 19:30, every half hour
STARTS_A_DAY = 20


def starts_at(date: str, match_id: str) -> int:
    """Return when the toss is announced, in ms since 1970; the id spreads matches over the day."""
    try:
        day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        day = datetime(2000, 1, 1, tzinfo=UTC)
    slot = crc32(match_id.encode()) % STARTS_A_DAY
    return int(day.timestamp() * SECOND) + FIRST_START + slot * 30 * MINUTE


def timed_events(match: RecordedMatch, begin: int | None = None) -> Iterator[MatchEvent]:
    """Yield the match's messages in order, numbered from 0, each with its time.

    `begin` is the toss, in ms since 1970; by default it follows from date and id.
    """
    at = starts_at(match.fixture.date, match.id) if begin is None else begin
    yield event_of(match.id, 0, at, match.fixture)
    at += TOSS_BEFORE_PLAY
    for seq, fact in enumerate(match.facts, start=1):
        if isinstance(fact, Ball):
            at += BALL + (NEW_OVER if fact.position == 0 else 0)
        elif isinstance(fact, InningsOpening) and fact.innings:
            at += INNINGS_BREAK
        yield event_of(match.id, seq, at, fact)
        if isinstance(fact, Ball) and fact.wickets:
            at += WICKET
