"""A comparison that may be looked at whenever one likes."""

import numpy as np
import pytest

from learning.contest.confidence_sequence import CONFIDENCE, Comparison


def looked_at(gains: np.ndarray) -> Comparison:
    return Comparison([(1.0, 1.0 - gain) for gain in gains])


def test_before_any_match_nothing_is_known() -> None:
    seen = Comparison([]).evidence()
    assert (seen.low, seen.high, seen.matches) == (-1.0, 1.0, 0)


def test_a_challenger_that_is_no_better_is_seldom_promoted_however_often_one_looks() -> None:
    chance, wrong = np.random.default_rng(3), 0
    for _ in range(200):
        comparison, low = Comparison([]), -1.0
        for gain in chance.normal(0.0, 0.3, 120):
            comparison.add((1.0, 1.0 - gain))
            low = max(low, comparison.evidence().low)
        wrong += low > 0.0
    assert wrong / 200 <= (1.0 - CONFIDENCE) / 2.0 + 0.02


@pytest.mark.parametrize(("gain", "most"), [(0.5, 25), (0.2, 60)])
def test_a_better_one_is_known_soon_and_the_true_gain_lies_within(gain: float, most: int) -> None:
    chance = np.random.default_rng(5)
    seen = [looked_at(chance.normal(gain, 0.25, most)).evidence() for _ in range(60)]
    assert sum(e.low > 0.0 for e in seen) >= 54
    assert sum(e.low <= gain <= e.high for e in seen) >= 60 * CONFIDENCE
    assert looked_at(chance.normal(-gain, 0.25, most)).evidence().high < 0.0


def test_one_match_decides_nothing_however_far_apart() -> None:
    assert looked_at(np.array([50.0])).evidence().low < 0.0


def test_pair_by_pair_and_all_at_once_are_the_same_to_the_last_bit() -> None:
    pairs = [(1.0 + n % 3, 1.2) for n in range(30)]
    comparison = Comparison([])
    for pair in pairs:
        comparison.add(pair)
    assert comparison.evidence() == Comparison(pairs).evidence()
