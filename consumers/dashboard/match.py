"""One match as its messages tell it: every standing ball, the newest forecast, what was corrected.

A pure fold: the same messages give the same match, whatever else was read between them, and a
message that comes again changes nothing.
"""

from dataclasses import dataclass, field

from consumers.dashboard.ball_points import Point, point_of
from consumers.dashboard.innings import Scorebook
from consumers.phrases import notice
from cricket.facts import Fixture
from learning.serving.win_probability_added import shares
from streams.messages.events import Place
from streams.messages.predictions import Prediction, PredictionMessage, Waiting, Withdrawal

KEPT_WHOLE = 12  # predictions: if the newest is withdrawn, an earlier one is the newest again


@dataclass(slots=True)
class Match:
    """What the page knows of a match. `at` is when Kafka took the last message, in ms."""

    match_id: str
    at: int = 0
    points: dict[Place, Point] = field(default_factory=dict)
    told: dict[Place, int] = field(default_factory=dict)
    whole: dict[Place, Prediction] = field(default_factory=dict)
    book: Scorebook = field(default_factory=Scorebook)
    fixture: Fixture | None = None
    waiting: bool = False
    notice: str = ""

    def take(self, said: PredictionMessage, at: int) -> Place | None:
        """Absorbs a message; the place of the ball that it changed, if any."""
        if isinstance(said, Waiting):
            self.at, self.waiting, self.notice = max(at, self.at), True, notice(said)
            return None
        place = (said.seq, said.rank)
        if self.told.get(place, -1) >= said.revision:
            return None
        self.at, self.told[place], self.notice = max(at, self.at), said.revision, notice(said)
        if isinstance(said, Withdrawal):
            self._drop(place)
        else:
            self._keep(place, said)
        return place

    def _drop(self, place: Place) -> None:
        self.points.pop(place, None)
        self.whole.pop(place, None)
        self.book.drop(place)

    def _keep(self, place: Place, said: Prediction) -> None:
        self.points[place] = point_of(said)
        self.fixture = said.fixture or self.fixture
        if said.delivery is not None:
            self.book.take(place, said.delivery, said.card)
        self.whole[place] = said
        if len(self.whole) > KEPT_WHOLE:
            del self.whole[min(self.whole)]
        if place == max(self.whole):
            self.waiting = said.waiting is not None

    @property
    def newest(self) -> Prediction | None:
        """The forecast after the last ball that stands."""
        return self.whole[max(self.whole)] if self.whole else None

    def in_order(self) -> list[Point]:
        """The balls in the order of play."""
        return [point for _, point in sorted(self.points.items())]

    def corrections(self) -> int:
        """How many balls do not stand as they were first told."""
        return sum(revision > 0 for revision in self.told.values())

    def shares(self) -> dict[str, float]:
        """Win probability added by each player for his side, ids as keys."""
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
