"""Reviews that a side has left, and what the last ball completed."""

from dataclasses import replace

import pytest

from cricket.facts import Ball, Fixture, InningsClose, InningsOpening, Review, Wicket
from cricket.milestones import milestones
from cricket.play import folded
from cricket.reviews import Reviews, allowed, reviews
from cricket.state import MatchState
from streams.messages.card import card

REDS, BLUES = "Reds", "Blues"
FIXTURE = Fixture("T20", "male", (REDS, BLUES), overs=20, team_type="club", date="2024-05-07")
LOST, UPHELD = Review(BLUES), Review(BLUES, upheld=True)
KEPT = Review(REDS, umpires_call=True)


def ball(position: int, runs: int = 0, over: int = 0, **more: object) -> Ball:
    return Ball(0, over, position, "a", "b", f"bowler {over % 2}", runs, **more)  # type: ignore[arg-type]


def state_after(*balls: Ball) -> MatchState:
    state, refused = folded(FIXTURE, [InningsOpening(0, REDS), *balls])
    assert not refused
    return state


def last_of(*balls: Ball) -> tuple[str, ...]:
    innings = state_after(*balls).current
    assert innings is not None
    return milestones(FIXTURE, innings, balls[-1])


@pytest.mark.parametrize(
    ("kind", "event", "date", "most"),
    [
        ("international", "World Cup", "2013-06-01", 2),
        ("international", "World Cup", "2019-07-14", 1),
        ("international", "World Cup", "2022-10-23", 2),
        ("club", "Indian Premier League", "2021-05-01", 1),
        ("club", "Indian Premier League", "2022-05-01", 2),
        ("club", "Pakistan Super League", "2021-06-01", 2),
        ("club", "Big Bash League", "2024-01-01", 1),
    ],
)
def test_the_reviews_of_an_innings_are_those_of_its_playing_conditions(
    kind: str, event: str, date: str, most: int
) -> None:
    assert allowed(replace(FIXTURE, team_type=kind, event=event, date=date)) == most


def test_only_a_review_that_failed_outright_is_lost() -> None:
    told = [ball(0, review=LOST), ball(1, review=UPHELD), ball(2, review=KEPT), ball(3)]
    assert reviews(state_after(*told)) == (Reviews(REDS, 1, 2), Reviews(BLUES, 2, 1))


def test_each_innings_has_its_own_reviews() -> None:
    told = [
        InningsOpening(0, REDS),
        ball(0, review=LOST),
        InningsClose(0),
        InningsOpening(1, BLUES),
    ]
    state, refused = folded(FIXTURE, told)
    assert not refused
    assert reviews(state) == (Reviews(REDS, 0, 2), Reviews(BLUES, 0, 2))


def test_a_match_without_reviews_says_nothing_of_them() -> None:
    assert reviews(state_after(ball(0), ball(1))) == ()


def test_a_batter_s_fifty_is_told_with_the_ball_that_brings_it() -> None:
    sixes = [ball(n % 6, 6, over=n // 6) for n in range(6)]
    assert "a 50 (9 balls)" not in last_of(*sixes)
    more = [replace(ball(n, 6, over=1), batter="a", non_striker="b") for n in range(3)]
    assert last_of(*sixes, *more) == ("a 50 (9 balls)", "Reds 50", "partnership 50 (9 balls)")
    assert last_of(*sixes, *more, ball(3, 1, over=1)) == ()


def test_a_score_that_is_jumped_over_counts_as_reached() -> None:
    balls = [ball(n, 5) for n in range(6)] + [ball(n, 5, over=1) for n in range(3)]
    assert not last_of(*balls)
    assert "Reds 50" in last_of(*balls, ball(3, 6, over=1))


def test_a_hat_trick_is_three_wickets_of_the_bowler_s_own() -> None:
    def out(position: int, batter: str, kind: str = "bowled") -> Ball:
        return replace(ball(position), batter=batter, wickets=(Wicket(kind, batter),))

    three = [out(n, batter) for n, batter in enumerate("acd")]
    assert last_of(*three) == ("bowler 0 3 wickets", "hat-trick: bowler 0")
    run_out = [out(0, "a"), out(1, "c", "run out"), out(2, "d"), out(3, "e")]
    assert last_of(*run_out) == ("bowler 0 3 wickets",)


def test_the_card_knows_the_duel_the_last_balls_and_the_spell() -> None:
    over = [ball(0, 4), ball(1), ball(2, wides=1), ball(3, 2), ball(4, 6), ball(5), ball(6, 2)]
    state = state_after(*over)
    innings = state.current
    assert innings is not None
    told = card(state, innings, over[-1])
    batter = next(b for b in told.batters if b.id == "a")
    assert (batter.against_runs, batter.against_balls) == (14, 6)
    assert batter.last_balls == (".", "wd", "2", "6", ".", "2")[-5:]
    assert told.bowler is not None
    assert (told.bowler.dots, told.bowler.fours, told.bowler.sixes) == (2, 1, 1)
    assert (told.bowler.spell_overs, told.bowler.spell_runs) == ("1.0", 15)
