"""The match log: a match's messages in the order of play, into which corrections are entered.

The order of play is that of (seq, rank), whatever the order of arrival. `rank` 0 is the message
that the feed counted; ranks from 1 are messages that it had forgotten, between `seq` and the next.
Of each place only the highest revision counts.
"""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from streams.messages.events import MatchEvent, Place

MatchLog = Sequence["Entry"]

WITHDRAWN = ""


class Published(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What was published last of a place: its revision and a digest of it; "" once withdrawn.

    `result` says that it was the match's result, and no prediction.
    """

    revision: int
    digest: str
    result: bool = False


class Entry(msgspec.Struct, frozen=True, gc=False, rename={"published": "told"}):
    """One place of the log: its newest event, what was published of it, why it was refused if so.

    In Redis `published` has the name that it had in earlier versions.
    """

    event: MatchEvent
    published: Published | None = None
    refused: str = ""

    @property
    def place(self) -> Place:
        """Where the event stands in the order of play."""
        return self.event.seq, self.event.rank

    @property
    def is_published(self) -> bool:
        """Whether a prediction of this ball, or the match's result, stands."""
        return self.published is not None and self.published.digest != WITHDRAWN

    @property
    def has_prediction(self) -> bool:
        """Whether a prediction of this ball stands."""
        return self.published is not None and self.is_published and not self.published.result


def find(log: MatchLog, place: Place) -> int:
    """The index at which the place stands, or would stand."""
    last = log[-1].place if log else None
    if last is None or place > last:
        return len(log)
    if place == last:  # the place of most messages, which come in order
        return len(log) - 1
    return bisect_left(log, place, key=lambda entry: entry.place)


def entry_at(log: MatchLog, place: Place) -> Entry | None:
    """The entry of a place; None where there is none."""
    index = find(log, place)
    return log[index] if index < len(log) and log[index].place == place else None


def same_fact(first: MatchEvent, second: MatchEvent) -> bool:
    """Whether two events of a place are equal but for their revisions and feed times."""
    return msgspec.structs.replace(second, revision=first.revision, at=first.at) == first
