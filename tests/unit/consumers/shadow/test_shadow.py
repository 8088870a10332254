"""The same code answers the log again to the last bit; a difference is found and named."""

import dataclasses
import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from consumers.shadow import recompute
from consumers.shadow import shadow as whole
from consumers.shadow.differences import Comparison, differences
from consumers.shadow.shadow import Span, shadow
from features import inputs
from features.history import History
from learning.model.snapshot import encode as encode_snapshot
from learning.model.snapshot import sealed
from learning.starter import load_starter
from overcast import cli
from overcast.commands import shadow_report as command
from producers.schedule import timed_events
from producers.simulator import season
from streams.messages.events import encode
from streams.messages.labels import LabelMessage
from streams.messages.labels import encode as encode_label
from streams.messages.predictions import Prediction, PredictionMessage
from streams.messages.predictions import encode as encode_said
from streams.messages.source import Source
from streams.models import past_versions
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord
from streams.settings import Settings
from tests.support.kept_log import OnePartition

ONE = Settings(partitions=1)
STARTERS = cache(load_starter)  # read once for all tests


@cache
def installed() -> InstalledModels:
    """The models that ship, whose tables are built once for all tests."""
    return InstalledModels(STARTERS())


EVER = Span()


@pytest.fixture(scope="module")
def live() -> OnePartition:
    """A match, and what live workers of this code made of them."""
    balls = [encode(event) for match in season(1, seed=19) for event in timed_events(match)]
    log = OnePartition({"cricket.balls": balls})
    records: dict[str, MatchRecord] = {}
    models = installed()
    predictions: list[PredictionMessage] = []
    labels: list[LabelMessage] = []
    for message in log.read_all("cricket.balls", 0):
        source = Source("cricket.balls", 0, message.offset(), message.timestamp()[1], "now")
        effects = advance(records, [receive(b"", message.value(), source)], models)
        records |= effects.records
        predictions += effects.predictions
        labels += effects.labels
    log.topics["cricket.predictions"] = [encode_said(each) for each in predictions]
    log.topics["cricket.labels"] = [encode_label(each) for each in labels]
    return log


@pytest.fixture(autouse=True)
def _in_place_of_kafka(live: OnePartition, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (whole, recompute):
        monkeypatch.setattr(module, "LogReader", live)
    monkeypatch.setattr(past_versions, "load_starter", STARTERS)
    monkeypatch.setattr(recompute, "load_starter", STARTERS)
    monkeypatch.setattr(recompute, "InstalledModels", lambda _: installed())
    monkeypatch.setattr(command, "partitions_of", lambda *_: None)


def plant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feature `momentum` rounded to one digit, as a slip of a new version."""
    form = inputs.recent_form
    monkeypatch.setattr(inputs, "recent_form", lambda i: (round(form(i)[0], 1), form(i)[1]))


def test_the_same_code_answers_everything_as_it_was_answered() -> None:
    found = shadow(ONE, EVER)
    assert found.equal
    assert found.balls > 200
    assert found.questions > 10


def test_another_rounding_of_one_feature_is_found_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch)
    found = shadow(ONE, EVER)
    features = {part for part in found.parts if part.startswith("feature")}
    assert features == {"feature momentum"}
    assert 0.01 < found.parts["feature momentum"].largest < 0.051
    assert found.parts["win.batting"].examples


def test_a_person_reads_what_differs_and_a_pipeline_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runner, figures = CliRunner(), tmp_path / "figures.json"
    same = runner.invoke(cli.app, ["shadow"])
    assert (same.exit_code, same.output.startswith("Equal: version")) == (0, True)
    plant(monkeypatch)
    other = runner.invoke(cli.app, ["shadow", "--json", str(figures)])
    assert other.exit_code == 1
    assert "feature momentum: " in other.output
    assert "t20-male, innings 2, overs" in other.output
    assert json.loads(figures.read_text())["parts"]["feature momentum"]["count"] > 0


def test_differences_within_the_tolerance_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert not shadow(ONE, EVER, tolerance=0.001).equal
    assert shadow(ONE, EVER, tolerance=2.0).equal


def test_only_what_was_appended_in_the_span_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    every = shadow(ONE, EVER).balls
    first, rest = shadow(ONE, Span(end=1_100)).balls, shadow(ONE, Span(begin=1_100)).balls
    assert 0 < first < 100 < rest
    assert first + rest == every
    plant(monkeypatch)
    assert shadow(ONE, Span(end=1_005)).equal  # before there is any form


def test_what_live_workers_have_not_come_to_is_not_compared(
    live: OnePartition, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = live.topics
    monkeypatch.setitem(topics, "cricket.predictions", topics["cricket.predictions"][:100])
    found = shadow(ONE, EVER)
    assert found.equal
    assert found.balls == 100


def test_an_answer_that_one_of_them_does_not_give_is_a_difference(
    live: OnePartition, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = live.topics
    values = topics["cricket.predictions"]
    monkeypatch.setitem(topics, "cricket.predictions", values[:50] + values[51:])
    found = shadow(ONE, EVER)
    assert found.differing == 1
    assert found.parts["the answer itself"].examples[0].endswith("live nothing, ours Prediction")


def test_models_on_trial_are_compared_by_what_they_answer(tmp_path: Path) -> None:
    snapshot = STARTERS()["t20-male"]
    (tmp_path / "t20-male.json.gz").write_bytes(gzip.compress(encode_snapshot(snapshot)))
    again = CliRunner().invoke(cli.app, ["shadow", "--models", str(tmp_path)])
    assert again.exit_code == 0, again.output
    other = sealed(dataclasses.replace(snapshot, version="on-trial", history=History()))
    (tmp_path / "t20-male.json.gz").write_bytes(gzip.compress(encode_snapshot(other)))
    tried = CliRunner().invoke(cli.app, ["shadow", "--models", str(tmp_path)])
    assert tried.exit_code == 1
    assert "win.batting: " in tried.output
    assert "on-trial" not in tried.output


def test_another_version_of_the_code_is_no_difference_in_itself() -> None:
    compared = Comparison()
    answer = next(a for a in _answers() if isinstance(a, Prediction))
    compared.compare(answer, replace(answer, code="9.9.9"))
    assert compared.equal


def _answers() -> Iterator[PredictionMessage]:
    (match,) = season(1, seed=19)
    models, records = installed(), dict[str, MatchRecord]()
    for at, event in enumerate(timed_events(match)):
        source = Source("cricket.balls", 0, at)
        effects = advance(records, [receive(b"", encode(event), source)], models)
        records |= effects.records
        yield from effects.predictions


def test_parts_are_named_down_to_their_single_values() -> None:
    live = {"win": {"batting": 0.5}, "ball": "a", "fall": [1, 2]}
    ours = {"win": {"batting": 0.25}, "ball": "b", "fall": [1]}
    found = {d.part: (d.live, d.ours, d.size) for d in differences(live, ours)}
    assert found == {
        "win.batting": (0.5, 0.25, 0.25),
        "ball": ("a", "b", 0.0),
        "fall": ("2 entries", "1 entries", 0.0),
    }
