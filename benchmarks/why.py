"""Contributions on every ball of the shipped matches: whether they add up, and what they cost.

`python -m benchmarks.why`, or `make why`. It ends with exit code 1 if a ball's do not.
"""

import sys
from collections.abc import Iterator
from time import process_time
from typing import NamedTuple

from cricket.formats import Unsupported
from learning.keys import model_key
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replay, steps
from learning.starter import load_starter
from producers.recorded import ShippedShelf
from streams.failure import run

MOST = 1e-9  # of a chance, by which the parts may miss it


class Summed(NamedTuple):
    """One ball: by how much its parts miss the chance, and the CPU seconds that they took."""

    missed: float
    seconds: float


def summed(forecasters: dict[str, Forecaster]) -> Iterator[Summed]:
    """Every ball of the shipped matches that is forecast."""
    shelf = ShippedShelf()
    for match in map(shelf.read, shelf.listed()):
        key = model_key(match.fixture)
        if isinstance(key, Unsupported):
            continue
        forecaster = forecasters[key]
        for step, result in replay(steps(match.fixture, match.facts), forecaster):
            if result.forecast is not None and result.memory is not None:
                began, forecast = process_time(), result.forecast
                parts = forecaster.why(result.memory, step.after, forecast)
                seconds = process_time() - began
                chance = forecast.win + forecast.tie / 2.0
                yield Summed(abs(parts.total - (chance - 0.5)), seconds)


def main() -> None:
    """Play all and print the figures."""
    balls = list(summed({key: Forecaster(model) for key, model in load_starter().items()}))
    worst = max(ball.missed for ball in balls)
    cost = 1_000 * sum(ball.seconds for ball in balls) / len(balls)
    sys.stdout.write(f"{len(balls):,} balls; off by {worst:.1e} at most; {cost:.1f} ms a ball\n")
    if worst > MOST:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
