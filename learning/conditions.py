"""What a match's balls have taught about its conditions, as one model's engine sees it."""

from dataclasses import replace

from cricket.facts import Ball
from cricket.state import Innings, MatchState
from forecast import belief
from forecast.engine import At, Engine, Priors
from forecast.outcomes import Array, outcome_of
from learning.memory import Memory, Progress
from learning.moment import seen


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

    def weights(self, memory: Memory, innings: Innings, priors: Priors) -> Array:
        """The belief and the prior as weights; a super over has its prior only."""
        if innings.number < len(memory.progress):
            progress = memory.progress[innings.number]
            return belief.weights(progress.belief, progress.prior)
        flat = belief.prior(self._engine.shape.grid, *priors[innings.number % 2])
        return belief.weights(flat, flat)

    def opened(self, memory: Memory, state: MatchState) -> Memory:
        """The memory with the beliefs that the innings so far start from."""
        number = len(memory.progress)
        if number >= min(len(state.innings), 2):
            return memory
        started = self._started(memory, state, state.innings[number])
        return self.opened(replace(memory, progress=(*memory.progress, started)), state)

    def _started(self, memory: Memory, state: MatchState, innings: Innings) -> Progress:
        priors, grid = self.priors(memory, state, innings), self._engine.shape.grid
        if innings.number == 0:
            prior = belief.prior(grid, *priors.first)
        else:
            first = belief.weights(memory.progress[0].belief)[0]
            prior = belief.logarithms(first @ self._engine.kernel(priors))
        fresh = replace(innings, runs=0, wickets=0, balls=0, closed=False)
        total = seen(self._engine, fresh, belief.weights(prior, prior), priors).total
        return Progress(prior, prior, total.mean)

    def taught(self, memory: Memory, innings: Innings, ball: Ball) -> Memory:
        """The belief moved by a ball bowled in `innings`, which is as it was before it."""
        number, left = innings.number, max(innings.balls_left or 0, 1)
        if number >= len(memory.progress):
            return memory
        at = At(innings.runs, innings.wickets, left, innings.needed)
        code = self._engine.code(at, outcome_of(ball))
        old = memory.progress[number]
        now = belief.learned(old.belief, self._engine.taught(code, chase=number == 1))
        moved = Progress(old.prior, now, old.expected, (*old.codes, code))
        return memory.with_progress((moved,) if number == 0 else (memory.progress[0], moved))

    def recalled(self, memory: Memory, state: MatchState, model: str) -> Memory:
        """The memory as if this model had served from the first ball: from the balls' codes."""
        fresh = replace(memory, model=model, progress=(), chance=None)
        for innings, old in zip(state.innings, memory.progress, strict=False):
            started = self._started(fresh, state, innings)
            now = started.belief
            for code in old.codes:
                now = belief.learned(now, self._engine.taught(code, chase=innings.number == 1))
            whole = replace(started, belief=now, codes=old.codes)
            fresh = replace(fresh, progress=(*fresh.progress, whole))
        return fresh
