"""Laws of a chase as it is served, players, belief and correction included."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from cricket.facts import Ball
from cricket.state import MatchState
from learning.keys import model_key
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import replay, steps
from learning.serving.what_if import WhatIf, what_if
from learning.starter import load_starter
from producers.recorded import ShippedShelf, shipped_match

ROUNDING = 1e-6  # tables are in single precision
BETTER = ("wicket", "dot", "1", "2", "3", "4", "6")


MATCHES = [listed.id for listed in ShippedShelf().listed()]


def moments(match_id: str) -> Iterator[tuple[Forecaster, Memory, MatchState]]:
    """Every ball that is due in the match's chase."""
    match = shipped_match(match_id)
    served = Forecaster(load_starter()[str(model_key(match.fixture))])
    memory = None
    for step, answer in replay(steps(match.fixture, match.facts), served):
        if isinstance(step.fact, Ball) and memory is not None and _chased(step.before):
            yield served, memory, step.before
        memory = answer.memory


def _chased(state: MatchState) -> bool:
    innings = state.current
    return innings is not None and innings.number == 1 and innings.deliveries > 0


@pytest.mark.parametrize("match_id", MATCHES)
def test_more_runs_never_lower_the_chance_and_a_wicket_never_raises_it(match_id: str) -> None:
    asked = 0
    for moment in moments(match_id):
        after = {w.outcome: _chance(w) for w in what_if(*moment)}
        assert all(after[one] <= after[other] + ROUNDING for one, other in pairwise(BETTER))
        asked += 1
    assert asked > 50


def _chance(found: WhatIf) -> float:
    return found.forecast.win + found.forecast.tie / 2.0
