"""What a forecast costs on one core: a prediction, a learned answer, a snapshot, its installing."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.play import fold, start
from cricket.state import Refusal
from learning.labels import Label
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, decode, encode
from learning.serving.forecaster import Forecaster
from learning.serving.labelling import settle
from learning.training.learner import Learner


def cost(snapshot: Snapshot, matches: Sequence[RecordedMatch]) -> dict[str, Any]:
    """Medians over the matches, in the units that the names say."""
    value = encode(snapshot)
    seconds = _seconds(lambda: decode(value))
    solving = _seconds(lambda: engine_of(snapshot))
    forecaster = Forecaster(snapshot)
    times: list[float] = []
    labels: list[Label] = []
    for match in matches:
        took, told = _played(forecaster, match)
        times += took
        labels += told
    learner = Learner(snapshot)
    learned = [_seconds(partial(learner.learn, label), 1) for label in labels]
    by_match = sum(learned) / max(len(matches), 1)
    return {
        "microseconds_per_prediction": round(statistics.median(times) * 1e6, 1),
        "microseconds_per_prediction_p95": round(statistics.quantiles(times, n=20)[-1] * 1e6, 1),
        "predictions": len(times),
        "milliseconds_per_label": round(statistics.median(learned) * 1e3, 2) if learned else None,
        "milliseconds_per_match": round(by_match * 1e3, 2),
        "snapshot_bytes": len(value),
        "seconds_to_read": round(seconds, 3),
        "seconds_to_solve": round(solving, 3),
        "seconds_to_install": round(seconds + solving, 3),
    }


def _played(forecaster: Forecaster, match: RecordedMatch) -> tuple[list[float], list[Label]]:
    """Seconds of every ball's forecast, on a warmed-up path, and the match's labels."""
    state, memory = start(match.fixture), forecaster.begin(match.fixture)
    times: list[float] = []
    labels: list[Label] = []
    for fact in match.facts:
        played = fold(state, fact)
        if isinstance(played, Refusal):
            continue
        if isinstance(fact, Ball):
            began = time.perf_counter()
            memory, _ = forecaster.observe(memory, state, played, fact)
            times.append(time.perf_counter() - began)
        memory, told = settle(memory, played, fact)
        labels += told
        state = played
    return times, labels


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """The median of so many runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)
