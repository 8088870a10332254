"""How many wickets end an innings: a super over's are not always two, nor a side's always ten."""

from dataclasses import replace

import pytest

from cricket.cricsheet import read_match
from cricket.facts import Fact, Fixture, InningsClose, InningsOpening, Outcome
from cricket.results import result_of
from cricket.state import MatchState
from tests.support.balls import (
    BLUES,
    CHASE,
    FIRST,
    FIXTURE,
    REDS,
    ball,
    played,
    refusal,
    ten_down,
    wicket,
)
from tests.support.documents import delivery, document, innings

LEVEL = (FIRST, ball(0, 0, 1), InningsClose(0), CHASE, ball(0, 0, 1, innings=1), InningsClose(1))
ONE_DOWN = wicket(0, 0, innings=2)
TWO_DOWN = wicket(0, 1, player="c", batter="c", innings=2)
PLAYED_ON = ball(0, 2, 1, batter="d", innings=2)
SUPER = InningsOpening(2, BLUES, super_over=True)
ANSWER = InningsOpening(3, REDS, super_over=True)


def super_over(*facts: Fact, opening: InningsOpening = SUPER) -> MatchState:
    return played(*LEVEL, opening, *facts)


def test_a_super_over_that_goes_on_after_two_wickets_is_not_over() -> None:
    """As in the Big Bash League of 2015: the ball was bowled, whatever ended other super overs."""
    assert super_over(ONE_DOWN, TWO_DOWN).innings[2].over_reason == "all out"
    third = wicket(0, 3, player="b", batter="b", non_striker="d", innings=2)
    innings = super_over(ONE_DOWN, TWO_DOWN, PLAYED_ON, third).innings[2]
    assert (innings.runs, innings.wickets, innings.over_reason) == (1, 3, "")


def test_a_super_over_that_is_closed_does_not_go_on() -> None:
    closed = super_over(ONE_DOWN, TWO_DOWN, InningsClose(2))
    assert refusal(closed, PLAYED_ON).endswith("is over (all out)")


def test_the_next_super_over_of_the_match_ends_like_the_one_before() -> None:
    answer = (ANSWER, *(replace(each, innings=3) for each in (ONE_DOWN, TWO_DOWN)))
    played_on = super_over(ONE_DOWN, TWO_DOWN, PLAYED_ON, InningsClose(2), *answer)
    assert played_on.innings[3].over_reason == ""
    usual = super_over(ONE_DOWN, TWO_DOWN, InningsClose(2), *answer)
    assert usual.innings[3].over_reason == "all out"


def test_the_wickets_that_an_opening_states_end_its_innings() -> None:
    three = replace(SUPER, wickets=3)
    assert super_over(ONE_DOWN, TWO_DOWN, opening=three).innings[2].over_reason == ""
    one = replace(FIRST, wickets=1)
    assert played(one, wicket(0, 0)).innings[0].over_reason == "all out"
    twelve = played(replace(FIRST, wickets=11), *ten_down(), ball(1, 4, batter="z"))
    assert twelve.innings[0].over_reason == ""


@pytest.mark.parametrize("wickets", [0, -1, 31])
def test_an_opening_that_states_impossible_wickets_is_refused(wickets: int) -> None:
    reason = refusal(played(*LEVEL), replace(SUPER, wickets=wickets))
    assert reason == f"impossible number of wickets {wickets}"


def test_more_than_ten_wickets_need_a_side_of_twelve() -> None:
    eleventh = ball(1, 4, batter="z")
    assert refusal(played(FIRST, *ten_down()), eleventh).endswith("is over (all out)")
    state = played(FIRST, *ten_down(), eleventh, fixture=side_of(12))
    assert state.innings[0].deliveries == 11


# Sides of fewer than eleven, by agreement (Law 1.1)


def side_of(players: int, team: str = REDS) -> Fixture:
    return replace(FIXTURE, players={team: tuple(f"p{n}" for n in range(players))})


def test_a_side_of_nine_is_all_out_with_eight_wickets() -> None:
    eight = ten_down()[:8]
    assert played(FIRST, *eight[:7], fixture=side_of(9)).innings[0].over_reason == ""
    assert played(FIRST, *eight, fixture=side_of(9)).innings[0].over_reason == "all out"
    assert played(FIRST, *eight, fixture=side_of(11)).innings[0].over_reason == ""


def test_a_side_wins_by_the_wickets_that_it_could_still_lose() -> None:
    chased = (FIRST, ball(0, 0, 1), InningsClose(0), CHASE, ball(0, 0, 2, innings=1))
    state = played(*chased, fixture=side_of(9, BLUES))
    assert result_of(state) == Outcome(BLUES, "win", {"wickets": 8})


def test_a_list_of_players_that_was_too_short_loses_no_ball() -> None:
    state = played(FIRST, *ten_down()[:8], ball(1, 2, batter="z"), fixture=side_of(9))
    assert (state.innings[0].deliveries, state.innings[0].over_reason) == (9, "")


def test_a_few_names_are_not_a_side() -> None:
    assert played(FIRST, wicket(0, 0), fixture=side_of(2)).innings[0].over_reason == ""


# What a record shows


def out(kind: str = "bowled") -> dict[str, object]:
    return delivery(wickets=[{"kind": kind, "player_out": "A Batter"}])


def openings(*super_overs: object) -> list[int | None]:
    """The wickets that the reader states of two innings and the super overs."""
    match = read_match("m", document(innings(delivery()), innings(delivery()), *super_overs))
    return [fact.wickets for fact in match.facts if isinstance(fact, InningsOpening)]


def test_a_record_that_plays_on_after_two_wickets_does_so_in_each_of_its_super_overs() -> None:
    ended = innings(out(), out(), super_over=True)
    played_on = innings(out(), out(), delivery(1), super_over=True)
    assert openings(ended, ended) == [None] * 4
    assert openings(ended, played_on) == [None, None, 10, 10]
    assert openings(played_on, innings(delivery(6), super_over=True)) == [None, None, 10, 10]


def test_who_retires_hurt_in_a_super_over_is_no_wicket() -> None:
    hurt = innings(out("retired hurt"), out(), delivery(1), super_over=True)
    assert openings(hurt) == [None, None, None]
