"""The board with its hub: messages in, deltas out, and snapshots that deltas go on from."""

from collections.abc import Callable, Iterable
from threading import Lock

import msgspec

from consumers.dashboard import documents as docs
from consumers.dashboard.cards import InningsCard, innings_card
from consumers.dashboard.channels import Channels
from consumers.dashboard.documents import MatchDelta, MatchDocument, Row
from consumers.dashboard.match import Match
from consumers.dashboard.match_page import elevens, head, row
from consumers.dashboard.state import PageMessage, PageState
from streams.messages.events import Place

MATCHES, MODELS = "matches", "models"  # channels; a match's own is "match/<id>"
READING, LIVE, UNREACHABLE = "reading", "live", "unreachable"

_ENCODER = msgspec.json.Encoder()


def channel_of(match_id: str) -> str:
    """The channel of a match's page."""
    return f"match/{match_id}"


class Live:
    """One writer (the reader of Kafka) and many readers; a snapshot and its cursor fit together."""

    def __init__(self, board: PageState, hub: Channels, now: Callable[[], int]) -> None:
        self.hub = hub
        self.feed = READING
        self._board = board
        self.now = now  # ms since 1970
        self._lock = Lock()

    def take(self, batch: Iterable[PageMessage]) -> None:
        """Absorbs messages and publishes what they changed, each change once for all viewers."""
        with self._lock:
            for heard in batch:
                self._board.take(heard)
            self._publish()

    def snapshot(self, channel: str) -> bytes | None:
        """A channel's document as JSON; None if there is no such match."""
        with self._lock:
            document = self._document(channel)
        return None if document is None else _ENCODER.encode(document)

    def _document(self, channel: str) -> msgspec.Struct | None:
        cursor, now = self.hub.cursor(), self.now()
        if channel == MATCHES:
            rows = tuple(filter(None, map(row, self._board.matches.values())))
            return docs.ListDocument(cursor=cursor, now=now, feed=self.feed, rows=rows)
        if channel == MODELS:
            found = (model.document() for model in self._board.models.values())
            return docs.ModelsDocument(cursor=cursor, now=now, models=tuple(filter(None, found)))
        match = self._board.matches.get(channel.removeprefix("match/"))
        return None if match is None else self._match(match, cursor, now)

    def _match(self, match: Match, cursor: str, now: int) -> MatchDocument | None:
        said, shown = match.newest, row(match)
        if said is None or shown is None:
            return None
        return MatchDocument(
            cursor=cursor,
            now=now,
            head=self._head(match, shown),
            points=tuple(match.in_order()),
            cards=_cards(match, None),
            elevens=elevens(match, said, self._board.careers),
        )

    def _head(self, match: Match, shown: Row) -> docs.Head:
        said = match.newest
        assert said is not None
        return head(match, said, shown, self._board.models.get(said.model_key), self._board.careers)

    def _publish(self) -> None:
        changes, rows = self._board.taken(), []
        for match_id, places in changes.matches.items():
            match = self._board.matches[match_id]
            shown = row(match)
            if shown is not None:
                rows.append(shown)
                self._publish_match(match, shown, places)
        if rows or changes.gone:
            self._send(MATCHES, docs.ListDelta(rows=tuple(rows), gone=tuple(changes.gone)))
        for match_id in changes.gone:
            self.hub.close(channel_of(match_id))
        found = (self._board.models[key].document() for key in sorted(changes.models))
        models = tuple(filter(None, found))
        if models:
            self._send(MODELS, docs.ModelsDelta(models=models))

    def _publish_match(self, match: Match, shown: Row, places: set[Place]) -> None:
        """A match's delta; where balls went, every innings is told again."""
        points = tuple(match.points[p] for p in sorted(places) if p in match.points)
        gone = tuple(sorted(p for p in places if p not in match.points))
        changed = None if gone else {point.innings for point in points}
        delta = MatchDelta(
            head=self._head(match, shown), points=points, gone=gone, cards=_cards(match, changed)
        )
        self._send(channel_of(match.match_id), delta)

    def _send(self, channel: str, delta: msgspec.Struct) -> None:
        self.hub.publish(channel, _ENCODER.encode(delta))


def _cards(match: Match, numbers: set[int] | None) -> tuple[InningsCard, ...]:
    """The cards of the innings of these numbers, by default of all."""
    if match.fixture is None:
        return ()
    found = match.book.innings()
    return tuple(
        innings_card(match.fixture, innings)
        for number, innings in found.items()
        if numbers is None or number in numbers
    )
