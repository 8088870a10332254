"""The live loop over recorded matches, in date order: the backtest, and the training."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.play import fold, start
from cricket.state import MatchState, Refusal
from learning.labels import Label
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, blank
from learning.serving.forecaster import Forecast, Forecaster
from learning.serving.labelling import settle
from learning.serving.memory import Memory
from learning.training.learner import SOLVED_EVERY, Learner

Watcher = Callable[[RecordedMatch, Memory, MatchState, Ball, Forecast], None]


def train(
    key: str,
    matches: Iterable[RecordedMatch],
    version: str = "trained",
    watch: Watcher | None = None,
) -> Snapshot:
    """The snapshot after the matches of one key; `watch` sees every forecast as it is made.

    Each match is forecast with what was learned until the day before: the answers of matches of
    one day come when the others are under way.
    """
    learner = Learner(blank(key))
    engine, solved, played = None, 0, 0
    for _, day in groupby(matches, key=lambda match: match.fixture.date):
        snapshot = learner.snapshot(f"{version}~{played}", {})
        if engine is None or played >= solved + SOLVED_EVERY:
            engine, solved = engine_of(snapshot), played
        forecaster = Forecaster(snapshot, engine)
        answers = [list(labels_of(match, forecaster, watch)) for match in day]
        for label in chain.from_iterable(answers):
            learner.learn(label)
        played += len(answers)
    return learner.snapshot(version, {})


def labels_of(
    match: RecordedMatch, forecaster: Forecaster, watch: Watcher | None = None
) -> Iterator[Label]:
    """The labels of a recorded match; facts against the laws are left out, as in life."""
    state, memory = start(match.fixture), forecaster.begin(match.fixture)
    for fact in match.facts:
        played = fold(state, fact)
        if isinstance(played, Refusal):
            continue
        if isinstance(fact, Ball):
            memory, forecast = forecaster.observe(memory, state, played, fact)
            if watch is not None:
                watch(match, memory, played, fact, forecast)
        memory, labels = settle(memory, played, fact)
        yield from labels
        state = played
