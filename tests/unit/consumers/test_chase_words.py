"""How a chase is forecast to end, in words."""

import msgspec
import pytest

from consumers.chase_words import chase_words
from consumers.phrases import line
from streams.messages.predictions import Chase, Prediction, Win
from tests.support.matches import forecasts, log_of, messages, run, short_match

MADE = forecasts(run(log_of(messages(short_match("m", "14.6wW2.43" * 4, "1146..2" * 3)))))
FIRST, CHASE = MADE[10], next(p for p in MADE if p.card.innings == 1)


def told(win: float, balls_left: float | None, total: float | None) -> tuple[str, str] | None:
    card = msgspec.structs.replace(CHASE.card, target=150)
    chances = Win(win, 0.0, 1.0 - win)
    chase = Chase(balls_left, total)
    return chase_words(msgspec.structs.replace(CHASE, card=card, win=chances, chase=chase))


def test_every_open_chase_is_told_by_both_of_its_ends() -> None:
    chasing = [p for p in MADE if p.card.innings == 1]
    assert all((p.chase is None) == bool(p.innings_over) for p in chasing)
    assert all(p.chase is None for p in MADE if p.card.innings == 0)
    *_, decided = chasing
    assert chase_words(decided) is None
    assert chase_words(FIRST) is None


@pytest.mark.parametrize(
    ("win", "balls_left", "total", "words"),
    [
        (0.88, 14.2, 141.0, ("win with 14 balls left", "if the chase fails, 141, short of 150")),
        (0.88, 1.4, 149.7, ("win with 1 ball left", "if the chase fails, 149, short of 150")),
        (0.6, 0.3, 148.0, ("win off the last ball", "if the chase fails, 148, short of 150")),
        (0.18, 3.2, 138.0, ("138, short of 150", "if it succeeds, win with 3 balls left")),
        (0.0005, None, 120.0, ("120, short of 150", "")),
        (0.9995, 60.0, None, ("win with 60 balls left", "")),
    ],
)
def test_the_likelier_end_is_named_first(
    win: float, balls_left: float | None, total: float | None, words: tuple[str, str]
) -> None:
    assert told(win, balls_left, total) == words


def test_a_line_in_a_pipe_says_how_the_chase_is_forecast_to_end() -> None:
    likely, otherwise = chase_words(CHASE) or ("", "")
    assert line(CHASE).endswith(f"{likely} ({otherwise})")
    assert isinstance(FIRST, Prediction)
    assert "total" in line(FIRST)
