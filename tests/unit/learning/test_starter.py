"""The models that ship: each is opened, is the one its manifest names, and talks sense."""

import json
from importlib.resources import files

import pytest

from cricket.facts import Fixture
from cricket.play import start
from learning.keys import KEYS, format_name
from learning.serving.forecast import Forecast
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replay, steps
from learning.starter import load_starter
from producers.season import of_the_season, season_days, season_shelf
from producers.ship import FAMOUS
from producers.simulator import Team, simulate

MANIFEST = json.loads((files("learning.starter") / "manifest.json").read_text())
LEAST = {"t20-male": 4_000, "t20-female": 1_300, "odi-male": 2_200, "odi-female": 450}  # matches
TOTALS = {"T20": (100.0, 190.0), "ODI": (180.0, 310.0)}  # what a first innings is likely to make


def forecasts(key: str) -> list[Forecast]:
    """The shipped model's forecasts of a made-up match."""
    name, _, gender = key.partition("-")
    match = simulate("m", (Team("Reds"), Team("Blues")), seed=4, match_type=name.upper())
    fixture = Fixture(**{**vars_of(match.fixture), "gender": gender})
    played = replay(steps(fixture, match.facts), Forecaster(load_starter()[key]))
    return [answer.forecast for _, answer in played if answer.forecast is not None]


def vars_of(fixture: Fixture) -> dict[str, object]:
    return {name: getattr(fixture, name) for name in Fixture.__slots__}


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_model_has_learned_what_its_manifest_names(key: str) -> None:
    snapshot, named = load_starter()[key], MANIFEST["models"][key]
    assert (snapshot.version, snapshot.digest) == (named["version"], named["digest"])
    assert snapshot.trained.matches == named["trained"]["matches"] >= LEAST[key]
    assert snapshot.scores.overall.log_loss < snapshot.scores.overall.baseline


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_model_gives_a_sane_forecast(key: str) -> None:
    made = forecasts(key)
    low, high = TOTALS[format_name(key)]
    assert low < made[0].total_mean < high
    assert made[0].q10 < made[0].q50 < made[0].q90
    assert 0.2 < made[0].win < 0.8
    assert sum(made[0].next_ball.values()) == pytest.approx(1.0)
    assert made[0].next_ball["dot"] > made[0].next_ball["6"]
    assert {made[-1].win, made[-1].tie, made[-1].lose} == {0.0, 1.0}


def test_no_shipped_model_has_learned_a_match_of_the_season_or_later() -> None:
    assert MANIFEST["excluded_since"] == season_days() == {"t20-male": "2024-03-22"}
    assert load_starter()["t20-male"].trained.last < "2024-03-22"
    assert set(MANIFEST["excluded"]) == set(FAMOUS)


def test_the_season_is_whole() -> None:
    shelf = season_shelf()
    matches = [shelf.read(listed) for listed in shelf.listed()]
    assert len({match.id for match in matches}) == 71  # three of 74 were washed out
    assert all(of_the_season(match.fixture) for match in matches)
    assert all(start(match.fixture).fixture.teams for match in matches)
    numbers = {match.fixture.match_number for match in matches}
    assert numbers >= {"Qualifier 1", "Eliminator", "Qualifier 2", "Final"}
