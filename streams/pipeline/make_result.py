"""The message of a match's official result, and which entry of the match log it belongs to."""

from cricket.official_result import official_result
from streams.messages.events import MatchEnded, MatchEvent
from streams.messages.predictions import MatchResult
from streams.messages.source import Source
from streams.pipeline.match_log import MatchLog, find
from streams.pipeline.match_record import MatchRecord


def match_result(record: MatchRecord, event: MatchEvent, source: Source) -> MatchResult:
    """The result of a match that `event` ended, as revision 0."""
    official = official_result(record.state) if record.state else None
    assert record.state is not None
    assert official is not None
    fixture = record.state.fixture
    return MatchResult(
        match_id=event.match_id,
        seq=event.seq,
        rank=event.rank,
        at=event.at,
        source=source,
        event=fixture.event,
        date=fixture.date,
        teams=fixture.teams,
        result=official.result,
        winner=official.winner,
        by=official.by,
        method=official.method,
        tie_break=official.tie_break,
        text=official.text,
    )


def ending(record: MatchRecord, log: MatchLog) -> int | None:
    """The index of the entry that ended the match; None while the match goes on."""
    if not record.has_ended:
        return None
    played = log[: find(log, (record.seq + 1, 0))]
    ends = (i for i, entry in enumerate(played) if isinstance(entry.event, MatchEnded))
    return max((index for index in ends if not log[index].refused), default=None)
