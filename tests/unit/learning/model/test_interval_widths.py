"""The projected total's intervals become as wide as they must be to hold what they say."""

import random
from statistics import NormalDist

import pytest

from learning.labels import Question
from learning.model.interval_widths import (
    LEVELS,
    MOST,
    STAGES,
    UNTRIED,
    Widths,
    answered,
    stage,
    stretched,
)

FULL = 120
NORMAL = NormalDist(160.0, 20.0)  # what the engine thinks of every innings
QUANTILES = tuple(round(NORMAL.inv_cdf(level)) for level in (0.1, 0.25, 0.5, 0.75, 0.9))


def question(balls: int, quantiles: tuple[int, ...] = QUANTILES) -> Question:
    numbers = dict.fromkeys(("rate", "win", "engine", "baseline"), 0.5)
    return Question(
        0, balls, (), **numbers, total=160.0, engine_total=160.0, spread=20.0, quantiles=quantiles
    )


def held(widths: Widths, totals: list[float], low: int, high: int) -> float:
    """The share of totals within two of the five quantiles, in the first stage of an innings."""
    told = stretched(QUANTILES, 160.0, 160.0, widths[STAGES - 1], 0.0)
    return sum(told[low] <= total <= told[high] for total in totals) / len(totals)


@pytest.mark.parametrize("spread", [12.0, 20.0, 35.0])
def test_intervals_hold_what_they_say_whatever_the_engine_thinks(spread: float) -> None:
    draws = random.Random(3)  # noqa: S311  repeatable chance
    widths = UNTRIED
    for _ in range(3_000):
        widths = answered(widths, [question(0)], FULL, draws.gauss(160.0, spread))
    fresh = [draws.gauss(160.0, spread) for _ in range(4_000)]
    assert held(widths, fresh, 0, 4) == pytest.approx(0.8, abs=0.04)
    assert held(widths, fresh, 1, 3) == pytest.approx(0.5, abs=0.05)


def test_a_match_is_one_answer_however_often_it_was_asked() -> None:
    once = answered(UNTRIED, [question(0)], FULL, 230.0)
    often = answered(UNTRIED, [question(0), question(6), question(12)], FULL, 230.0)
    assert once == often


def test_a_stage_that_was_not_asked_stays() -> None:
    moved = answered(UNTRIED, [question(119)], FULL, 230.0)
    assert moved[0] != UNTRIED[0]
    assert moved[1:] == UNTRIED[1:]


def test_no_factor_grows_without_bound() -> None:
    widths = UNTRIED
    for _ in range(1_000):
        widths = answered(widths, [question(0)], FULL, 900.0)
    assert widths[STAGES - 1][LEVELS.index(0.9)] == MOST


def test_a_question_of_before_there_were_quantiles_teaches_nothing() -> None:
    assert answered(UNTRIED, [question(0, ())], FULL, 230.0) == UNTRIED


def test_the_quantiles_keep_their_order_and_the_runs_there_are() -> None:
    told = stretched(QUANTILES, 160.0, 150.0, (MOST, -MOST, MOST, -MOST), 148.0)
    assert list(told) == sorted(told)
    assert min(told) == 148.0


def test_stages_are_fifths_of_the_balls_left() -> None:
    assert [stage(left) for left in (0.0, 0.19, 0.2, 0.99, 1.0)] == [0, 0, 1, 4, 4]
