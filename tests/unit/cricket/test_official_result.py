"""The official result of a match: who won, by what, and the words for it."""

import pytest

from cricket.facts import Fact, InningsClose, InningsOpening, Outcome
from cricket.official_result import boundaries, official_result
from producers.recorded import shipped_match
from tests.support.balls import BLUES, FIRST, REDS, ball, over_of, played

ONE_BALL = InningsOpening(1, BLUES, balls=1)
TIED = (FIRST, ball(0, 0, 4), InningsClose(0), ONE_BALL, ball(0, 0, 4, innings=1), InningsClose(1))


def text_of(*facts: Fact) -> str:
    official = official_result(played(*facts))
    assert official is not None
    return official.text


def super_over(first: int, second: int) -> tuple[Fact, ...]:
    """A super over that Blues begin; all runs come from its first ball."""
    return (
        InningsOpening(2, BLUES, super_over=True),
        *over_of(first, 0, 0, 0, 0, 0, innings=2),
        InningsClose(2),
        InningsOpening(3, REDS, super_over=True),
        *over_of(second, *(() if second > first else (0, 0, 0, 0, 0)), innings=3),
        InningsClose(3),
    )


def test_a_match_that_goes_on_has_no_official_result() -> None:
    assert official_result(played(*TIED)) is None


def test_the_final_of_2019_was_won_on_boundaries() -> None:
    match = shipped_match("1144530")
    state = played(*match.facts, fixture=match.fixture)
    official = official_result(state)
    assert official is not None
    assert (official.winner, official.result) == ("England", "tie")
    assert (official.tie_break, official.text) == (
        "boundary count",
        "England won (boundary count)",
    )
    assert boundaries(state) == {"England": 26, "New Zealand": 17}  # as it was reported


def test_a_super_over_that_was_won_is_named() -> None:
    assert text_of(*TIED, *super_over(2, 6), Outcome(REDS, "tie")) == "Reds won (super over)"


def test_a_tie_break_that_the_innings_do_not_show_is_only_what_the_feed_says() -> None:
    assert text_of(*TIED, Outcome(REDS, "tie", tie_break="bowl-out")) == "Reds won (bowl-out)"
    assert text_of(*TIED, Outcome(REDS, "tie")) == "Match tied, Reds won the tie-break"
    level = (*TIED, *super_over(1, 1), Outcome(REDS, "tie"))  # nobody hit more boundaries
    assert text_of(*level) == "Match tied, Reds won the tie-break"


@pytest.mark.parametrize(
    ("outcome", "result", "text"),
    [
        (Outcome(REDS, "win", {"runs": 20}), "win", "Reds beat Blues by 20 runs"),
        (Outcome(BLUES, "win", {"wickets": 1}, "D/L"), "win", "Blues beat Reds by 1 wicket (D/L)"),
        (Outcome(REDS, "win", method="Awarded"), "win", "Match awarded to Reds"),
        (Outcome(None, "tie"), "tie", "Match tied"),
        (Outcome(None, "tie", method="D/L"), "tie", "Match tied (D/L)"),
        (Outcome(None, "draw"), "draw", "Match drawn"),
        (Outcome(None, "no result"), "no result", "No result"),
        (Outcome(None, "abandoned"), "abandoned", "Match abandoned"),
        (Outcome(None, "win"), "no result", "No result"),
    ],
)
def test_every_kind_of_result_has_its_words(outcome: Outcome, result: str, text: str) -> None:
    official = official_result(played(*TIED, outcome))
    assert official is not None
    assert (official.winner, official.result, official.text) == (outcome.winner, result, text)
    assert (official.by, official.method) == (outcome.by, outcome.method)


def test_a_match_without_a_ball_was_abandoned() -> None:
    for told in ((), (FIRST,)):
        official = official_result(played(*told, Outcome(None, "no result")))
        assert official is not None
        assert (official.result, official.text) == ("abandoned", "Match abandoned")
