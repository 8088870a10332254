"""History learns a little from each match, and says how little."""

import pytest

from cricket.facts import Fixture
from features.catalogue import CATALOGUE, NAMES
from features.history import (
    History,
    absorb_result,
    absorb_tilt,
    absorb_total,
    competition,
    draw,
    effects_of,
    expected,
    ground,
    mean_total,
    rating,
)

NAMED = effects_of("League 2024", "Park, Town", ("A", "B"), 0)
FIXTURE = Fixture("T20", "male", ("A", "B"), overs=20, event="League 2025", venue="Park")


def test_names_lose_their_years_and_towns() -> None:
    assert competition("Indian Premier League 2007/08") == competition("Indian Premier League")
    assert ground("Eden Gardens, Kolkata") == ground("Eden Gardens")


def test_a_surprise_moves_the_mean_and_shrinks_the_spread() -> None:
    before, after = History(), absorb_tilt(History(), NAMED, (0.4, 0.05))
    assert 0.0 < expected(after, NAMED)[0] < 0.4
    assert expected(after, NAMED)[1] < expected(before, NAMED)[1]


def test_the_same_surprise_again_is_none_at_last() -> None:
    history = History()
    for _ in range(200):
        history = absorb_tilt(history, NAMED, (0.4, 0.05))
    assert expected(history, NAMED)[0] == pytest.approx(0.4, abs=0.02)


def test_ratings_are_a_zero_sum() -> None:
    history = absorb_result(History(), ("A", "B"), 1.0)
    assert rating(history, "A") + rating(history, "B") == pytest.approx(3000.0)
    assert rating(history, "A") > rating(history, "B")


def test_a_new_competition_is_taken_for_an_ordinary_one() -> None:
    history = absorb_total(History(), "League", 180.0)
    assert mean_total(history, "Cup", 150.0) == 150.0
    assert 150.0 < mean_total(history, "League", 150.0) < 180.0


def test_a_draw_is_from_both_sides() -> None:
    history = absorb_tilt(absorb_result(History(), ("B", "A"), 1.0), NAMED, (0.4, 0.05))
    drawn = draw(history, FIXTURE, 150.0)
    assert drawn.elo < 0.0
    assert drawn.tilts[0][0] > drawn.tilts[1][0] > 0.0


def test_the_catalogue_names_each_feature_once() -> None:
    assert len(set(NAMES)) == len(CATALOGUE)
    assert all(f.low < f.high and f.meaning and f.unit for f in CATALOGUE)
