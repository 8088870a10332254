"""The walk: every ball's forecast, made by the live loop with what was known before it.

One row a delivery that does not end its innings, of the two innings of a match proper; columns are
arrays of one length. What the ladder's other rungs may use stands beside what the system forecast.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Outcome
from cricket.state import Innings, MatchState
from features import lineup
from forecast.outcomes import OUTCOMES, outcome_of
from forecast.shape import SHAPES
from learning.keys import format_name
from learning.model.snapshot import Snapshot
from learning.serving.forecast import Forecast
from learning.serving.labelling import fair_chase, undisturbed
from learning.serving.memory import Memory
from learning.serving.replay import Step
from learning.training.backtest import train

Columns = dict[str, NDArray[np.float32]]
NONE = -1.0  # no runs needed in a first innings, no next ball seen
NEXT_BALL = tuple(f"next_{name}" for name in OUTCOMES)
QUANTILES = ("q10", "q25", "q50", "q75", "q90")
STATE = ("match", "innings", "over", "balls", "left", "runs", "wickets", "needed", "target")
SAID = ("win", "tie", "engine", "baseline", "total", *QUANTILES, "engine_total", "spread", "ahead")


@dataclass(frozen=True, slots=True)
class Played:
    """A match as the judges know it; `first_won` is None unless somebody won."""

    id: str
    date: str
    event: str
    venue: str
    result: str
    method: str
    first_won: bool | None
    total: float
    undisturbed: bool
    fair: bool


@dataclass(slots=True)
class Walk:
    """What a walk through one key's matches left: the matches and their rows."""

    key: str
    matches: list[Played]
    columns: Columns
    snapshot: Snapshot
    inputs: tuple[str, ...] = field(default=())


class Collector:
    """Watches the live loop and keeps a row a ball."""

    def __init__(self, key: str) -> None:
        self._full = SHAPES[format_name(key)].balls
        self._rows: list[tuple[float, ...]] = []
        self._inputs: list[tuple[float, ...]] = []
        self._next: list[tuple[float, ...]] = []
        self._outcomes: list[int] = []
        self._places: dict[str, int] = {}
        self._last: dict[str, MatchState] = {}

    def __call__(
        self, match: RecordedMatch, step: Step, memory: Memory, forecast: Forecast
    ) -> None:
        """Keep the row of one ball's forecast."""
        state, ball = step.after, step.fact
        assert isinstance(ball, Ball)
        place = self._places.setdefault(match.id, len(self._places))
        self._last[match.id] = state
        innings = state.current
        if innings is None or forecast.inference is None or innings.number > 1:
            return
        question = forecast.inference.question()
        self._outcomes.append(outcome_of(ball))
        self._inputs.append(question.inputs)
        self._next.append(tuple(forecast.next_ball.get(name, 0.0) for name in OUTCOMES))
        quantiles = (forecast.q10, forecast.q25, forecast.q50, forecast.q75, forecast.q90)
        answers = (
            question.win,
            forecast.tie,
            question.engine,
            question.baseline,
            forecast.total_mean,
            *quantiles,
        )
        ends = float(bool(innings.over_reason))
        extra = (question.engine_total, question.spread, self._ahead(memory, state, innings), ends)
        self._rows.append((*_state(place, innings), *answers, *extra))

    def _ahead(self, memory: Memory, state: MatchState, innings: Innings) -> float:
        batting, bowling, start = memory.sides(state, innings)
        return lineup.ahead(innings, batting, bowling, self._full) - start

    def columns(self, inputs: tuple[str, ...]) -> Columns:
        """The rows as columns; balls that end an innings are left out, after they were the next."""
        rows = np.array(self._rows, dtype=np.float32).reshape(-1, len(STATE) + len(SAID) + 1)
        found = dict(zip((*STATE, *SAID, "ends"), rows.T, strict=True))
        found |= dict(zip(inputs, np.array(self._inputs, dtype=np.float32).T, strict=True))
        found |= dict(zip(NEXT_BALL, np.array(self._next, dtype=np.float32).T, strict=True))
        found["outcome"] = np.array(self._outcomes, dtype=np.float32)
        found["next"] = self._following(found)
        kept = found["ends"] == 0.0
        return {name: column[kept] for name, column in found.items() if name != "ends"}

    def _following(self, found: Columns) -> NDArray[np.float32]:
        """The outcome of the ball after each row's; NONE after the last that was bowled."""
        places = found["match"] * 2 + found["innings"]
        pairs = pairwise(zip(places.tolist(), self._outcomes, strict=True))
        following = [float(after[1]) if after[0] == now[0] else NONE for now, after in pairs]
        return np.array([*following, NONE], dtype=np.float32)

    def played(self, matches: list[RecordedMatch]) -> list[Played]:
        """The matches that have rows, in the order of their numbers."""
        by_id = {match.id: match for match in matches}
        return [_match(by_id[i], self._last[i]) for i in self._places]


def walk(key: str, matches: list[RecordedMatch], inputs: tuple[str, ...]) -> Walk:
    """The walk through the matches of one key, sorted by date."""
    collector = Collector(key)
    snapshot = train(key, matches, watch=collector)
    return Walk(key, collector.played(matches), collector.columns(inputs), snapshot, inputs)


def _state(place: int, innings: Innings) -> tuple[float, ...]:
    needed = NONE if innings.needed is None else innings.needed
    target = NONE if innings.target is None else innings.target
    where = (innings.over, innings.balls, innings.balls_left or 0, innings.runs, innings.wickets)
    return tuple(map(float, (place, innings.number, *where, needed, target)))


def _match(match: RecordedMatch, state: MatchState) -> Played:
    outcome = match.facts[-1]
    assert isinstance(outcome, Outcome)
    first = state.innings[0]
    won = outcome.result == "win" and outcome.winner is not None
    return Played(
        id=match.id,
        date=match.fixture.date,
        event=match.fixture.event,
        venue=match.fixture.venue,
        result=outcome.result,
        method=outcome.method,
        first_won=outcome.winner == first.batting if won else None,
        total=float(first.runs),
        undisturbed=undisturbed(first, state),
        fair=won and not outcome.method and fair_chase(state),
    )
