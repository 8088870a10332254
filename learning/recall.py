"""A played match once more, for models that did not serve it: what they would have answered."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cricket.facts import Ball, Fact, Fixture
from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.labels import Label
from learning.serving.forecaster import Forecaster
from learning.serving.labelling import settle


class Step(NamedTuple):
    """A fact between the state before it and the one after it."""

    before: MatchState
    after: MatchState
    fact: Fact


def steps(fixture: Fixture, facts: Iterable[Fact]) -> tuple[Step, ...]:
    """The match, folded once for all models; facts against the laws are left out, as in life."""
    found, state = [], start(fixture)
    for fact in facts:
        after = fold(state, fact)
        if not isinstance(after, Refusal):
            found.append(Step(state, after, fact))
            state = after
    return tuple(found)


def answers(fixture: Fixture, played: Sequence[Step], forecaster: Forecaster) -> Iterator[Label]:
    """The match's labels as they were, had this model answered from the first ball."""
    memory = forecaster.begin(fixture)
    for before, after, fact in played:
        if isinstance(fact, Ball):
            memory = forecaster.follow(memory, before, after, fact)
        memory, labels = settle(memory, after, fact)
        yield from labels
