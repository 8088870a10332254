"""What a forecast costs on one core: a prediction, a learned answer, a snapshot, its installing."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from learning.labels import Label
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, decode, encode
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replay, steps
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
        took, answered = _timed(forecaster, match)
        times += took
        labels += answered
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


def _timed(forecaster: Forecaster, match: RecordedMatch) -> tuple[list[float], list[Label]]:
    """Seconds of every ball's forecast, on a warmed-up path, and the match's labels."""
    times: list[float] = []
    labels: list[Label] = []
    began = time.perf_counter()
    for step, answer in replay(steps(match.fixture, match.facts), forecaster):
        if isinstance(step.fact, Ball):
            times.append(time.perf_counter() - began)
        labels += answer.labels
        began = time.perf_counter()
    return times, labels


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """The median of so many runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)
