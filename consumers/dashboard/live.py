"""The page's state and its channels: messages in, deltas out, and snapshots to start from."""

from collections.abc import Callable, Iterable
from threading import Lock

import msgspec

from consumers.dashboard.channels import Channels
from consumers.dashboard.content import documents as docs
from consumers.dashboard.content.cards import InningsCard, innings_card
from consumers.dashboard.content.documents import MatchDelta, MatchDocument, Row
from consumers.dashboard.content.match import Match
from consumers.dashboard.content.match_page import elevens, head, row
from consumers.dashboard.content.state import PageMessage, PageState
from learning.contest.decisions import AnyDecision
from streams.messages.events import Place

MATCHES, MODELS = "matches", "models"  # channels; a match's own is "match/<id>"
READING, LIVE, UNREACHABLE = "reading", "live", "unreachable"

_ENCODER = msgspec.json.Encoder()


def channel_of(match_id: str) -> str:
    """Return the channel of a match's page."""
    return f"match/{match_id}"


class Live:
    """One writer (Kafka's reader) and many readers; a snapshot and its cursor are consistent."""

    def __init__(self, state: PageState, channels: Channels, now: Callable[[], int]) -> None:
        self.channels = channels
        self.feed = READING
        self._state = state
        self.now = now  # ms since 1970
        self._lock = Lock()

    def take(self, batch: Iterable[PageMessage]) -> None:
        """Absorb messages and publish what they changed, each change once for all viewers."""
        with self._lock:
            for message in batch:
                self._state.take(message)
            self._publish()

    def snapshot(self, channel: str) -> bytes | None:
        """Return a channel's document as JSON; None if there is no such match."""
        with self._lock:
            document = self._document(channel)
        return None if document is None else _ENCODER.encode(document)

    def decided(self) -> tuple[dict[str, tuple[AnyDecision, ...]], dict[str, str]]:
        """The decisions about each model, in order, and the version that answered last."""
        with self._lock:
            models = self._state.models.values()
            decisions = {model.key: tuple(model.decisions.values()) for model in models}
            return decisions, {m.key: m.newest.model for m in models if m.newest is not None}

    def _document(self, channel: str) -> msgspec.Struct | None:
        cursor, now = self.channels.cursor(), self.now()
        if channel == MATCHES:
            rows = tuple(filter(None, map(row, self._state.matches.values())))
            return docs.ListDocument(cursor=cursor, now=now, feed=self.feed, rows=rows)
        if channel == MODELS:
            models = tuple(filter(None, (m.document() for m in self._state.models.values())))
            return docs.ModelsDocument(cursor=cursor, now=now, models=models)
        match = self._state.matches.get(channel.removeprefix("match/"))
        return None if match is None else self._match(match, cursor, now)

    def _match(self, match: Match, cursor: str, now: int) -> MatchDocument | None:
        prediction, shown = match.newest, row(match)
        if prediction is None or shown is None:
            return None
        return MatchDocument(
            cursor=cursor,
            now=now,
            head=self._head(match, shown),
            points=tuple(match.in_order()),
            cards=_cards(match, None),
            elevens=elevens(match, prediction, self._state.careers),
        )

    def _head(self, match: Match, shown: Row) -> docs.Head:
        prediction, state = match.newest, self._state
        assert prediction is not None
        model = state.models.get(prediction.model_key)
        return head(match, prediction, shown, model, state.careers)

    def _publish(self) -> None:
        changes, rows = self._state.taken(), []
        for match_id, places in changes.matches.items():
            match = self._state.matches[match_id]
            shown = row(match)
            if shown is not None:
                rows.append(shown)
                self._publish_match(match, shown, places)
        if rows or changes.gone:
            self._send(MATCHES, docs.ListDelta(rows=tuple(rows), gone=tuple(changes.gone)))
        for match_id in changes.gone:
            self.channels.close(channel_of(match_id))
        changed = (self._state.models[key].document() for key in sorted(changes.models))
        models = tuple(filter(None, changed))
        if models:
            self._send(MODELS, docs.ModelsDelta(models=models))

    def _publish_match(self, match: Match, shown: Row, places: set[Place]) -> None:
        """Publish a match's delta; if balls were withdrawn, it has the cards of all innings."""
        points = tuple(match.points[p] for p in sorted(places) if p in match.points)
        gone = tuple(sorted(p for p in places if p not in match.points))
        changed = None if gone else {point.innings for point in points}
        delta = MatchDelta(
            head=self._head(match, shown), points=points, gone=gone, cards=_cards(match, changed)
        )
        self._send(channel_of(match.match_id), delta)

    def _send(self, channel: str, delta: msgspec.Struct) -> None:
        self.channels.publish(channel, _ENCODER.encode(delta))


def _cards(match: Match, numbers: set[int] | None) -> tuple[InningsCard, ...]:
    """Return the cards of the innings of these numbers; of all if None."""
    if match.fixture is None:
        return ()
    return tuple(
        innings_card(match.fixture, innings)
        for number, innings in match.book.innings().items()
        if numbers is None or number in numbers
    )
