"""Balls that are not of their over, and overs called early: the fold, and what records prove."""

from typing import Any

import pytest

from cricket.cricsheet import read_match
from cricket.facts import Ball, InningsClose, Wicket
from cricket.play import folded
from cricket.reconcile import reconcile
from cricket.scorebook import balls_bowled
from tests.support.balls import FIRST, ball, chase_of, innings_of, over_of, played, refusal, wicket
from tests.support.documents import Json, delivery, document

PENALTY = delivery() | {"runs": {"batter": 0, "extras": 5, "total": 5}, "extras": {"penalty": 5}}
RUN_OUT = {"kind": "run out", "player_out": "B Batter"}


# A ball that is not of the over: Laws 28.2.3 and 41.16


def test_law_28_2_a_ball_after_illegal_fielding_stays_to_be_bowled() -> None:
    before = innings_of(*over_of(1, 1))
    after = innings_of(*over_of(1, 1), ball(0, 2, penalty=5, not_in_over=True))
    assert (after.balls, after.legal, after.runs) == (before.balls, before.legal, 7)
    assert after.bowlers["x"].balls == 2
    assert after.batters["a"].balls == 3  # it was bowled to him


def test_law_28_2_the_over_goes_on_to_its_six() -> None:
    five = (*over_of(0, 0, 0, 0), ball(0, 4, penalty=5, not_in_over=True), ball(0, 5))
    assert not innings_of(*five).over_done
    assert innings_of(*five, ball(0, 6)).over_done
    assert refusal(played(FIRST, *five, ball(0, 6)), ball(0, 7)).endswith("(Law 17.1)")


def test_law_28_2_a_chase_is_open_while_a_ball_of_its_over_is_left() -> None:
    balls = [each for over in range(19) for each in over_of(0, 0, 0, 0, 0, 0, over=over, innings=1)]
    last = ball(19, 0, penalty=5, not_in_over=True, innings=1)
    rest = [ball(19, n, innings=1) for n in range(1, 6)]
    chase = chase_of(*balls, last, *rest, first=7)
    assert (chase.balls_left, chase.needed, chase.over_reason) == (1, 3, "")


def test_law_41_16_a_non_striker_run_out_before_the_ball_leaves_it_to_be_bowled() -> None:
    gone = ball(0, 0, wickets=(Wicket("run out", "b"),), not_in_over=True)
    innings = innings_of(gone)
    assert (innings.wickets, innings.legal) == (1, 0)
    assert (innings.batters["a"].balls, innings.bowlers["x"].dots) == (0, 0)  # nothing was bowled


def test_a_free_hit_is_not_used_up_by_a_ball_that_is_not_of_the_over() -> None:
    no_ball = ball(0, 0, no_balls=1)
    assert innings_of(no_ball, ball(0, 1, penalty=5, not_in_over=True)).free_hit
    assert not innings_of(no_ball, ball(0, 1)).free_hit


# An over called early: Law 17.5


def test_law_17_5_an_over_that_was_called_early_is_over() -> None:
    five = [*over_of(1, 1, 1, 1), ball(0, 4, over_called=True)]
    innings = innings_of(*five)
    assert (innings.balls, innings.legal, innings.over_done) == (6, 5, True)
    assert (innings.striker, innings.non_striker) == ("b", "a")  # they bat from the other end
    assert refusal(played(FIRST, *five), ball(0, 5)) == "over 0 was called after 5 balls (Law 17.5)"
    assert innings_of(*five, ball(1, 0)).balls == 7


def test_law_17_5_an_innings_whose_last_over_was_called_early_has_used_its_length() -> None:
    overs = [each for over in range(19) for each in over_of(0, 0, 0, 0, 0, 0, over=over)]
    last = [ball(19, n, over_called=n == 4) for n in range(5)]
    assert innings_of(*overs, *last[:4]).over_reason == ""
    innings = innings_of(*overs, *last)
    assert (innings.over_reason, innings.balls_left) == ("balls", 0)


def test_a_maiden_of_an_over_that_was_called_early_is_one_at_once_and_once_only() -> None:
    five = [*over_of(0, 0, 0, 0), ball(0, 4, over_called=True)]
    assert innings_of(*five).bowlers["x"].maidens == 1
    assert innings_of(*five, ball(1, 0)).bowlers["x"].maidens == 1
    dear = [*over_of(0, 0, 0, 2), ball(0, 4, over_called=True)]
    assert innings_of(*dear, ball(1, 0)).bowlers["x"].maidens == 0
    only = [*over_of(4, 0, 0, 0, 0, 0), ball(1, 0, over_called=True)]
    assert innings_of(*only).bowlers["y"].maidens == 1


def test_a_bowlers_figures_count_an_over_that_was_called_early_as_one() -> None:
    innings = innings_of(*over_of(1, 1, 1, 1), ball(0, 4, over_called=True))
    assert balls_bowled(innings, "x") == 6


def test_the_wicket_of_the_last_ball_of_a_called_over_fell_with_that_ball() -> None:
    innings = innings_of(*over_of(1, 1, 1, 1), wicket(0, 4, over_called=True))
    assert innings.fall[0].balls == 5


# What a record proves


def balls_of(*deliveries: Json, **innings: Any) -> list[Ball]:
    """The balls that the reader makes of an innings of one over."""
    match = read_match("m", record(*deliveries, **innings))
    return [fact for fact in match.facts if isinstance(fact, Ball)]


def record(*deliveries: Json, **innings: Any) -> Json:
    over = [{"over": 0, "deliveries": list(deliveries)}]
    told = document({"team": "Reds", "overs": over, **innings}, outcome={"result": "no result"})
    told["info"]["overs"] = 1
    return told


def not_in_over(*deliveries: Json, **innings: Any) -> list[int]:
    return [b.position for b in balls_of(*deliveries, **innings) if b.not_in_over]


SIX = [delivery() for _ in range(6)]
SEVEN = {"miscounted_overs": {"0": {"balls": 7}}}


@pytest.mark.parametrize("listed", [{}, SEVEN])
def test_the_ball_with_penalty_runs_is_not_of_an_over_of_seven(listed: Json) -> None:
    told = (*SIX[:3], PENALTY, *SIX[3:])
    assert not_in_over(*told, **listed) == [3]
    assert not any(b.miscounted for b in balls_of(*told, **listed))
    innings = folded(*_match(*told, **listed))[0].innings[0]
    assert (innings.legal, innings.balls) == (6, 6)


def _match(*deliveries: Json, **innings: Any) -> tuple[Any, Any]:
    match = read_match("m", record(*deliveries, **innings))
    return match.fixture, match.facts[:-1]


@pytest.mark.parametrize("listed", [{}, SEVEN])
def test_a_record_with_such_a_ball_is_reconciled(listed: Json) -> None:
    told = record(*SIX[:3], PENALTY, *SIX[3:], **listed)
    assert reconcile(read_match("m", told), told) == []


def test_an_over_of_six_proves_nothing() -> None:
    """A helmet that was hit costs five runs too, and that ball counts."""
    assert not_in_over(*SIX[:5], PENALTY) == []


def test_two_balls_of_which_one_may_not_count_prove_nothing() -> None:
    told = (*SIX[:5], PENALTY, PENALTY)
    assert not_in_over(*told) == []
    assert [b.miscounted for b in balls_of(*told)] == [False] * 6 + [True]
    assert not_in_over(*told, SIX[0]) == [5, 6]


def test_a_wide_with_penalty_runs_is_no_proof() -> None:
    extras = {"wides": 1, "penalty": 5}
    wide = delivery() | {"runs": {"batter": 0, "extras": 6, "total": 6}, "extras": extras}
    assert not_in_over(*SIX, SIX[0], wide) == []


@pytest.mark.parametrize("fielders", [{}, {"fielders": [{"name": "C Bowler"}]}])
def test_a_non_striker_run_out_by_the_bowler_is_not_of_an_over_of_seven(fielders: Json) -> None:
    told = (delivery(wickets=[RUN_OUT | fielders]), *SIX)
    assert not_in_over(*told) == [0]


def test_a_run_out_by_others_or_with_a_run_is_of_the_over() -> None:
    fielder = RUN_OUT | {"fielders": [{"name": "D Bowler"}]}
    assert not_in_over(delivery(wickets=[fielder]), *SIX) == []
    assert not_in_over(delivery(1, wickets=[RUN_OUT]), *SIX) == []
    striker = RUN_OUT | {"player_out": "A Batter"}
    assert not_in_over(delivery(wickets=[striker]), *SIX) == []


@pytest.mark.parametrize(
    ("balls", "listed", "called"), [(5, "5", 4), (5, 4, None), (6, 7, None), (4, 4, 3)]
)
def test_an_over_that_is_listed_as_too_short_was_called(
    balls: int, listed: Any, called: int | None
) -> None:
    told = balls_of(*SIX[:balls], miscounted_overs={"0": {"balls": listed}})
    assert [b.position for b in told if b.over_called] == ([] if called is None else [called])


def test_an_over_that_is_cut_short_and_not_listed_was_not_called() -> None:
    assert not any(b.over_called for b in balls_of(*SIX[:5]))
    innings = played(FIRST, *over_of(0, 0, 0, 0, 0), InningsClose(0)).innings[0]
    assert innings.over_reason == "closed"
