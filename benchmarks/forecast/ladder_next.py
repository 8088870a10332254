"""The rungs of the next ball: chances of eight outcomes, [rows, 8]."""

from itertools import pairwise

import numpy as np

from benchmarks.forecast.field import Array, Field, Places, januaries
from benchmarks.forecast.rows import NEXT_BALL
from forecast.cells import BASE, cell_count, chances
from forecast.outcomes import OUTCOMES
from forecast.shape import WICKETS

ONLINE = "online"
RUNGS = ("base rate by phase", "counts by cell", ONLINE)
PHASES = ("powerplay", "middle", "death")
OVERS = {20: (0, 6, 15, 20), 50: (0, 10, 40, 50)}  # where the phases begin and end


def phase(field: Field) -> Places:
    """The phase of the ball that is due, [rows], as a place in PHASES."""
    borders = OVERS[field.shape.overs][1:-1]
    return np.searchsorted(np.array(borders), field.over, side="right").astype(np.int64)


def ladder(field: Field) -> dict[str, Array]:
    """What every rung says; uniform before the test years, where nothing is judged."""
    return {
        RUNGS[0]: _by_phase(field),
        RUNGS[1]: _by_cell(field),
        ONLINE: np.stack([field.column(name) for name in NEXT_BALL], axis=1),
    }


def came(field: Field) -> Places:
    """The outcome of the ball that was due, [rows]."""
    return field.columns["next"].astype(np.int64)


def cells(field: Field) -> Places:
    """`forecast.cells.cell_of` of every row at once."""
    shape, left = field.shape, field.columns["left"].astype(np.int64)
    phases = np.clip((shape.balls - left) // 6, 0, shape.overs - 1)
    phases = np.where(
        left <= shape.phases - shape.overs, shape.phases - np.maximum(left, 1), phases
    )
    found = phases * WICKETS + np.minimum(field.wickets, WICKETS - 1)
    if field.innings == 0:
        return found
    needed = np.clip(field.columns["needed"], 0, shape.most).astype(np.int64)
    places = shape.position[np.minimum(left, shape.balls), needed]
    return found * len(shape.rates) + (places + 0.5).astype(np.int64)


def _by_phase(field: Field) -> Array:
    outcome, where = came(field), phase(field)
    said = np.full((len(outcome), len(OUTCOMES)), 1.0 / len(OUTCOMES))
    for past, now in januaries(field.year):
        counts = np.zeros((len(PHASES), len(OUTCOMES))) + BASE  # one ball's worth, where none is
        np.add.at(counts, (where[past], outcome[past]), 1.0)
        said[now] = (counts / counts.sum(axis=1, keepdims=True))[where[now]]
    return said


def _by_cell(field: Field) -> Array:
    """Counts by over, wickets and required rate, smoothed over neighbours, of earlier years."""
    outcome, cell = came(field), cells(field)
    said = np.full((len(outcome), len(OUTCOMES)), 1.0 / len(OUTCOMES))
    for past, now in januaries(field.year):
        counts = np.zeros(
            (cell_count(field.shape, chase=field.innings == 1), len(OUTCOMES)), np.float32
        )
        np.add.at(counts, (cell[past], outcome[past]), 1.0)
        said[now] = chances(field.shape, counts).reshape(-1, len(OUTCOMES))[cell[now]]
    return said


def phases_in_overs(overs: int) -> list[str]:
    """The phases as people read them: "powerplay (overs 1-6)".

    >>> phases_in_overs(20)[0]
    'powerplay (overs 1-6)'
    """
    borders = pairwise(OVERS[overs])
    return [f"{p} (overs {a + 1}-{b})" for p, (a, b) in zip(PHASES, borders, strict=True)]
