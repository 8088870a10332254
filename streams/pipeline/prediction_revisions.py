"""Which revision of a place's prediction or result is published next, if one is."""

from typing import TypeVar

from msgspec.structs import replace

from streams.messages.predictions import MatchResult, Prediction, Withdrawal, content, digest
from streams.messages.source import Source
from streams.pipeline.match_log import WITHDRAWN, Entry, Published
from streams.pipeline.match_record import MatchRecord

Message = TypeVar("Message", Prediction, MatchResult)


def next_revision(entry: Entry, message: Message) -> tuple[Message, Published] | None:
    """The message as the next revision of its place, with what the entry remembers of it.

    None if the same content was published last. `message` comes as revision 0.
    """
    last, content_digest = entry.published, digest(content(message))
    if last is not None:
        if last.digest == content_digest:
            return None
        message = replace(message, revision=last.revision + 1, supersedes=last.revision)
    is_result = isinstance(message, MatchResult)
    return message, Published(message.revision, content_digest, is_result)


def withdrawal(
    record: MatchRecord, entry: Entry, model: str, source: Source
) -> tuple[Withdrawal, Published]:
    """The withdrawal of what stands of an entry, with what the entry remembers of it."""
    assert entry.published is not None
    revision = entry.published.revision + 1
    message = Withdrawal(
        match_id=record.match_id,
        seq=entry.event.seq,
        rank=entry.event.rank,
        revision=revision,
        supersedes=entry.published.revision,
        at=entry.event.at,
        model_key=record.model_key,
        model=model,
        source=source,
    )
    return message, Published(revision, WITHDRAWN)
