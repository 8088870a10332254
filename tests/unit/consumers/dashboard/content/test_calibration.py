"""Calibration: what was said, what happened, and how sure that is, by match."""

import numpy as np
import pytest

from consumers.dashboard.content.calibration import (
    BINS,
    LEAST_MATCHES,
    Confidence,
    confidence,
    counted,
    interval,
    reliability,
)
from consumers.dashboard.content.match_page import head, row
from streams.messages.predictions import Prediction
from tests.support.dashboard_messages import SAID, board_of
from tests.support.matches import KEY

MADE = [said for said in SAID if isinstance(said, Prediction)]


def test_calibration_counts_each_side_of_each_ball() -> None:
    told = reliability([counted([0.72, 0.74, 0.31], won=True)] * LEAST_MATCHES)
    assert (told.matches, told.balls) == (LEAST_MATCHES, 3 * LEAST_MATCHES)
    by_low = {round(b.low, 2): b for b in told.bins}
    assert by_low[0.7].happened == 1.0
    assert by_low[0.7].said == pytest.approx(0.73)
    assert by_low[0.25].happened == 0.0
    assert sum(b.balls for b in told.bins) == 6 * LEAST_MATCHES
    assert by_low[0.7].matches == LEAST_MATCHES


def test_a_chance_of_one_lies_in_the_last_bin() -> None:
    assert counted([1.0], won=True)[BINS - 1] == (1, 1.0, 1)


def test_a_settled_match_says_how_far_the_model_can_be_believed() -> None:
    board = board_of(SAID)
    model = board.models[KEY]
    assert model.settled.keys() == {"m"}
    (counts,) = model.settled.values()
    filled = next(number for number in range(BINS) if counts[number][0])
    said = confidence([counts] * LEAST_MATCHES, (filled + 0.5) / BINS)
    assert said.bin is not None
    assert said.bin.balls == LEAST_MATCHES * counts[filled][0]
    match = board_of(SAID[:8]).matches["m"]
    shown = head(match, MADE[5], row(match), model, board.careers)  # type: ignore[arg-type]
    assert shown.confidence == Confidence(1, LEAST_MATCHES, None)


def test_calibration_is_not_shown_before_enough_matches_are_settled() -> None:
    counts = counted([0.72], won=True)
    assert reliability([counts] * (LEAST_MATCHES - 1)).bins == ()
    assert len(reliability([counts] * LEAST_MATCHES).bins) == 2
    assert confidence([counts] * (LEAST_MATCHES - 1), 0.72).bin is None
    assert confidence([counts] * LEAST_MATCHES, 0.72).bin is not None
    assert confidence([counts] * LEAST_MATCHES, 0.05).bin is None  # no such forecast was made


def test_an_interval_is_by_match_and_not_by_ball() -> None:
    once = interval([(1, 1), (1, 0)] * 20)
    assert interval([(100, 100), (100, 0)] * 20) == pytest.approx(once)
    wide, narrow = interval([(10, 7)] * 5 + [(10, 5)] * 5), interval([(1, 1)] * 70 + [(1, 0)] * 30)
    assert wide[1] - wide[0] > narrow[1] - narrow[0]
    low, high = interval([(12, 12)] * 40)  # never wrong in forty matches: not never wrong
    assert 0.85 < low < 0.95
    assert high == 1.0


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Matches of 1 to 40 balls whose forecasts are right or wrong nearly together."""
    chance, truth, held = np.random.default_rng(7), 0.7, 0
    for _ in range(400):
        wins = [(1 + int(chance.integers(40)), chance.random() < truth) for _ in range(60)]
        held += inside(
            truth, interval([(n, round(n * (0.95 if won else 0.05))) for n, won in wins])
        )
    assert 0.92 < held / 400 <= 0.99


def inside(truth: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= 0.05 + 0.9 * truth <= ends[1]
