"""The cost of a ball does not grow: ratios of processor time in one run, never absolute times."""

import statistics
import time
from collections.abc import Callable

from benchmarks.load import simulated
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord
from tests.support.matches import models

ROUNDS = 5
TRIES = 3  # a machine that was busy for a moment gets another chance
BATCH = 100


def seconds(at_once: int, messages: int, batch: int = BATCH) -> float:
    """Processor time of one message of simulated matches, `at_once` of them side by side."""
    load = simulated(at_once, messages).messages
    log = [(key, value, Source("t", 0, offset)) for offset, (key, value) in enumerate(load)]
    live: dict[str, MatchRecord] = {}
    began = time.process_time()
    for place in range(0, len(log), batch):
        received = [receive(*told) for told in log[place : place + batch]]
        live |= advance(live, received, models()).records
    return (time.process_time() - began) / messages


def holds(ratio: Callable[[], float], most: float) -> list[float]:
    """The medians of each try, up to the first that is below `most`."""
    models()["t20-male"]
    found: list[float] = []
    while len(found) < TRIES and not (found and found[-1] < most):
        found.append(statistics.median(ratio() for _ in range(ROUNDS)))
    return found


def test_a_ball_costs_the_same_with_many_matches_at_once() -> None:
    found = holds(lambda: seconds(100, 1_000) / seconds(10, 1_000), most=1.5)
    assert found[-1] < 1.5, found


def test_a_ball_costs_the_same_late_in_the_log() -> None:
    """Four matches one after the other cost what four times one match costs."""
    found = holds(lambda: seconds(1, 1_000) / seconds(1, 250), most=1.5)
    assert found[-1] < 1.5, found


def test_a_ball_by_itself_costs_little_more_than_one_in_a_batch() -> None:
    found = holds(lambda: seconds(10, 1_000, batch=1) / seconds(10, 1_000, batch=500), most=1.5)
    assert found[-1] < 1.5, found
