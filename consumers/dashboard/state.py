"""All that the page knows: a fold over the messages of the three topics, and what each changed."""

from dataclasses import dataclass, field

import msgspec

from consumers.dashboard.calibration import counted
from consumers.dashboard.careers import Careers
from consumers.dashboard.match import Match
from consumers.dashboard.match_page import settled
from consumers.dashboard.models import Model
from streams.messages import decisions
from streams.messages import metrics as metric_messages
from streams.messages.events import Place
from streams.messages.predictions import Prediction, decode_prediction

PREDICTIONS, METRICS, DRIFT = "predictions", "metrics", "drift"


@dataclass(frozen=True, slots=True)
class PageMessage:
    """A message as Kafka gave it; `topic` is one of the three above, `at` its append time in ms."""

    topic: str
    partition: int
    offset: int
    at: int
    value: bytes


@dataclass(slots=True)
class Changes:
    """What messages moved: balls by match (newly told ones and those that are gone), models."""

    matches: dict[str, set[Place]] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PageState:
    """Matches, careers and models. A message that was heard before changes nothing.

    Of matches the `most` that were heard of last are kept; what a settled one showed of the model
    and of careers stays.
    """

    most: int = 200
    matches: dict[str, Match] = field(default_factory=dict)
    careers: Careers = field(default_factory=Careers)
    models: dict[str, Model] = field(default_factory=dict)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    unreadable: int = 0
    changes: Changes = field(default_factory=Changes)

    def take(self, heard: PageMessage) -> None:
        """Absorbs one message."""
        place = (heard.topic, heard.partition)
        if heard.offset <= self.positions.get(place, -1):
            return
        self.positions[place] = heard.offset
        try:
            self._read(heard)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.unreadable += 1

    def taken(self) -> Changes:
        """What changed since it was asked last."""
        changes, self.changes = self.changes, Changes()
        return changes

    def _read(self, heard: PageMessage) -> None:
        if heard.topic == METRICS:
            said = metric_messages.decode(heard.value)
            self._model(said.model_key).score(said)
        elif heard.topic == DRIFT:
            decision = decisions.decode(heard.value)
            self._model(decision.model_key).decide(decision)
        else:
            self._match(heard)

    def _model(self, key: str) -> Model:
        """The model of a key, which changes now."""
        self.changes.models.add(key)
        return self.models.setdefault(key, Model(key))

    def _match(self, heard: PageMessage) -> None:
        said = decode_prediction(heard.value)
        match = self.matches.pop(said.match_id, None) or Match(said.match_id)
        self.matches[said.match_id] = match  # the last heard of is the last in order
        place = match.take(said, heard.at)
        changed = self.changes.matches.setdefault(said.match_id, set())
        if place is not None:
            changed.add(place)
        if match.newest is not None:
            self._settle(match, match.newest)
        if len(self.matches) > self.most:
            self._forget(next(iter(self.matches)))

    def _settle(self, match: Match, said: Prediction) -> None:
        """Careers and calibration when an innings is over, and anew when that was corrected."""
        was = match.match_id in self.settled
        if match.fixture is None or not (said.innings_over or was):
            return
        innings = match.book.innings()
        elevens = [player for side in match.fixture.players.values() for player in side]
        self.careers.enter(match.match_id, said.date, elevens, innings)
        won = settled(match, innings)
        if won is not None:
            chances = [point.chance for point in match.points.values()]
            self._model(said.model_key).settled[match.match_id] = counted(chances, won=won)
            self.settled.add(match.match_id)
        elif was:
            self._model(said.model_key).settled.pop(match.match_id, None)
            self.settled.discard(match.match_id)

    def _forget(self, match_id: str) -> None:
        del self.matches[match_id]
        self.changes.matches.pop(match_id, None)
        self.changes.gone.append(match_id)
