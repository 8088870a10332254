"""The hostile run: it can fail, and a failure is made as small as it gets."""

from collections import Counter

import pytest

from benchmarks.hostility import mixture, shrunk, tried
from producers.faults import KINDS
from producers.simulator import season
from streams.pipeline.effects import Effects
from tests.support.matches import models

MATCH = next(iter(season(1, seed=5)))


def test_a_bad_feed_ends_as_a_clean_one() -> None:
    trial = tried(MATCH, models(), seed=1)
    assert not trial.differs
    assert trial.mutations.total() > 5
    assert trial.said > trial.messages


def test_mixtures_differ_and_are_never_nothing() -> None:
    found = [mixture(f"m{number}", seed=1) for number in range(50)]
    assert len(set(found)) > 40
    assert all(any(getattr(faults, kind) for kind in KINDS) for faults in found)
    assert mixture("m1", seed=1) == found[1]
    assert mixture("m1", seed=2) != found[1]


def test_a_failure_is_made_as_small_as_it_gets() -> None:
    faults = [(n, "loss") for n in range(40)]
    needed = {(7, "loss"), (31, "loss")}
    assert shrunk(faults, lambda only: needed <= set(only)) == sorted(needed)
    assert shrunk(faults, lambda only: (5, "loss") in only) == [(5, "loss")]
    assert shrunk(faults, lambda _: True) == []


def test_a_difference_is_found_and_named_by_its_smallest_mutation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def blind(match_id: str, effects: Effects) -> str:
        """As if whatever is repeated were counted twice."""
        return f"{match_id} {min(effects.repeated, 1)}"

    monkeypatch.setattr("benchmarks.hostility.left", blind)
    trial = tried(MATCH, models(), seed=1)
    assert trial.differs
    assert Counter(kind for _, kind in trial.smallest) == {"duplicates": 1}
