"""The engine of a snapshot: its counts, unpacked and solved."""

from forecast.cells import cell_count
from forecast.engine import Counts, Engine
from forecast.outcomes import OUTCOMES
from forecast.shape import SHAPES
from learning.arrays import unpacked
from learning.keys import format_name
from learning.snapshot import Snapshot


def engine_of(snapshot: Snapshot) -> Engine:
    """The engine; it takes the time of the dynamic programme (0.5 s a T20, 1.5 s an ODI)."""
    shape, counted = SHAPES[format_name(snapshot.key)], snapshot.counted
    first, chase = (
        unpacked(text, (cell_count(shape, chase=chases), len(OUTCOMES)))
        for text, chases in ((counted.first, False), (counted.chase, True))
    )
    return Engine(shape, Counts(first, chase))
