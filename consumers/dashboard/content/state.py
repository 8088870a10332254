"""The page's state: a fold over the messages of three topics that records what they changed."""

from dataclasses import dataclass, field

import msgspec

from consumers.dashboard.content.calibration import counted
from consumers.dashboard.content.careers import Careers
from consumers.dashboard.content.match import Match
from consumers.dashboard.content.match_page import settled
from consumers.dashboard.content.models import Model
from streams.messages import decisions
from streams.messages import metrics as metric_messages
from streams.messages.events import Place
from streams.messages.predictions import Prediction, PredictionMessage, decode_prediction

PREDICTIONS, METRICS, DRIFT = "predictions", "metrics", "drift"


@dataclass(frozen=True, slots=True)
class PageMessage:
    """A message from Kafka; `topic` is one of the three above, `at` its append time in ms."""

    topic: str
    partition: int
    offset: int
    at: int
    value: bytes


@dataclass(slots=True)
class Changes:
    """Changes since the last look: balls by match (new, revised, withdrawn), models, and `gone`.

    `gone` are the matches that are no longer kept.
    """

    matches: dict[str, set[Place]] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PageState:
    """Matches, careers and models. A message that comes again changes nothing.

    Only the `most` most recently updated matches are kept. What a decided match contributed to
    calibration and careers stays.
    """

    most: int = 200
    matches: dict[str, Match] = field(default_factory=dict)
    careers: Careers = field(default_factory=Careers)
    models: dict[str, Model] = field(default_factory=dict)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    unreadable: int = 0
    changes: Changes = field(default_factory=Changes)

    def take(self, message: PageMessage) -> None:
        """Absorb one message."""
        place = (message.topic, message.partition)
        if message.offset <= self.positions.get(place, -1):
            return
        self.positions[place] = message.offset
        try:
            self._read(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.unreadable += 1

    def taken(self) -> Changes:
        """Return what changed since the last call."""
        changes, self.changes = self.changes, Changes()
        return changes

    def _read(self, message: PageMessage) -> None:
        if message.topic == METRICS:
            metrics = metric_messages.decode(message.value)
            self._model(metrics.model_key).score(metrics)
        elif message.topic == DRIFT:
            decision = decisions.decode(message.value)
            self._model(decision.model_key).decide(decision)
        else:
            self._match(decode_prediction(message.value), message.at)

    def _model(self, key: str) -> Model:
        """Return the model of a key, and mark it as changed."""
        self.changes.models.add(key)
        return self.models.setdefault(key, Model(key))

    def _match(self, message: PredictionMessage, at: int) -> None:
        match = self.matches.pop(message.match_id, None) or Match(message.match_id)
        self.matches[message.match_id] = match  # the most recently updated is the last in order
        place = match.take(message, at)
        changed = self.changes.matches.setdefault(message.match_id, set())
        if place is not None:
            changed.add(place)
        if match.newest is not None:
            self._settle(match, match.newest)
        if len(self.matches) > self.most:
            self._forget(next(iter(self.matches)))

    def _settle(self, match: Match, newest: Prediction) -> None:
        """Update careers and calibration when an innings ends, and again after a correction."""
        was_settled = match.match_id in self.settled
        ended = newest.innings_over or match.result is not None
        if match.fixture is None or not (ended or was_settled):
            return
        innings = match.book.innings()
        elevens = [player for side in match.fixture.players.values() for player in side]
        careers = (match.match_id, newest.model_key, newest.date)
        self.careers.enter(*careers, elevens, innings.values())
        won = settled(match, innings)
        if won is not None:
            chances = [point.chance for point in match.points.values()]
            self._model(newest.model_key).settled[match.match_id] = counted(chances, won=won)
            self.settled.add(match.match_id)
        elif was_settled:
            self._model(newest.model_key).settled.pop(match.match_id, None)
            self.settled.discard(match.match_id)

    def _forget(self, match_id: str) -> None:
        del self.matches[match_id]
        self.changes.matches.pop(match_id, None)
        self.changes.gone.append(match_id)
