"""The belief about a match's conditions: what its balls have taught, as one model sees it."""

from dataclasses import replace

from msgspec import structs

from cricket.facts import Ball
from cricket.state import Innings, MatchState
from features import lineup
from forecast import belief
from forecast.belief import View
from forecast.engine import Engine, Priors
from forecast.outcomes import Array, outcome_of
from forecast.tables import At
from learning.serving.engine_view import view_of
from learning.serving.matchups import duel, tilt
from learning.serving.memory import Memory, Progress, Sides

# Over this last share of an innings the players to come move it less and less: what is known of
# them is an average, and a wicket that brings in a better batter must not raise a chase's chance.
FADING = 0.2


class Conditions:
    """Moves the beliefs of a memory; super overs have none of their own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def priors(self, memory: Memory, state: MatchState, innings: Innings) -> Priors:
        """Of the pair of innings this one belongs to, by who batted first in it."""
        opener = state.innings[innings.number - innings.number % 2].batting
        side = int(opener != state.fixture.teams[0])
        drawn = memory.context.draw
        return Priors(drawn.tilts[side], drawn.chase_tilts[1 - side])

    def view(self, memory: Memory, state: MatchState, innings: Innings, priors: Priors) -> View:
        """Belief and prior, moved by the players to come; a super over has its prior only."""
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
        """The same for the next ball alone, moved by its batter and, in mid-over, its bowler."""
        if innings.number >= len(memory.progress):
            return rest
        batting, bowling, start = memory.sides(state, innings)
        due = lineup.due(innings, batting, bowling, self._engine.shape.balls)
        return belief.view(rest.weights, self._engine.steps(due - start))

    def opened(self, memory: Memory, state: MatchState) -> Memory:
        """The memory with the beliefs that the innings so far start from."""
        number = len(memory.progress)
        if number >= min(len(state.innings), 2):
            return memory
        started = self._started(memory, state, state.innings[number])
        return self.opened(structs.replace(memory, progress=(*memory.progress, started)), state)

    def _started(self, memory: Memory, state: MatchState, innings: Innings) -> Progress:
        priors, grid = self.priors(memory, state, innings), self._engine.shape.grid
        if innings.number == 0:
            prior = belief.prior(grid, *priors.first)
        else:
            first = belief.weights(memory.progress[0].belief)[0]
            prior = belief.logarithms(first @ self._engine.kernel(priors))
        fresh = replace(innings, runs=0, wickets=0, balls=0, closed=False)
        view = belief.view(belief.weights(prior, prior))
        return Progress(prior, prior, view_of(self._engine, fresh, view, priors).total.mean)

    def taught(self, memory: Memory, state: MatchState, innings: Innings, ball: Ball) -> Memory:
        """The belief moved by a ball bowled in `innings`, which is as it was before it."""
        number, left = innings.number, max(innings.balls_left or 0, 1)
        if number >= len(memory.progress):
            return memory
        at = At(innings.runs, innings.wickets, left, innings.needed)
        code = self._engine.code(at, outcome_of(ball))
        sides, old = memory.sides(state, innings), memory.progress[number]
        who = duel(sides.batting, sides.bowling, ball.batter, ball.bowler)
        now = self._learned(sides, number, old.belief, (code, who))
        moved = Progress(old.prior, now, old.expected, (*old.codes, code), (*old.duels, who))
        return memory.with_progress((moved,) if number == 0 else (memory.progress[0], moved))

    def _learned(
        self, sides: Sides, innings: int, before: belief.LogWeights, ball: tuple[int, int]
    ) -> belief.LogWeights:
        """The belief after a ball, told as its code and its duel."""
        code, who = ball
        own = tilt(sides.batting, sides.bowling, who) - sides.start
        return belief.learned(before, self._engine.taught(code, own, chase=innings == 1))

    def recalled(self, memory: Memory, state: MatchState, model: str) -> Memory:
        """The memory as if this model had served from the first ball: from the balls' codes."""
        fresh = structs.replace(memory, model=model, progress=(), chance=None)
        for innings, old in zip(state.innings, memory.progress, strict=False):
            started = self._started(fresh, state, innings)
            now, sides = started.belief, memory.sides(state, innings)
            for ball in zip(old.codes, old.duels, strict=True):
                now = self._learned(sides, innings.number, now, ball)
            whole = structs.replace(started, belief=now, codes=old.codes, duels=old.duels)
            fresh = structs.replace(fresh, progress=(*fresh.progress, whole))
        return fresh
