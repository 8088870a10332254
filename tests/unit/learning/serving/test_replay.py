"""The walk-forward benchmark says of every ball what `advance` publishes, bit for bit."""

from functools import cache
from itertools import chain

import pytest

from cricket.cricsheet import RecordedMatch
from forecast.engine import Engine
from learning.labels import Label
from learning.model.snapshot import Snapshot, encode
from learning.serving.forecast import Forecast
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import Step, replay, replayed_labels, steps
from learning.starter import load_starter
from learning.training import backtest
from producers.schedule import timed_events
from producers.simulator import season
from streams.messages.events import encode as encode_event
from streams.messages.predictions import Prediction, Total, Win
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive
from tests.support.matches import KEY

MATCHES = [*season(8, seed=31), *season(2, seed=32, match_type="ODI")]
Numbers = list[tuple[Win, float, float, Total, dict[str, float]]]


@cache
def served(key: str) -> Forecaster:
    return Forecaster(load_starter()[key])


def key_of(match: RecordedMatch) -> str:
    return KEY if match.fixture.match_type == "T20" else "odi-male"


def published(match: RecordedMatch, model: Forecaster) -> Effects:
    """What a worker makes of the match."""
    log = [
        receive(b"m", encode_event(event), Source("cricket.balls", 0, offset))
        for offset, event in enumerate(timed_events(match))
    ]
    return advance({}, log, {key_of(match): model})


def numbers(forecast: Forecast) -> tuple[Win, float, float, Total, dict[str, float]]:
    f = forecast
    total = Total(f.total_mean, f.q10, f.q25, f.q50, f.q75, f.q90)
    return Win(f.win, f.tie, f.lose), f.win_added, f.leverage, total, f.next_ball


def predicted(match: RecordedMatch, model: Forecaster) -> Numbers:
    """What `advance` publishes of every ball."""
    return [
        (p.win, p.win_added, p.leverage, p.total, p.next_ball)
        for p in published(match, model).predictions
        if isinstance(p, Prediction)
    ]


def test_the_forecasts_of_a_replay_are_those_that_advance_publishes_bit_for_bit() -> None:
    balls = 0
    for match in MATCHES:
        model = served(key_of(match))
        answers = [answer for _, answer in replay(steps(match.fixture, match.facts), model)]
        forecasts = [numbers(a.forecast) for a in answers if a.forecast is not None]
        assert forecasts == predicted(match, model)
        balls += len(forecasts)
    assert balls > 2_000


class Recorded(Forecaster):
    """Keeps the models that the walk forecasts with, one for each day of matches."""

    models: list[Forecaster]

    def __init__(self, snapshot: Snapshot, engine: Engine) -> None:
        super().__init__(snapshot, engine)
        self.models.append(self)


def test_the_walk_forward_benchmark_says_what_advance_publishes_bit_for_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """50 matches, one a day, each with the model that had learned the days before."""
    matches, walked = list(season(50, seed=33)), dict[str, Numbers]()

    def watch(match: RecordedMatch, step: Step, memory: Memory, forecast: Forecast) -> None:
        del step, memory
        walked.setdefault(match.id, []).append(numbers(forecast))

    monkeypatch.setattr(Recorded, "models", [], raising=False)
    monkeypatch.setattr(backtest, "Forecaster", Recorded)
    backtest.train(KEY, matches, watch=watch)
    assert len(Recorded.models) == len(matches) == 50
    for match, model in zip(matches, Recorded.models, strict=True):
        assert walked[match.id] == predicted(match, model)


@pytest.mark.parametrize("forecasting", [True, False])
def test_labels_are_those_that_advance_publishes_with_forecasts_or_without(
    forecasting: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    for match in MATCHES[:8]:
        model = served(key_of(match))
        played = replay(steps(match.fixture, match.facts), model, forecasting=forecasting)
        labels: list[Label] = list(chain.from_iterable(answer.labels for _, answer in played))
        assert labels == [message.label for message in published(match, model).labels]
        assert labels == list(replayed_labels(steps(match.fixture, match.facts), model))


def test_training_is_the_same_whether_or_not_it_is_watched() -> None:
    matches = list(season(10, seed=34))
    watched = backtest.train(KEY, matches, watch=lambda *_: None)
    assert encode(backtest.train(KEY, matches)) == encode(watched)
