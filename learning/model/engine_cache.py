"""The engine of a snapshot: tables made from the counts that it names, shared where they agree."""

from collections.abc import Callable
from weakref import WeakValueDictionary

from forecast.cells import cell_count
from forecast.engine import Counts, Engine
from forecast.outcomes import OUTCOMES
from forecast.shape import SHAPES
from learning.keys import format_name
from learning.model.packed_arrays import unpacked
from learning.model.snapshot import Snapshot

Engines = Callable[[Snapshot], Engine]


def engine_of(snapshot: Snapshot) -> Engine:
    """The engine; it takes the time of the dynamic programme (0.5 s a T20, 1.5 s an ODI)."""
    shape, counted = SHAPES[format_name(snapshot.key)], snapshot.solved.counted
    first, chase = (
        unpacked(text, (cell_count(shape, chase=chases), len(OUTCOMES)))
        for text, chases in ((counted.first, False), (counted.chase, True))
    )
    return Engine(shape, Counts(first, chase))


def shared(made: Engines = engine_of) -> Engines:
    """Engines that are made once for the same counts, and kept as long as somebody uses them.

    Two threads that ask for a new one at the same moment both make it; the later one is kept.
    """
    kept: WeakValueDictionary[object, Engine] = WeakValueDictionary()

    def of(snapshot: Snapshot) -> Engine:
        counts = (snapshot.key, snapshot.solved)
        engine = kept.get(counts)
        if engine is None:
            engine = kept[counts] = made(snapshot)
        return engine

    return of
