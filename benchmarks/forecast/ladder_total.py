"""The rungs of the projected total: a mean in runs and five quantiles, first innings only."""

from typing import NamedTuple

import numpy as np

from benchmarks.forecast.field import Array, Field, Mask
from benchmarks.forecast.rows import QUANTILES
from benchmarks.forecast.scores import LEVELS
from benchmarks.forecast.trees import Tuned, inputs, tuned

ONLINE = "online"
RUNGS = ("Duckworth-Lewis", "LightGBM", "LightGBM + engine", "engine", ONLINE)
PRIORS = (1.0, 3.0, 6.0, 12.0, 25.0)  # matches: what the competition may count as at a ground
FEWEST = 100  # rows of an over below which its errors are taken from all overs


class Projection(NamedTuple):
    """The projected total [rows] and its quantiles [rows, 5], in runs."""

    total: Array
    quantiles: Array


def projected(field: Field) -> Array:
    """Duckworth-Lewis: the runs so far and the ground's par for the resources left, [rows]."""
    return field.column("runs") + field.par * field.column("resources")


def ladder(field: Field) -> tuple[dict[str, Projection], dict[str, Tuned]]:
    """What every rung says of the test years' rows, and the trees as tuned."""
    start = projected(field)
    plain = tuned(field, inputs(field, engine=False), "total", start)
    helped = tuned(field, inputs(field, engine=True), "total", start)
    online, engine = field.column("total"), field.column("engine_total")
    quantiles = np.stack([field.column(name) for name in QUANTILES], axis=1)
    moved = np.maximum(quantiles + (engine - online)[:, None], field.column("runs")[:, None])
    said = {
        "Duckworth-Lewis": Projection(start, _spread(field, start, start)),
        "LightGBM": Projection(plain.said, _spread(field, plain.said, plain.before)),
        "LightGBM + engine": Projection(helped.said, _spread(field, helped.said, helped.before)),
        "engine": Projection(engine, moved),
        ONLINE: Projection(online, quantiles),
    }
    return said, {"LightGBM": plain, "LightGBM + engine": helped}


def _spread(field: Field, said: Array, before: Array) -> Array:
    """Quantiles for rungs that have none: the rung's errors in the choosing years, by over.

    `before` is what the rung said then, of matches that it had not learned from; NaN elsewhere.
    """
    known = field.choosing & np.isfinite(before)
    errors, over = field.truth - before, field.over
    result = np.repeat(said[:, None], len(LEVELS), axis=1)
    for number in range(field.shape.overs):
        seen = known & (over == number)
        seen = seen if seen.sum() >= FEWEST else known
        if seen.any():
            result[over == number] += np.quantile(errors[seen], LEVELS)
    return np.maximum(result, field.column("runs")[:, None])


def chosen_prior(fields: dict[float, Field]) -> float:
    """The prior of the ground's par with the least error in the choosing years."""
    return min(fields, key=lambda prior: _error(fields[prior], fields[prior].choosing))


def _error(field: Field, kept: Mask) -> float:
    return float(np.abs(projected(field) - field.truth)[kept].mean()) if kept.any() else 0.0
