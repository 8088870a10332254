"""Why a chance is what it is: the parts add up to it, and each speaks of what it is named after."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs

from cricket.cricsheet import RecordedMatch
from cricket.state import MatchState
from features.history import Draw
from learning.model.linear import Served
from learning.model.snapshot import blank
from learning.serving.contributions import Contributions
from learning.serving.forecast import Forecast
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import replay, steps
from learning.starter import load_starter
from producers.recorded import shipped_match
from tests.support.matches import served, short_match


def forecasts(
    match: RecordedMatch, forecaster: Forecaster
) -> Iterator[tuple[Memory, MatchState, Forecast]]:
    for step, result in replay(steps(match.fixture, match.facts), forecaster):
        if result.forecast is not None and result.memory is not None:
            yield result.memory, step.after, result.forecast


def check_that_they_add_up(match: RecordedMatch, forecaster: Forecaster) -> None:
    for memory, state, forecast in forecasts(match, forecaster):
        parts = forecaster.why(memory, state, forecast)
        assert abs(parts.total - (forecast.win + forecast.tie / 2.0 - 0.5)) < 1e-9
        assert all(abs(part) <= 1.0 for part in parts)


@pytest.mark.parametrize("match_id", ["1298150", "1216517"])
def test_the_parts_add_up_to_the_difference_from_one_half_on_every_ball(match_id: str) -> None:
    check_that_they_add_up(shipped_match(match_id), served())


def played(match_id: str, balls: int) -> tuple[Memory, MatchState, Forecast]:
    """A shipped match after so many balls."""
    return list(forecasts(shipped_match(match_id), served()))[balls - 1]


def drawn(memory: Memory, **changed: object) -> Memory:
    """The memory with another draw, its beliefs made again from its balls."""
    draw: Draw = replace(memory.context.draw, **changed)  # type: ignore[arg-type]
    context = replace(memory.context, draw=draw)
    return structs.replace(memory, context=context, model="another")


def asked(memory: Memory, state: MatchState) -> Contributions:
    forecaster = served()
    memory = forecaster.prepare(memory, state)
    return forecaster.why(memory, state, forecaster.forecast(memory, state))


def test_a_ground_that_lifts_scoring_helps_a_side_by_name_and_no_other_group_speaks_of_it() -> None:
    memory, state, _ = played("1298150", 200)  # a chase
    draw = memory.context.draw
    lifted = tuple((mean + 0.3, spread) for mean, spread in draw.chase_tilts)
    before = asked(drawn(memory, ground=0.0), state)
    after = asked(drawn(memory, ground=0.3, chase_tilts=lifted), state)
    assert after.ground > before.ground + 0.01
    assert before.ground == pytest.approx(0.0, abs=1e-9)
    assert after.state == before.state


def test_players_of_whom_nothing_is_known_contribute_nothing() -> None:
    match = short_match("m", "14.6wW2" * 3, "1146" * 3)
    for memory, state, forecast in forecasts(match, served()):
        assert served().why(memory, state, forecast).players == pytest.approx(0.0, abs=1e-6)


def test_before_its_balls_have_spoken_the_conditions_contribute_nothing() -> None:
    memory, state, forecast = played("1298150", 60)
    first = memory.progress[0]
    silent = memory.with_progress((structs.replace(first, belief=first.prior, codes=(), duels=()),))
    now = served().forecast(silent, state)
    assert served().why(silent, state, now).conditions == pytest.approx(0.0, abs=1e-6)
    assert served().why(memory, state, forecast).conditions != 0.0


def test_a_decided_match_is_the_situation_alone() -> None:
    memory, state, forecast = list(forecasts(shipped_match("1216517"), served()))[-1]
    parts = served().why(memory, state, forecast)
    assert abs(parts.state) == 0.5
    assert parts[1:] == (0.0,) * 5


def test_a_forecaster_that_has_learned_nothing_says_that_learning_contributes_nothing() -> None:
    plain = Forecaster(replace(load_starter()["t20-male"], models=blank("t20-male").models))
    for memory, state, forecast in list(forecasts(shipped_match("1298150"), plain))[:100:9]:
        assert plain.why(memory, state, forecast).learning == pytest.approx(0.0, abs=1e-9)


def test_what_moved_since_the_ball_before_adds_up_to_what_the_ball_did() -> None:
    before, now = list(forecasts(shipped_match("1298150"), served()))[199:201]
    moved = served().why(*now).less(served().why(*before))
    assert moved.total == pytest.approx(now[2].win_added, abs=1e-9)


def test_the_inputs_add_up_to_what_the_regression_says() -> None:
    _, _, forecast = played("1298150", 200)
    inference = forecast.inference
    assert inference is not None
    model = Served(load_starter()["t20-male"].models["win_chase"])
    means = load_starter()["t20-male"].models["win_chase"].means
    usual = model.raw(means)
    assert sum(served().parts(inference)) == pytest.approx(model.raw(inference.inputs) - usual)
