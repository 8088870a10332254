"""One match, from its messages: every surviving ball, the newest forecast, the corrections.

A pure fold: the same messages give the same match, whatever else was read between them, and a
message that comes again changes nothing.
"""

from dataclasses import dataclass, field

from consumers.dashboard.content.ball_points import Point, point_of
from consumers.dashboard.content.innings import Scorebook
from consumers.phrases import notice
from cricket.facts import Fixture
from learning.serving.win_probability_added import shares
from streams.messages.events import Place
from streams.messages.predictions import (
    MatchResult,
    Prediction,
    PredictionMessage,
    Waiting,
)

KEPT_PREDICTIONS = 12  # if the newest is withdrawn, an earlier one is the newest again


@dataclass(slots=True)
class Match:
    """A match as the page knows it.

    `at` is when Kafka appended the last message, in ms; `revisions` are the newest of each place,
    `predictions` the last few in full, `results` the official results that stand: one at most.
    """

    match_id: str
    at: int = 0
    points: dict[Place, Point] = field(default_factory=dict)
    revisions: dict[Place, int] = field(default_factory=dict)
    predictions: dict[Place, Prediction] = field(default_factory=dict)
    book: Scorebook = field(default_factory=Scorebook)
    fixture: Fixture | None = None
    results: dict[Place, MatchResult] = field(default_factory=dict)
    waiting: bool = False
    notice: str = ""

    def take(self, message: PredictionMessage, at: int) -> Place | None:
        """Absorb a message; return the place of the ball or the result that it changed, if any."""
        if isinstance(message, Waiting):
            self.at, self.waiting, self.notice = max(at, self.at), True, notice(message)
            return None
        place = (message.seq, message.rank)
        if self.revisions.get(place, -1) >= message.revision:
            return None
        self.at, self.notice = max(at, self.at), notice(message)
        self.revisions[place] = message.revision
        self.results.pop(place, None)
        if isinstance(message, Prediction):
            self._keep(place, message)
            return place
        self._drop(place)
        if isinstance(message, MatchResult):
            self.results[place], self.waiting = message, False
        return place

    def _drop(self, place: Place) -> None:
        self.points.pop(place, None)
        self.predictions.pop(place, None)
        self.book.drop(place)

    def _keep(self, place: Place, prediction: Prediction) -> None:
        self.points[place] = point_of(prediction)
        self.fixture = prediction.fixture or self.fixture
        if prediction.delivery is not None:
            self.book.take(place, prediction.delivery, prediction.card)
        self.predictions[place] = prediction
        if len(self.predictions) > KEPT_PREDICTIONS:
            del self.predictions[min(self.predictions)]
        if place == max(self.predictions):
            self.waiting = prediction.waiting is not None

    @property
    def newest(self) -> Prediction | None:
        """The forecast after the last ball that was not withdrawn."""
        return self.predictions[max(self.predictions)] if self.predictions else None

    @property
    def result(self) -> MatchResult | None:
        """The official result that stands."""
        return self.results[max(self.results)] if self.results else None

    def in_order(self) -> list[Point]:
        """The balls in the order of play."""
        return [point for _, point in sorted(self.points.items())]

    def corrections(self) -> int:
        """The number of balls that were revised since they were first predicted."""
        balls = (n for place, n in self.revisions.items() if place not in self.results)
        return sum(revision > 0 for revision in balls)

    def shares(self) -> dict[str, float]:
        """Win probability that each player added for their side, ids as keys."""
        first = self.newest.teams[0] if self.newest else ""
        batting = {number: terms.batting for number, terms in self.book.terms.items()}
        return shares(
            (p.batter, p.bowler, p.added if batting.get(p.innings) == first else -p.added)
            for p in self.points.values()
            if p.batter
        )

    def turning_points(self, count: int) -> list[Place]:
        """The balls that moved the chance most, in the order they were bowled."""
        ranked = sorted(self.points, key=lambda place: -abs(self.points[place].added))
        return sorted(ranked[:count])

    def name(self, player: str) -> str:
        """A player's printed name."""
        return self.fixture.name(player) if self.fixture else player
