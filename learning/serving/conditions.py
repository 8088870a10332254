"""A model's belief about the conditions of a match, learned from the balls of its innings."""

from dataclasses import replace

from msgspec import structs

from cricket.facts import Ball
from cricket.state import Innings, MatchState
from features import lineup
from forecast import belief
from forecast.belief import View
from forecast.engine import Engine, Priors
from forecast.outcomes import Array, outcome_of
from learning.serving.engine_view import place_of, view_of
from learning.serving.matchups import duel, tilt
from learning.serving.memory import Memory, Progress, Sides

# Over this last share of an innings the players to come move it less and less: what is known of
# them is an average, and a wicket that brings in a better batter must not raise a chase's chance.
FADING = 0.2


class Conditions:
    """Updates the beliefs that a memory holds; super overs have none of their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = self._engine = engine

    def priors(self, memory: Memory, state: MatchState, innings: Innings) -> Priors:
        """The priors of an innings and the other of its pair, by who batted first in the pair."""
        opener = state.innings[innings.number - innings.number % 2].batting
        side = int(opener != state.fixture.teams[0])
        history = memory.context.draw
        return Priors(history.tilts[side], history.chase_tilts[1 - side])

    def view(self, memory: Memory, state: MatchState, innings: Innings, priors: Priors) -> View:
        """The view of the balls to come, shifted by their players; in a super over the prior."""
        if innings.number >= len(memory.progress):
            flat = belief.prior(self._engine.shape.grid, *priors[innings.number % 2])
            return belief.view(belief.weights(flat, flat))
        batting, bowling, start = memory.sides(state, innings)
        full = self._engine.shape.balls
        ahead = lineup.ahead(innings, batting, bowling, full) - start
        progress, left = memory.progress[innings.number], (innings.balls_left or 0) / full
        weights: Array = belief.weights(progress.belief, progress.prior)
        return belief.view(weights, self._engine.steps(ahead) * min(left / FADING, 1.0))

    def next_view(self, memory: Memory, state: MatchState, innings: Innings, rest: View) -> View:
        """The view of the next ball alone, shifted by its batter and, in mid-over, its bowler."""
        if innings.number >= len(memory.progress):
            return rest
        batting, bowling, start = memory.sides(state, innings)
        due = lineup.due(innings, batting, bowling, self._engine.shape.balls)
        return belief.view(rest.weights, self._engine.steps(due - start))

    def open_innings(self, memory: Memory, state: MatchState) -> Memory:
        """The memory with an initial belief for each innings that has begun, two at most."""
        number = len(memory.progress)
        if number >= min(len(state.innings), 2):
            return memory
        started = self._initial_progress(memory, state, state.innings[number])
        return self.open_innings(
            structs.replace(memory, progress=(*memory.progress, started)), state
        )

    def prior(self, memory: Memory, state: MatchState, innings: Innings) -> belief.LogWeights:
        """The belief before an innings' first ball; a chase's follows from the first innings'."""
        priors, grid = self.priors(memory, state, innings), self._engine.shape.grid
        if innings.number == 0:
            return belief.prior(grid, *priors.first)
        first = belief.weights(memory.progress[0].belief)[0]
        return belief.logarithms(first @ self._engine.kernel(priors))

    def _initial_progress(self, memory: Memory, state: MatchState, innings: Innings) -> Progress:
        priors, prior = self.priors(memory, state, innings), self.prior(memory, state, innings)
        fresh = replace(innings, runs=0, wickets=0, balls=0, closed=False)
        view = belief.view(belief.weights(prior, prior))
        return Progress(prior, prior, view_of(self._engine, fresh, view, priors).total.mean)

    def learn_ball(self, memory: Memory, state: MatchState, innings: Innings, ball: Ball) -> Memory:
        """The memory after a ball; `innings` is the state of the innings before that ball."""
        number, left = innings.number, max(innings.balls_left or 0, 1)
        if number >= len(memory.progress):
            return memory
        at = place_of(self._engine.regular, innings, left)
        code = self._engine.code(at, outcome_of(ball))
        sides, old = memory.sides(state, innings), memory.progress[number]
        duel_number = duel(sides.batting, sides.bowling, ball.batter, ball.bowler)
        belief_now = self._belief_after(sides, number, old.belief, (code, duel_number))
        codes, duels = (*old.codes, code), (*old.duels, duel_number)
        progress = Progress(old.prior, belief_now, old.expected, codes, duels)
        return memory.with_progress((*memory.progress[:number], progress))

    def _belief_after(
        self, sides: Sides, innings: int, before: belief.LogWeights, ball: tuple[int, int]
    ) -> belief.LogWeights:
        """The belief after a ball, which is given by its code and its duel number."""
        code, duel_number = ball
        shift = tilt(sides.batting, sides.bowling, duel_number) - sides.start
        return belief.learned(before, self._engine.taught(code, shift, chase=innings == 1))

    def recompute(self, memory: Memory, state: MatchState, model: str) -> Memory:
        """The memory as if this model had served from the first ball, by the codes of its balls."""
        fresh = structs.replace(memory, model=model, progress=(), chance=None)
        for innings, old in zip(state.innings, memory.progress, strict=False):
            started = self._initial_progress(fresh, state, innings)
            belief_now, sides = started.belief, memory.sides(state, innings)
            for ball in zip(old.codes, old.duels, strict=True):
                belief_now = self._belief_after(sides, innings.number, belief_now, ball)
            recomputed = structs.replace(
                started, belief=belief_now, codes=old.codes, duels=old.duels
            )
            fresh = structs.replace(fresh, progress=(*fresh.progress, recomputed))
        return fresh
