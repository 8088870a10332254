"""A worker that explains says the same, and what contributed to it; else nothing is computed."""

from functools import cache

import pytest
from msgspec.structs import astuple

from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.messages.predictions import Prediction, content, encode
from streams.pipeline.advance import Models, advance
from tests.support.matches import KEY, forecasts, log_of, messages, run, served, short_match

LOG = log_of(messages(short_match("m", "14.6wW2", "1146")))


@cache
def explaining() -> Models:
    return {KEY: Forecaster(load_starter()[KEY], served().engine, explaining=True)}


def explained() -> list[Prediction]:
    return forecasts(advance({}, LOG, explaining()))


def test_the_published_contributions_add_up_to_the_published_chance() -> None:
    for made in explained():
        assert made.why is not None
        chance = made.win.batting + made.win.tie / 2.0
        assert sum(astuple(made.why)) == pytest.approx(chance - 0.5, abs=1e-9)


def test_nobody_asks_for_contributions_unless_a_worker_is_set_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(Forecaster, "why")
    assert {made.why for made in forecasts(run(LOG))} == {None}


def test_fields_that_an_earlier_version_did_not_have_are_left_out_of_a_forecast_without_them() -> (
    None
):
    first, *_ = forecasts(run(LOG))
    assert first.duckworth_lewis is None
    for field in (b"duckworth_lewis", b"log_digest", b"why"):
        assert field in encode(first)
        assert field not in content(first)


def test_a_forecast_is_the_same_with_and_without_so_that_it_is_not_published_twice() -> None:
    assert list(map(content, explained())) == list(map(content, forecasts(run(LOG))))
    half = advance({}, LOG[:6], explaining()).records
    again = run(LOG, half)
    assert again.predictions
    assert {made.revision for made in forecasts(again)} == {0}
