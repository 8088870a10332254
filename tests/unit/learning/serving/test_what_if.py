"""What if, leverage, and the story of a match."""

from dataclasses import replace
from functools import cache

import pytest

from cricket.facts import Ball
from cricket.state import MatchState
from forecast.outcomes import OUTCOMES
from learning.model.snapshot import blank
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import replay, steps
from learning.serving.what_if import if_overs_lost, leverage, what_if
from learning.serving.win_probability_added import ball_values, turning_points
from learning.serving.win_probability_added import credits as credited
from producers.simulator import season

MATCH = next(iter(season(1, seed=5)))


@cache
def forecaster() -> Forecaster:
    return Forecaster(blank("t20-male"))


def moment(balls: int) -> tuple[Memory, MatchState]:
    """After so many deliveries of the match, or all of them."""
    for step, answer in replay(steps(MATCH.fixture, MATCH.facts), forecaster()):
        balls -= isinstance(step.fact, Ball)
        memory, state = answer.memory, step.after
        if not balls:
            break
    assert memory is not None
    return memory, state


@pytest.mark.parametrize("balls", [1, 6, 60, 150])
def test_the_next_ball_can_be_eight_things_whose_chances_sum_to_one(balls: int) -> None:
    found = what_if(forecaster(), *moment(balls))
    assert [w.outcome for w in found] == list(OUTCOMES)
    assert sum(w.chance for w in found) == pytest.approx(1.0, abs=1e-5)


def test_a_six_helps_the_side_that_bats_and_a_wicket_does_not() -> None:
    memory, state = moment(150)
    after = {w.outcome: w.forecast.win for w in what_if(forecaster(), memory, state)}
    now = forecaster().look(memory, state).win
    assert after["6"] > now > after["wicket"]


def test_leverage_is_the_spread_of_the_answers() -> None:
    found = what_if(forecaster(), *moment(150))
    assert 0.0 < leverage(found) < 0.5
    level = tuple(replace(w, chance_of_first=0.4) for w in found)
    assert leverage(level) == pytest.approx(0.0, abs=1e-6)


def test_after_the_last_ball_there_is_no_next() -> None:
    memory, state = moment(-1)
    with pytest.raises(ValueError, match="no ball is due"):
        what_if(forecaster(), memory, state)


def test_overs_lost_in_a_chase_are_forecast_with_the_target_of_duckworth_and_lewis() -> None:
    memory, state = moment(190)
    now = state.innings[1].target or 0
    found = [if_overs_lost(forecaster(), memory, state, overs) for overs in (1, 3, 5)]
    targets = [shorter.target or 0 for shorter in found]
    assert now > targets[0] > targets[1] > targets[2]
    assert all(0.0 < shorter.chance_of_first < 1.0 for shorter in found)
    assert len({shorter.chance_of_first for shorter in found}) == 3


def test_overs_lost_in_the_first_innings_cost_runs_and_state_no_target() -> None:
    memory, state = moment(30)
    shorter = if_overs_lost(forecaster(), memory, state, 5)
    assert shorter.target is None
    assert shorter.forecast.total_mean < forecaster().look(memory, state).total_mean - 20.0


@pytest.mark.parametrize(("balls", "overs"), [(30, 16), (-1, 1)])
def test_an_innings_cannot_lose_what_it_has_not(balls: int, overs: int) -> None:
    memory, state = moment(balls)
    with pytest.raises(ValueError, match="overs to lose"):
        if_overs_lost(forecaster(), memory, state, overs)


def test_what_the_players_added_is_what_their_side_gained() -> None:
    told = list(ball_values(MATCH, forecaster()))
    added = credited(told)
    one, other = MATCH.fixture.teams
    gained = {
        team: sum(added.get(player, 0.0) for player in MATCH.fixture.players[team])
        for team in (one, other)
    }
    began, ended = told[0].chance - told[0].added, told[-1].chance
    assert gained[one] == pytest.approx(ended - began, abs=1e-6)
    assert gained[one] == pytest.approx(-gained[other], abs=1e-9)
    assert ended in {0.0, 0.5, 1.0}


def test_the_turning_points_are_the_balls_that_moved_most_in_order() -> None:
    told = list(ball_values(MATCH, forecaster()))
    chosen = turning_points(told, 5)
    least = min(abs(turn.added) for turn in chosen)
    assert sum(abs(turn.added) > least for turn in told) == 4
    assert [told.index(turn) for turn in chosen] == sorted(told.index(turn) for turn in chosen)
