"""One installed snapshot at work: from a match and its memory to a forecast, ball by ball."""

from msgspec.structs import replace

from cricket.facts import Ball, Fixture
from cricket.state import Innings, MatchState
from features.catalogue import FEATURE_VERSION
from features.history import draw
from features.inputs import LOG_ODDS_LIMIT, EngineFeatures, HistoryFeatures, inputs, rounded
from forecast import belief
from forecast.engine import Engine, Priors, Total
from learning.keys import format_name
from learning.model.correction import Correction
from learning.model.correction_limit import sigmoid
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot
from learning.serving.conditions import Conditions
from learning.serving.engine_view import EngineView, leverage, next_ball, view_of
from learning.serving.exact_result import Result, decided, played_out
from learning.serving.forecast import (
    Forecast,
    chance_of_first,
    engine_result,
    forecast,
    log_odds,
    slope,
    split,
    unknown,
)
from learning.serving.memory import Context, Memory
from learning.serving.question import Inference

__all__ = ["Forecast", "Forecaster", "Memory"]

QUESTION_BALLS = {"T20": 6, "ODI": 12}  # legal balls between two questions


class Forecaster:
    """Immutable in use; one per model key. `engine` may be shared by snapshots of one count."""

    def __init__(self, snapshot: Snapshot, engine: Engine | None = None) -> None:
        self.key = snapshot.key
        self.version = snapshot.version
        self.feature_version = FEATURE_VERSION
        self.engine = engine or engine_of(snapshot)
        self._conditions = Conditions(self.engine)
        self._history = snapshot.history
        self._correction = Correction(snapshot.models, snapshot.limits, snapshot.widths)
        self._step = QUESTION_BALLS[format_name(snapshot.key)]
        flat = belief.prior(self.engine.shape.grid, 0.0, 0.01)
        self._format_level = self.engine.expected(belief.weights(flat))

    def begin(self, fixture: Fixture) -> Memory:
        """The match's memory, with what it takes from history."""
        named = f"{self.version}/{self._history.absorbed}"
        drawn = draw(self._history, fixture, self._format_level, self.engine.shape.balls)
        return Memory(self.key, self.version, Context(named, drawn))

    def look(self, memory: Memory, state: MatchState) -> Forecast:
        """The forecast of any moment; nothing is learned from it and nothing asked."""
        if state.current is None:
            return unknown(self._format_level)
        return self._answered(self._ready(memory, state), state, due=False)[1]

    def observe(
        self, memory: Memory, before: MatchState, state: MatchState, ball: Ball
    ) -> tuple[Memory, Forecast]:
        """The memory and the forecast after a ball that led from `before` to `state`.

        Only balls move a memory: it is a function of the balls and of the models that answered
        them, which their predictions name, and so can be made again from the log.
        """
        innings, asked = state.current, before.current
        assert innings is not None
        assert asked is not None
        memory, had = self._before(memory, before, asked)
        memory = self._conditions.taught(memory, before, asked, ball)
        due = ball.legal and innings.balls % self._step == 0
        memory, said = self._answered(memory, state, due=due)
        chance = chance_of_first(state, said)
        gained = chance - had
        added = gained if innings.batting == state.fixture.teams[0] else -gained
        return memory.with_chance(chance), said.with_added(added)

    def follow(self, memory: Memory, before: MatchState, state: MatchState, ball: Ball) -> Memory:
        """What `observe` learns and asks, without the forecasts that nobody is told.

        The memory's beliefs and questions are the same; its `chance` is not kept.
        """
        innings, asked = state.current, before.current
        assert innings is not None
        assert asked is not None
        memory = self._ready(memory, before)
        if asked.deliveries == 0:
            memory = self._asking(memory, before)
        memory = self._conditions.taught(memory, before, asked, ball)
        due = ball.legal and innings.balls % self._step == 0
        return self._asking(memory, state) if due else memory

    def _asking(self, memory: Memory, state: MatchState) -> Memory:
        """The memory with this moment's question, if it is one to be asked."""
        innings = state.current
        assert innings is not None
        if innings.over_reason or innings.number >= len(memory.progress):
            return memory
        if decided(state, innings) is not None:
            return memory
        now, _ = self._moment(memory, state, innings)
        asked, _ = self._corrected(memory, state, innings, now)
        return replace(memory, questions=(*memory.questions, asked.question()))

    def _before(self, memory: Memory, before: MatchState, innings: Innings) -> tuple[Memory, float]:
        """The memory and the first-named team's chance before a ball, as this model sees them.

        An innings' first ball is the moment to ask how it will go.
        """
        first = innings.deliveries == 0
        memory = self._ready(memory, before)
        if not first and memory.chance is not None:
            return memory, memory.chance
        memory, said = self._answered(memory, before, due=first)
        return memory, chance_of_first(before, said)

    def _ready(self, memory: Memory, state: MatchState) -> Memory:
        """The memory in this model's terms, with the beliefs that its innings start from."""
        if memory.model != self.version:
            memory = self._conditions.recalled(memory, state, self.version)
        return self._conditions.opened(memory, state)

    def _moment(
        self, memory: Memory, state: MatchState, innings: Innings
    ) -> tuple[EngineView, Priors]:
        """What the engine says of this moment, and the priors that it said it with."""
        priors = self._conditions.priors(memory, state, innings)
        view = self._conditions.view(memory, state, innings, priors)
        return view_of(self.engine, innings, view, priors), priors

    def _answered(self, memory: Memory, state: MatchState, *, due: bool) -> tuple[Memory, Forecast]:
        """The forecast of the innings being played; if `due`, its question is remembered."""
        innings = state.current
        assert innings is not None
        now, priors = self._moment(memory, state, innings)
        due_view = self._conditions.next_view(memory, state, innings, now.view)
        balls = next_ball(self.engine, innings, due_view)
        result = decided(state, innings)
        if result is not None:
            return memory, forecast(result, _final(innings, now.total), balls)
        hangs = leverage(self.engine, innings, now, priors, balls)
        engine = (now.chances.win[0], now.chances.tie[0])
        if innings.number >= len(memory.progress):
            return memory, forecast(engine_result(*engine), now.total, balls, leverage=hangs)
        asked, result = self._corrected(memory, state, innings, now)
        total = now.total
        if innings.number == 0:
            left, runs = (innings.balls_left or 0) / self.engine.shape.balls, float(innings.runs)
            total = self._correction.total(total, asked.mean, left, runs)
        if due and not innings.over_reason:
            memory = replace(memory, questions=(*memory.questions, asked.question()))
        hangs *= slope(result, engine)
        return memory, forecast(result, total, balls, asked, hangs)

    def _corrected(
        self, memory: Memory, state: MatchState, innings: Innings, now: EngineView
    ) -> tuple[Inference, Result]:
        """What would be asked now, with its answers, and the corrected result."""
        number, full = innings.number, self.engine.shape.balls
        (win, prior_win), (tie, prior_tie) = now.chances
        raw = log_odds(win, tie)
        engine = min(max(raw, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT)
        told = self._features(memory, innings, now, engine, log_odds(prior_win, prior_tie))
        x = rounded(inputs(innings, full, told, _drawn(memory, state, innings)))
        odds = self._correction.odds(number, x, engine, (innings.balls_left or 0) / full)
        chance = sigmoid(odds + raw - engine)
        total = now.total
        mean = total.mean + (self._correction.shift(x) * total.spread if number == 0 else 0.0)
        level = memory.context.draw.level
        asked = Inference(innings, x, raw, chance, total, mean, level, full, self._correction)
        return asked, split(chance, tie)

    def _features(
        self, memory: Memory, innings: Innings, now: EngineView, engine: float, prior: float
    ) -> EngineFeatures:
        progress, grid = memory.progress[innings.number], self.engine.shape.grid
        tilts = now.view.weights @ grid
        return EngineFeatures(
            engine=engine,
            engine_prior=prior,
            tilt_learned=float(tilts[0] - tilts[1]),
            total_mean=now.total.mean,
            total_expected=progress.expected,
            total_spread=now.total.spread,
        )


def _drawn(memory: Memory, state: MatchState, innings: Innings) -> HistoryFeatures:
    """History from the batting side's point of view."""
    d, number = memory.context.draw, innings.number % 2
    side = int(innings.batting != state.fixture.teams[0])
    tilts = d.chase_tilts if number else d.tilts
    others = d.tilts if number else d.chase_tilts
    return HistoryFeatures(
        elo=-d.elo if side else d.elo,
        tilt_gap=tilts[side][0] - others[1 - side][0],
        tilt_prior=tilts[side][0],
        level=d.level - d.format_level,
    )


def _final(innings: Innings, total: Total) -> Total:
    """The total of a decided match: what the innings has, unless it goes on."""
    if not played_out(innings):
        return total
    runs = float(innings.runs)
    return Total(runs, 0.0, (runs,) * len(total.quantiles))
