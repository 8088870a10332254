"""`overcast story` and `overcast whatif` on a shipped match."""

import pytest
from typer.testing import CliRunner

from overcast.cli import app

WIDE = {"COLUMNS": "200"}
LAST_BALL = "1298150"  # Melbourne 2022: one to win off the last ball, scores level


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, env=WIDE)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def test_a_story_names_the_balls_that_turned_the_match() -> None:
    output = said("story", "1426294", "--points", "3")
    points, players = output.split("Win probability added")
    assert points.count(" to ") == 1 + 3  # the heading and three balls
    assert "Kuldeep Yadav" in players


def test_what_if_shows_every_ball_and_what_hangs_on_it() -> None:
    output = said("whatif", LAST_BALL, "--at", "19.5")
    assert "India 159/6 after 19.5" in output
    for outcome in ("dot", "wicket", "extra"):
        assert outcome in output
    assert "leverage" in output


def test_what_if_of_one_ball_shows_that_ball_only() -> None:
    output = said("whatif", LAST_BALL, "--at", "19.5", "--ball", "W")
    assert "wicket" in output
    assert "extra" not in output


def test_what_if_rain_takes_overs_names_the_target_and_the_edition() -> None:
    output = said("whatif", "1426294", "--at", "8.3", "--overs-lost", "5")
    assert "5 overs lost now: Delhi Capitals" in output
    assert "target 222, then 170 by Duckworth-Lewis, Standard Edition" in output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--at", "25.3"), "has no ball 25.3"),
        (("--at", "3"), "a ball is written over.ball"),
        (("--at", "3.1", "--ball", "X"), "a ball is one of 0, 1"),
        (("--at", "20.0"), "no ball is due"),
        (("--at", "19.5", "--overs-lost", "1"), "no 1 overs to lose"),
        (("--at", "9.5", "--overs-lost", "1", "--ball", "W"), "exclude each other"),
    ],
)
def test_an_impossible_question_is_refused_with_its_reason(
    arguments: tuple[str, ...], reason: str
) -> None:
    result = CliRunner().invoke(app, ("whatif", LAST_BALL, *arguments), env=WIDE)
    assert isinstance(result.exception, ValueError)
    assert reason in str(result.exception)
