"""How far the log has told a match: what is known of an ended one without playing it again."""

from dataclasses import dataclass, field

from streams.events import MatchEnded, MatchEvent, Place
from streams.pipeline import misplaced
from streams.records import MatchRecord

FIRST_TOLD = 8_192  # messages whose places are bits of a number, a match; others have an entry


@dataclass(slots=True)
class Told:
    """A match's last message that a record would have absorbed, and whether one was its end.

    What repeats a message, or has no place in the match, moves no record. `first` has a bit for
    each sequence number that was told, `later` the newest revision of every other place.
    """

    match_id: str
    seq: int = -1
    offset: int = -1
    ended: bool = False
    first: int = 0
    later: dict[Place, int] = field(default_factory=dict)

    def hear(self, event: MatchEvent, offset: int) -> None:
        """Takes in a message of the match."""
        if self._is_known(event) or misplaced(MatchRecord(self.match_id, self.seq), event):
            return
        if event.rank == 0 and event.revision == 0 and event.seq < FIRST_TOLD:
            self.first |= 1 << event.seq
        else:
            self.later[event.place] = event.revision
        self.seq, self.offset = max(self.seq, event.seq), offset
        self.ended = self.ended or isinstance(event, MatchEnded)

    def asleep(self) -> MatchRecord:
        """The record of an ended match that only the log holds."""
        return MatchRecord(self.match_id, self.seq, self.offset, asleep=True)

    def _is_known(self, event: MatchEvent) -> bool:
        """Whether the message, or a later revision of it, was told before."""
        first = event.rank == 0 and event.seq < FIRST_TOLD and self.first >> event.seq & 1
        return event.revision <= self.later.get(event.place, 0 if first else -1)
