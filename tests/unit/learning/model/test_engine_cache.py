"""Tables are made once for the same counts."""

import gc
from dataclasses import replace
from typing import cast

from forecast.engine import Engine
from learning.model.engine_cache import shared
from learning.model.snapshot import Snapshot, Solved, blank

ONE = blank("t20-male")
OTHER_COUNTS = replace(ONE, solved=Solved(matches=1))


class Made:
    """Stands for an engine, which takes half a second to make."""

    count = 0

    def __init__(self, snapshot: Snapshot) -> None:
        self.key = snapshot.key
        Made.count += 1


def made(snapshot: Snapshot) -> Engine:
    return cast("Engine", Made(snapshot))


def test_snapshots_with_the_same_counts_share_an_engine() -> None:
    engines = shared(made)
    first = engines(ONE)
    assert engines(replace(ONE, version="later", solved=Solved())) is first
    assert engines(OTHER_COUNTS) is not first
    assert engines(replace(ONE, key="t20-female")) is not first


def test_an_engine_that_nobody_uses_any_more_is_not_kept() -> None:
    Made.count = 0
    engines = shared(made)
    held = engines(ONE)
    engines(OTHER_COUNTS)
    gc.collect()
    assert engines(ONE) is held
    engines(OTHER_COUNTS)
    assert Made.count == 3
