"""History learns a little from each match, and says how little."""

import numpy as np
import pytest

from cricket.facts import Fixture
from features.effects import competition, design, effects_of, expected, ground
from features.history import (
    History,
    absorb_balls,
    absorb_order,
    absorb_result,
    absorb_spells,
    absorb_total,
    draw,
    eleven,
    mean_total,
    rating,
)

NAMED = effects_of("League 2024", "Park, Town", ("A", "B"), 0)
FIXTURE = Fixture(
    "T20",
    "male",
    ("A", "B"),
    overs=20,
    event="League 2025",
    venue="Park",
    players={"A": ("a1", "a2"), "B": ("b1", "b2")},
)
DUELS = [("a1", "b1"), ("a2", "b1")] * 60


def absorbed(history: History, surprises: list[float]) -> History:
    """After an innings whose balls told more runs (positive) or fewer than were expected."""
    told = np.array(surprises)
    return absorb_balls(history, design(NAMED, DUELS), told, np.full(len(told), 0.4))


def test_names_lose_their_years_and_towns() -> None:
    assert competition("Indian Premier League 2007/08") == competition("Indian Premier League")
    assert ground("Eden Gardens, Kolkata") == ground("Eden Gardens")


def test_a_surprise_moves_the_mean_and_shrinks_the_spread() -> None:
    before, after = History(), absorbed(History(), [0.1] * len(DUELS))
    assert 0.0 < expected(after.effects, NAMED, 1.0)[0] < 0.4
    assert expected(after.effects, NAMED, 1.0)[1] < expected(before.effects, NAMED, 1.0)[1]


def test_what_was_expected_moves_nothing() -> None:
    after = absorbed(History(), [0.0] * len(DUELS))
    assert {mean for mean, _ in after.effects.values()} == {0.0}


def test_who_scores_more_than_his_partner_is_the_better_batter() -> None:
    history = absorbed(History(), [0.2, -0.2] * (len(DUELS) // 2))
    first, second = sorted(eleven(history, ("a1", "a2"), 120), key=lambda s: s.player)
    assert first.batting > 0.0 > second.batting
    assert history.effects["bowler:b1"][0] == pytest.approx(0.0, abs=1e-6)


def test_a_stranger_moves_only_what_is_known() -> None:
    duels = [("", "b1")] * len(DUELS)
    told = np.full(len(duels), 0.1)
    after = absorb_balls(History(), design(NAMED, duels), told, np.full(len(told), 0.4))
    assert set(after.effects) == {*NAMED, "bowler:b1"}


def test_an_eleven_stands_in_its_usual_order() -> None:
    history = absorb_order(absorb_order(History(), ("x", "y")), ("x", "z", "y"))
    assert [s.player for s in eleven(history, ("y", "z", "new", "x"), 120)] == [
        "x",
        "z",
        "y",
        "new",
    ]


def test_a_bowler_is_expected_to_bowl_what_he_usually_does() -> None:
    history = History()
    for _ in range(12):
        history = absorb_spells(history, {"quick": 24.0, "batter": 0.0})
    quick, batter = (eleven(history, (player,), 120)[0].balls for player in ("quick", "batter"))
    assert 20.0 < quick <= 24.0
    assert 0.0 < batter < 2.0


def test_ratings_are_a_zero_sum() -> None:
    history = absorb_result(History(), ("A", "B"), 1.0)
    assert rating(history, "A") + rating(history, "B") == pytest.approx(3000.0)
    assert rating(history, "A") > rating(history, "B")


def test_a_new_competition_is_taken_for_an_ordinary_one() -> None:
    history = absorb_total(History(), "League", 180.0)
    assert mean_total(history, "Cup", 150.0) == 150.0
    assert 150.0 < mean_total(history, "League", 150.0) < 180.0


def test_a_draw_is_from_both_sides() -> None:
    history = absorbed(absorb_result(History(), ("B", "A"), 1.0), [0.1] * len(DUELS))
    drawn = draw(history, FIXTURE, 150.0, 120)
    assert drawn.elo < 0.0
    assert drawn.tilts[0][0] > drawn.tilts[1][0] > 0.0
    assert drawn.starts[0] > drawn.starts[1]
