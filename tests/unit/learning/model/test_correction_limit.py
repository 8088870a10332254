"""The regression may move the engine as far as has served best of late."""

import pytest

from learning.model.correction_limit import (
    LIMITS,
    UNTRIED,
    Answer,
    corrected,
    limit,
    sigmoid,
    weighed,
)


def after(matches: int, answers: list[Answer], losses: tuple[float, ...] = UNTRIED) -> float:
    for _ in range(matches):
        losses = weighed(losses, answers, 1.0)
    return limit(losses)


def test_before_anything_was_learned_the_engine_is_moved_least() -> None:
    assert limit(UNTRIED) == LIMITS[0]


def test_where_the_regression_is_right_it_may_move_far() -> None:
    assert after(5, [Answer(-1.0, 1.0, 0.5, 1.0)]) == LIMITS[-1]


def test_where_it_is_wrong_it_may_not() -> None:
    assert after(5, [Answer(1.0, -1.0, 0.5, 1.0)]) == LIMITS[0]


def test_what_served_long_ago_is_forgotten() -> None:
    losses = UNTRIED
    for truth, matches in ((1.0, 50), (0.0, 150)):
        for _ in range(matches):
            losses = weighed(losses, [Answer(-1.0, 1.0, 0.5, truth)], 1.0)
    assert limit(losses) == LIMITS[0]


def test_a_match_without_answers_weighs_nothing() -> None:
    assert weighed((1.0, 2.0, 3.0, 4.0), [], 1.0) == (1.0, 2.0, 3.0, 4.0)


def test_at_the_end_of_an_innings_and_without_trust_the_engine_stands() -> None:
    assert corrected(0.4, 2.0, 0.0, 1.5, 1.0) == 0.4
    assert corrected(0.4, 2.0, 0.5, 1.5, 0.0) == 0.4
    assert corrected(0.4, 2.0, 0.5, 0.3, 1.0) == pytest.approx(0.7)
    assert sigmoid(0.0) == 0.5
