"""The one replay: how a match and its memory move on by one fact, answered by one model.

The worker plays every ball through `answer`, and so does everything that plays a match again:
corrections, challengers, the walk-forward benchmark, the story of a match. A live forecast and a
replayed one are the same call, so they are equal to the last bit (ADR-1).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cricket.facts import Ball, Fact, Fixture
from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.labels import Label
from learning.serving.forecast import Forecast, chance_of_first
from learning.serving.forecaster import Forecaster
from learning.serving.labelling import answered_labels
from learning.serving.memory import Memory


class Step(NamedTuple):
    """A fact with the state of the match before it and after it."""

    before: MatchState
    after: MatchState
    fact: Fact


class Answer(NamedTuple):
    """What a step leads to.

    `memory` is None until the first ball; `forecast` is None after a fact that is no ball, and
    where nobody asked for forecasts; `labels` are the questions that the fact answers.
    """

    memory: Memory | None
    forecast: Forecast | None = None
    labels: tuple[Label, ...] = ()


def answer(
    model: Callable[[], Forecaster],
    memory: Memory | None,
    step: Step,
    *,
    forecasting: bool = True,
) -> Answer:
    """Return the memory, the forecast and the labels after a step.

    `model` gives the forecaster that answers; it is called for balls only, since other facts need
    no tables. Without `forecasting` the beliefs and questions are the same and the forecasts, which
    cost most of the time, are left out; the memory then holds no chance.
    """
    forecast = None
    if isinstance(step.fact, Ball):
        forecaster = model()
        memory = memory or forecaster.begin(step.before.fixture)
        play = _forecast_ball if forecasting else _learn_ball
        memory, forecast = play(forecaster, memory, step, step.fact)
    labels = () if memory is None else answered_labels(memory, step.after, step.fact)
    return Answer(memory, forecast, labels)


def _forecast_ball(
    forecaster: Forecaster, memory: Memory, step: Step, ball: Ball
) -> tuple[Memory, Forecast]:
    """Learn a ball, forecast the match after it, and say what it did to the chance."""
    memory, chance_before = _before_ball(forecaster, memory, step.before)
    memory = forecaster.learn(memory, step.before, ball)
    forecast = forecaster.forecast(memory, step.after)
    if forecaster.asks_after(ball, step.after):
        memory = memory.with_question(forecast.question())
    chance = chance_of_first(step.after, forecast)
    batting = step.after.innings[-1].batting
    gained = chance - chance_before
    added = gained if batting == step.after.fixture.teams[0] else -gained
    return memory.with_chance(chance), forecast.with_added(added)


def _before_ball(
    forecaster: Forecaster, memory: Memory, before: MatchState
) -> tuple[Memory, float]:
    """Return the memory and the first-named team's chance before a ball, as this model sees them.

    Before an innings' first ball the model is asked how the innings will go.
    """
    memory = forecaster.prepare(memory, before)
    opening = _opens_innings(before)
    if not opening and memory.chance is not None:
        return memory, memory.chance
    forecast = forecaster.forecast(memory, before)
    if opening:
        memory = memory.with_question(forecast.question())
    return memory, chance_of_first(before, forecast)


def _learn_ball(
    forecaster: Forecaster, memory: Memory, step: Step, ball: Ball
) -> tuple[Memory, None]:
    """Learn a ball and ask the questions that are due, without a forecast."""
    memory = forecaster.prepare(memory, step.before)
    if _opens_innings(step.before):
        memory = memory.with_question(forecaster.question(memory, step.before))
    memory = forecaster.learn(memory, step.before, ball)
    if forecaster.asks_after(ball, step.after):
        memory = memory.with_question(forecaster.question(memory, step.after))
    return memory, None


def _opens_innings(before: MatchState) -> bool:
    """Return whether the ball that follows is its innings' first."""
    return before.innings[-1].deliveries == 0


def steps(fixture: Fixture, facts: Iterable[Fact]) -> tuple[Step, ...]:
    """Fold a match into its steps; facts that break the laws are left out, as a worker does."""
    match, state = [], start(fixture)
    for fact in facts:
        after = fold(state, fact)
        if not isinstance(after, Refusal):
            match.append(Step(state, after, fact))
            state = after
    return tuple(match)


def replay(
    match: Iterable[Step], forecaster: Forecaster, *, forecasting: bool = True
) -> Iterator[tuple[Step, Answer]]:
    """Play a match with one model from its first ball; each step with its answer."""
    memory: Memory | None = None
    for step in match:
        result = answer(lambda: forecaster, memory, step, forecasting=forecasting)
        memory = result.memory
        yield step, result


def replayed_labels(match: Iterable[Step], forecaster: Forecaster) -> Iterator[Label]:
    """The labels of a match, had this model answered it from the first ball."""
    for _, result in replay(match, forecaster, forecasting=False):
        yield from result.labels
