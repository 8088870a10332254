"""Laws 13 to 16 of cricket (2017 code): innings, follow-on, declarations and the result."""

from cricket.facts import Fixture, InningsClose, InningsOpening, InningsReopened, Outcome
from cricket.results import all_out, result_of
from tests.support.balls import (
    BLUES,
    CHASE,
    FIRST,
    REDS,
    ball,
    innings_of,
    played,
    refusal,
    ten_down,
    wicket,
)

TEST = Fixture("Test", "male", (REDS, BLUES))


def test_law_13_3_an_innings_ends_with_ten_wickets_or_when_nobody_is_left_to_bat() -> None:
    assert all_out(innings_of(*ten_down()))
    nine = ten_down()[:9]
    assert not all_out(innings_of(*nine, InningsClose(0)))
    assert all_out(innings_of(*nine, InningsClose(0, absent=("z",))))
    hurt = wicket(1, 3, "retired hurt", "a9", batter="a9")
    assert all_out(innings_of(*nine, hurt, InningsClose(0)))


def test_law_14_1_a_side_that_follows_on_bats_again_at_once() -> None:
    again = played(FIRST, ball(0, 0, 6), CHASE, InningsOpening(2, BLUES), fixture=TEST)
    assert [innings.batting for innings in again.innings] == [REDS, BLUES, BLUES]
    assert again.innings[2].target is None
    final = played(
        *(FIRST, ball(0, 0, 6), CHASE, ball(0, 0, 1, innings=1), InningsClose(1)),
        *(InningsOpening(2, BLUES), ball(0, 0, 6, innings=2), InningsClose(2)),
        InningsOpening(3, REDS),
        fixture=TEST,
    )
    assert final.innings[3].target == 2  # 6 against 1 and 6


def test_law_15_1_a_captain_may_declare_an_innings_closed() -> None:
    state = played(FIRST, ball(0, 0, 4), InningsClose(0, declared=True), fixture=TEST)
    assert (state.innings[0].declared, state.innings[0].over_reason) == (True, "closed")
    assert refusal(state, ball(0, 1)) == "innings 0 is over (closed)"


def test_law_15_2_an_innings_may_be_forfeited_before_it_begins() -> None:
    told = (FIRST, ball(0, 0, 4), InningsClose(0), CHASE, InningsClose(1, forfeited=True))
    third = (InningsOpening(2, REDS), InningsClose(2, forfeited=True), InningsOpening(3, BLUES))
    state = played(*told, *third, fixture=TEST)
    assert [innings.forfeited for innings in state.innings] == [False, True, True, False]
    assert state.innings[3].target == 5


def test_law_16_1_two_innings_that_make_less_than_one_lose_by_an_innings() -> None:
    told = (FIRST, ball(0, 0, 6), InningsClose(0), CHASE, *ten_down(1), InningsClose(1))
    state = played(*told, InningsOpening(2, BLUES), *ten_down(2), fixture=TEST)
    assert result_of(state) == Outcome(REDS, "win", {"innings": 1, "runs": 6})


def test_law_16_2_the_side_with_more_runs_wins_a_match_of_one_innings() -> None:
    state = played(FIRST, ball(0, 0, 6), InningsClose(0), CHASE, *ten_down(1))
    assert result_of(state) == Outcome(REDS, "win", {"runs": 6})


def test_law_16_5_1_level_scores_at_the_end_are_a_tie() -> None:
    level = played(FIRST, ball(0, 0), InningsClose(0), CHASE, *ten_down(1))
    assert result_of(level) == Outcome(None, "tie")


def test_law_16_5_2_a_match_that_is_not_finished_is_no_win() -> None:
    told = (FIRST, ball(0, 0, 6), InningsClose(0), CHASE, ball(0, 0, 4, innings=1), InningsClose(1))
    assert result_of(played(*told)) is None
    assert result_of(played(*told, InningsOpening(2, REDS), fixture=TEST)) is None
    assert played(*told, Outcome(None, "draw"), fixture=TEST).outcome == Outcome(None, "draw")


def test_law_16_6_the_match_is_over_with_the_winning_hit() -> None:
    won = played(FIRST, ball(0, 0, 1), InningsClose(0), CHASE, ball(0, 0, 6, innings=1))
    assert result_of(won) == Outcome(BLUES, "win", {"wickets": 10})
    assert refusal(won, ball(0, 1, innings=1)) == "innings 1 is over (target)"


def test_law_16_7_a_side_that_wins_by_penalty_runs_when_all_out_wins_by_runs() -> None:
    told = (FIRST, ball(0, 0, 3), InningsClose(0), CHASE, *ten_down(1), InningsClose(1, penalty=5))
    assert result_of(played(*told)) == Outcome(BLUES, "win", {"runs": 2})


def test_law_16_9_a_mistake_found_after_the_end_reopens_the_innings() -> None:
    ended = (FIRST, ball(0, 0), InningsClose(0), Outcome(REDS, "win"))
    assert played(*ended, InningsReopened(0), ball(0, 1, 4)).innings[0].runs == 4
