"""How far a match has got by the log, without playing it: enough for one that has ended."""

from dataclasses import dataclass, field

from cricket.formats import Unsupported
from learning.keys import model_key
from streams.messages.events import MatchEnded, MatchEvent, MatchStarted, Place
from streams.pipeline.advance import START, misplaced
from streams.pipeline.match_record import MatchRecord

FIRST_SEQS = 8_192  # sequence numbers that are bits of one number; later ones have an entry


@dataclass(slots=True)
class MatchProgress:
    """The last message of a match that a record would absorb, and whether it began and ended.

    `began` says whether its match_started holds and is of a format that is forecast; None before
    that message. The record of a match that did not begin holds refusals only, and is cheap to
    rebuild.

    `since` is the offset of the first message that a record would absorb: none before it is of the
    match. A repeated message, and one without a place in the match, changes no record. `first` has
    a bit for each sequence number that came, `later` the newest revision of every other place.
    """

    match_id: str
    since: int = -1
    seq: int = -1
    offset: int = -1
    began: bool | None = None
    ended: bool = False
    first: int = 0
    later: dict[Place, int] = field(default_factory=dict)

    def absorb(self, event: MatchEvent, offset: int) -> None:
        """Take in a message of the match."""
        if self._is_known(event) or misplaced(MatchRecord(self.match_id, self.seq), event):
            return
        if event.place == START:
            self.began = isinstance(event, MatchStarted) and _is_forecast(event)
        elif self.began is False:  # refused and not kept
            return
        if event.rank == 0 and event.revision == 0 and event.seq < FIRST_SEQS:
            self.first |= 1 << event.seq
        else:
            self.later[event.place] = event.revision
        self.since = offset if self.since < 0 else self.since
        self.seq, self.offset = max(self.seq, event.seq), offset
        self.ended = self.ended or isinstance(event, MatchEnded)

    def sleeps(self) -> bool:
        """Whether the match has ended, so that the log alone may keep it."""
        return bool(self.began) and self.ended

    def asleep(self) -> MatchRecord:
        """The record of an ended match that only the log holds."""
        return MatchRecord(self.match_id, self.seq, self.offset, asleep=True)

    def _is_known(self, event: MatchEvent) -> bool:
        """Whether the message, or a later revision of it, was absorbed before."""
        first = event.rank == 0 and event.seq < FIRST_SEQS and self.first >> event.seq & 1
        return event.revision <= self.later.get(event.place, 0 if first else -1)


def _is_forecast(event: MatchStarted) -> bool:
    return not isinstance(model_key(event.fixture), Unsupported)
