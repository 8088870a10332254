"""One installed snapshot at work: it learns balls, forecasts matches, asks questions."""

from cricket.facts import Ball, Fixture
from cricket.state import Innings, MatchState
from features.catalogue import FEATURE_VERSION
from features.history import draw
from features.inputs import LOG_ODDS_LIMIT, EngineFeatures, HistoryFeatures, inputs, rounded
from forecast import belief
from forecast.engine import Engine, Priors, Total
from learning.keys import format_name
from learning.labels import Question
from learning.model.correction import Correction
from learning.model.correction_limit import sigmoid
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot
from learning.serving.conditions import Conditions
from learning.serving.contributions import Contributions, contributions
from learning.serving.engine_view import EngineView, leverage, next_ball, view_of
from learning.serving.exact_result import Result, decided, played_out
from learning.serving.forecast import (
    Forecast,
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
    """Immutable in use; one per model key. Snapshots of the same counts may share an `engine`.

    One that is `explaining` is asked for contributions with every forecast that is published.
    """

    def __init__(
        self, snapshot: Snapshot, engine: Engine | None = None, *, explaining: bool = False
    ) -> None:
        self.explaining = explaining
        self.key = snapshot.key
        self.version = snapshot.version
        self.feature_version = FEATURE_VERSION
        self.history_to = snapshot.trained.last
        self.engine = engine or engine_of(snapshot)
        self._conditions = Conditions(self.engine)
        self._history = snapshot.history
        self._correction = Correction(snapshot.models, snapshot.limits, snapshot.widths)
        self._step = QUESTION_BALLS[format_name(snapshot.key)]
        flat = belief.prior(self.engine.shape.grid, 0.0, 0.01)
        self._format_level = self.engine.expected(belief.weights(flat))

    def begin(self, fixture: Fixture) -> Memory:
        """The memory of a match before its first ball, with what is drawn from history."""
        history = f"{self.version}/{self._history.absorbed}"
        drawn = draw(self._history, fixture, self._format_level, self.engine.shape.balls)
        return Memory(self.key, self.version, Context(history, drawn, self.history_to))

    def look(self, memory: Memory, state: MatchState) -> Forecast:
        """The forecast of a match as it stands, whether or not a ball has been bowled."""
        if state.current is None:
            return unknown(self._format_level)
        return self.forecast(self.prepare(memory, state), state)

    def prepare(self, memory: Memory, state: MatchState) -> Memory:
        """The memory in this model's terms, with an initial belief for each innings that has begun.

        A memory that another model updated last is recomputed from its balls.
        """
        if memory.model != self.version:
            memory = self._conditions.recompute(memory, state, self.version)
        return self._conditions.open_innings(memory, state)

    def learn(self, memory: Memory, before: MatchState, ball: Ball) -> Memory:
        """The memory after a ball bowled in the state `before`; it must come from `prepare`.

        Only balls change a memory: it is a function of the balls and of the models that answered
        them, which their predictions name, and so can be rebuilt from the log.
        """
        return self._conditions.learn_ball(memory, before, _innings(before), ball)

    def forecast(self, memory: Memory, state: MatchState) -> Forecast:
        """The forecast of the innings played now or last; the memory must come from `prepare`."""
        innings = _innings(state)
        view, priors = self._engine_view(memory, state, innings)
        due_view = self._conditions.next_view(memory, state, innings, view.view)
        balls = next_ball(self.engine, innings, due_view)
        result = decided(state, innings)
        if result is not None:
            return forecast(result, _final(innings, view.total), balls)
        engine_leverage = leverage(self.engine, innings, view, priors, balls)
        engine = (view.chances.win[0], view.chances.tie[0])
        if innings.number >= len(memory.progress):
            served = engine_result(*engine)
            plain = forecast(served, view.total, balls, leverage=engine_leverage)
            return plain.with_chase(view.chase)
        inference, result = self._inference(memory, state, innings, view)
        total = self._served_total(innings, view.total, inference.mean)
        moved = engine_leverage * slope(result, engine)
        return forecast(result, total, balls, inference, moved).with_chase(view.chase)

    def question(self, memory: Memory, state: MatchState) -> Question | None:
        """The same question as `Forecast.question`; the memory must come from `prepare`."""
        innings = _innings(state)
        if innings.over_reason or innings.number >= len(memory.progress):
            return None
        if decided(state, innings) is not None:
            return None
        view, _ = self._engine_view(memory, state, innings)
        inference, _ = self._inference(memory, state, innings, view)
        return inference.question()

    def why(self, memory: Memory, state: MatchState, forecast: Forecast) -> Contributions:
        """What contributed to a forecast; the memory must be the one that it was made from."""
        return contributions(self._conditions, memory, state, forecast)

    def parts(self, inference: Inference) -> tuple[float, ...]:
        """What each input adds to the regression's log odds, counted from its usual value."""
        return self._correction.parts(inference.innings.number, inference.inputs)

    def asks_after(self, ball: Ball, state: MatchState) -> bool:
        """Whether a question is due after a ball that led to `state`."""
        return ball.legal and _innings(state).balls % self._step == 0

    def _engine_view(
        self, memory: Memory, state: MatchState, innings: Innings
    ) -> tuple[EngineView, Priors]:
        """The engine's answers about the match now, and the priors that they rest on."""
        priors = self._conditions.priors(memory, state, innings)
        view = self._conditions.view(memory, state, innings, priors)
        return view_of(self.engine, innings, view, priors), priors

    def _served_total(self, innings: Innings, total: Total, mean: float) -> Total:
        """The projected total; River shifts and widens that of a first innings only."""
        if innings.number != 0:
            return total
        left = (innings.balls_left or 0) / self.engine.shape.balls
        return self._correction.total(total, mean, left, float(innings.runs))

    def _inference(
        self, memory: Memory, state: MatchState, innings: Innings, view: EngineView
    ) -> tuple[Inference, Result]:
        """The inputs and answers for an open match, and the corrected result."""
        number, full = innings.number, self.engine.shape.balls
        (win, prior_win), (tie, prior_tie) = view.chances
        raw = log_odds(win, tie)
        engine = min(max(raw, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT)
        features = self._features(memory, innings, view, engine, log_odds(prior_win, prior_tie))
        x = rounded(inputs(innings, full, features, _history_features(memory, state, innings)))
        odds = self._correction.odds(number, x, engine, (innings.balls_left or 0) / full)
        chance = sigmoid(odds + raw - engine)
        total = view.total
        mean = total.mean + (self._correction.shift(x) * total.spread if number == 0 else 0.0)
        level = memory.context.draw.level
        inference = Inference(innings, x, raw, chance, total, mean, level, full, self._correction)
        return inference, split(chance, tie)

    def _features(
        self, memory: Memory, innings: Innings, view: EngineView, engine: float, prior: float
    ) -> EngineFeatures:
        progress, grid = memory.progress[innings.number], self.engine.shape.grid
        tilts = view.view.weights @ grid
        return EngineFeatures(
            engine=engine,
            engine_prior=prior,
            tilt_learned=float(tilts[0] - tilts[1]),
            total_mean=view.total.mean,
            total_expected=progress.expected,
            total_spread=view.total.spread,
        )


def _history_features(memory: Memory, state: MatchState, innings: Innings) -> HistoryFeatures:
    """History from the batting side's point of view."""
    drawn, number = memory.context.draw, innings.number % 2
    side = int(innings.batting != state.fixture.teams[0])
    tilts = drawn.chase_tilts if number else drawn.tilts
    opposing = drawn.tilts if number else drawn.chase_tilts
    return HistoryFeatures(
        elo=-drawn.elo if side else drawn.elo,
        tilt_gap=tilts[side][0] - opposing[1 - side][0],
        tilt_prior=tilts[side][0],
        level=drawn.level - drawn.format_level,
    )


def _innings(state: MatchState) -> Innings:
    """The innings played now or last, of a match in which one was opened."""
    assert state.current is not None
    return state.current


def _final(innings: Innings, total: Total) -> Total:
    """The total of a decided match: the runs scored, unless the innings goes on."""
    if not played_out(innings):
        return total
    runs = float(innings.runs)
    return Total(runs, 0.0, (runs,) * len(total.quantiles))
