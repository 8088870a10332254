"""Duels are numbers that name who faced whom."""

import pytest

from features.lineup import Strength
from learning.serving.matchups import batting_order, duel, duel_players, players, spells, tilt

BATTING = (Strength("a", 0.2, 0.0, 0.0, 0.0), Strength("b", -0.1, 0.0, 1.0, 0.0))
BOWLING = (Strength("x", 0.0, -0.3, 9.0, 24.0),)
ELEVENS = (players(BATTING), players(BOWLING))


def test_a_duel_names_its_two_players_and_adds_their_tilts() -> None:
    number = duel(BATTING, BOWLING, "b", "x")
    assert duel_players(ELEVENS, number) == ("b", "x")
    assert tilt(BATTING, BOWLING, number) == pytest.approx(-0.4)


def test_a_stranger_has_no_name_and_no_tilt() -> None:
    number = duel(BATTING, BOWLING, "somebody", "x")
    assert duel_players(ELEVENS, number) == ("", "x")
    assert tilt(BATTING, BOWLING, number) == pytest.approx(-0.3)


def test_the_order_is_that_of_the_first_ball_faced() -> None:
    assert batting_order([("b", "x"), ("a", "x"), ("", "x"), ("b", "x")]) == ("b", "a")


def test_spells_are_scaled_to_a_full_innings_and_count_no_extras() -> None:
    codes, duels = [0] * 96 + [7] * 10, [("a", "x")] * 106
    assert spells(("x", "y"), codes, duels, 120) == {"x": 120.0, "y": 0.0}


def test_a_short_innings_tells_nothing_of_spells() -> None:
    assert spells(("x",), [0] * 30, [("a", "x")] * 30, 120) == {}
