"""A match's messages in the order of play: what a record keeps, and a correction opens again.

The order of play is that of (seq, rank), whatever the order of arrival. `rank` 0 is the message
that the feed counted; ranks from 1 are messages that it had forgotten, between `seq` and the next.
Of a place only the highest revision counts.
"""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from streams.messages.events import MatchEvent, Place

Book = Sequence["Entry"]

WITHDRAWN = ""


class Published(msgspec.Struct, frozen=True, gc=False):
    """What was published of a ball last: its revision and a digest of it; "" once withdrawn."""

    revision: int
    digest: str


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One place of the book: its newest event, what was said of it, why it was refused if so."""

    event: MatchEvent
    told: Published | None = None
    refused: str = ""

    @property
    def place(self) -> Place:
        """Where it stands in the order of play."""
        return self.event.seq, self.event.rank

    @property
    def says(self) -> bool:
        """Whether a prediction of it stands."""
        return self.told is not None and self.told.digest != WITHDRAWN


def find(book: Book, place: Place) -> int:
    """The index at which the place stands, or would."""
    last = book[-1].place if book else None
    if last is None or place > last:
        return len(book)
    if place == last:  # the place of most messages, which come in order
        return len(book) - 1
    return bisect_left(book, place, key=lambda entry: entry.place)


def entry_at(book: Book, place: Place) -> Entry | None:
    """The entry of a place; None where there is none."""
    index = find(book, place)
    return book[index] if index < len(book) and book[index].place == place else None


def same_fact(one: MatchEvent, other: MatchEvent) -> bool:
    """Whether a revision says what was said before."""
    return msgspec.structs.replace(other, revision=one.revision, at=one.at) == one
