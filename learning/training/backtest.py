"""The walk-forward backtest, which is also the training: recorded matches in date order."""

from collections.abc import Callable, Iterable
from itertools import chain, groupby

from cricket.cricsheet import RecordedMatch
from learning.labels import Label
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, blank
from learning.serving.forecaster import Forecast, Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import Step, replay, steps
from learning.training.learner import SOLVED_EVERY, Learner

Watcher = Callable[[RecordedMatch, Step, Memory, Forecast], None]  # called after every ball


def train(
    key: str,
    matches: Iterable[RecordedMatch],
    version: str = "trained",
    watch: Watcher | None = None,
) -> Snapshot:
    """The snapshot after the matches of one key; `watch` sees every forecast as it is made.

    Each match is forecast with what was learned until the day before, since the matches of one day
    are under way at the same time.
    """
    learner = Learner(blank(key))
    engine, solved, played = None, 0, 0
    for _, day in groupby(matches, key=lambda match: match.fixture.date):
        snapshot = learner.snapshot(f"{version}~{played}", {})
        if engine is None or played >= solved + SOLVED_EVERY:
            engine, solved = engine_of(snapshot), played
        forecaster = Forecaster(snapshot, engine)
        labels_of_matches = [_forecast_match(match, forecaster, watch) for match in day]
        for label in chain.from_iterable(labels_of_matches):
            learner.learn(label)
        played += len(labels_of_matches)
    return learner.snapshot(version, {})


def _forecast_match(
    match: RecordedMatch, forecaster: Forecaster, watch: Watcher | None
) -> list[Label]:
    """The labels of a recorded match; with a watcher every ball is forecast too."""
    labels: list[Label] = []
    match_steps = steps(match.fixture, match.facts)
    for step, answer in replay(match_steps, forecaster, forecasting=watch is not None):
        if watch is not None and answer.memory is not None and answer.forecast is not None:
            watch(match, step, answer.memory, answer.forecast)
        labels += answer.labels
    return labels
