"""Why a forecast is what it is: what each group of causes contributed to the chance, in shares.

The path is stated and exact. From one half to the engine's chance of the situation under average
conditions is what the *state* contributed. From there to the engine's chance as it is, four groups
are added: the *ground*; the *sides*, with their competition and the usual level of the innings; the
*players* of the two elevens; and the *conditions* that the match's own balls have shown. Their
order would matter, so each gets its mean over all orders (Shapley). From the engine's chance to the
one that is served is *learning*: River's correction, in which Elo and form speak. So the parts add
up to the chance less one half, to within rounding. The toss is no input: it speaks by who bats.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import NamedTuple

from msgspec import structs

from cricket.state import Innings, MatchState
from features.history import Draw
from features.lineup import Lineup
from forecast import belief
from learning.serving.conditions import Conditions
from learning.serving.engine_view import view_of
from learning.serving.exact_result import decided
from learning.serving.forecast import Forecast, engine_result
from learning.serving.memory import Memory, Progress

GROUPS = ("ground", "sides", "players", "conditions")
Present = frozenset[str]
NONE, ALL = frozenset[str](), frozenset(GROUPS)


class Contributions(NamedTuple):
    """What each group adds to the batting side's chance, ties counted half, above one half."""

    state: float
    ground: float
    sides: float
    players: float
    conditions: float
    learning: float

    @property
    def total(self) -> float:
        """The chance less one half."""
        return sum(self)

    def less(self, before: "Contributions") -> "Contributions":
        """What each group has moved since."""
        return Contributions(*(now - then for now, then in zip(self, before, strict=True)))


def contributions(
    conditions: Conditions, memory: Memory, state: MatchState, forecast: Forecast
) -> Contributions:
    """The contributions to a forecast, whose memory must be in the terms of its model."""
    served = forecast.win + forecast.tie / 2.0
    innings = state.current
    if innings is None or decided(state, innings) is not None:
        return Contributions(served - 0.5, 0.0, 0.0, 0.0, 0.0, 0.0)
    causes = _Causes(conditions, memory, state, innings)
    chances = {present: causes.chance(present) for present in _subsets()}
    ground, sides, players, shown = (_shapley(group, chances) for group in GROUPS)
    state_part, learned = chances[NONE] - 0.5, served - chances[ALL]
    return Contributions(state_part, ground, sides, players, shown, learned)


def _subsets() -> Iterable[Present]:
    return (frozenset(some) for size in range(5) for some in combinations(GROUPS, size))


def _shapley(group: str, chances: Mapping[Present, float]) -> float:
    """A group's mean gain over all orders in which the groups can be added."""
    count, gain = len(GROUPS), 0.0
    for present, chance in chances.items():
        if group not in present:
            size = len(present)
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            gain += weight * (chances[present | {group}] - chance)
    return gain


class _Causes(NamedTuple):
    """A match at a ball, which can be asked how it would stand if only some groups spoke."""

    conditions: Conditions
    memory: Memory
    state: MatchState
    innings: Innings

    def chance(self, present: Present) -> float:
        """The engine's chance of the batting side, ties counted half."""
        memory = self._memory(present)
        priors = self.conditions.priors(memory, self.state, self.innings)
        view = self.conditions.view(memory, self.state, self.innings, priors)
        chances = view_of(self.conditions.engine, self.innings, view, priors).chances
        win, tie, _ = engine_result(chances.win[0], chances.tie[0])
        return win + tie / 2.0

    def _memory(self, present: Present) -> Memory:
        if present == ALL:
            return self.memory
        context = self.memory.context
        context = replace(context, draw=_draw(context.draw, present))
        fresh = structs.replace(self.memory, context=context, progress=())
        for innings, kept in zip(self.state.innings, self.memory.progress, strict=False):
            prior = self.conditions.prior(fresh, self.state, innings)
            learned = belief.learned(prior, self._shown(innings, kept, present))
            progress = structs.replace(kept, prior=prior, belief=learned)
            fresh = fresh.with_progress((*fresh.progress, progress))
        return fresh

    def _shown(self, innings: Innings, kept: Progress, present: Present) -> Sequence[float]:
        """The log likelihoods of the innings' balls; of none if the conditions do not speak."""
        if "conditions" not in present:
            return [0.0] * len(kept.prior)
        if "players" in present:
            return [b - p for b, p in zip(kept.belief, kept.prior, strict=True)]
        return self.conditions.engine.shown(kept.codes, chase=innings.number == 1)


def _draw(draw: Draw, present: Present) -> Draw:
    """The draw with the means of the present groups only; its spreads stay."""

    def tilts(pair: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        return tuple(
            (_mean(mean, start, draw.ground, present), spread)
            for (mean, spread), start in zip(pair, draw.starts, strict=True)
        )

    first, chase = tilts(draw.tilts), tilts(draw.chase_tilts)
    changed = replace(draw, tilts=(first[0], first[1]), chase_tilts=(chase[0], chase[1]))
    if "players" in present:
        return changed
    average = (_average(draw.lineups[0]), _average(draw.lineups[1]))
    return replace(changed, starts=(0.0, 0.0), lineups=average)


def _mean(mean: float, start: float, ground: float, present: Present) -> float:
    parts = {"players": start, "ground": ground, "sides": mean - start - ground}
    return sum(part for group, part in parts.items() if group in present)


def _average(lineup: Lineup) -> Lineup:
    """The same players, none of them better or worse than another."""
    return tuple(replace(strength, batting=0.0, bowling=0.0) for strength in lineup)
