"""Duckworth-Lewis, Standard Edition: the published table, targets, interruptions, par scores."""

from dataclasses import replace

import pytest

from cricket.facts import Fact, Fixture, InningsClose, InningsOpening, Outcome, TargetRevised
from cricket.play import fold
from cricket.resources import resources
from cricket.results import result_of
from cricket.state import Innings, Interruption, MatchState
from cricket.targets import available, lost, par, par_score, revised_target, target_after
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

# Overs left: per cent with 0 to 9 wickets down, as published for 50 overs in 2002
PUBLISHED = {
    50: (100.0, 93.4, 85.1, 74.9, 62.7, 49.0, 34.9, 22.0, 11.9, 4.7),
    40: (89.3, 84.2, 77.8, 69.6, 59.5, 47.6, 34.6, 22.0, 11.9, 4.7),
    30: (75.1, 71.8, 67.3, 61.6, 54.1, 44.7, 33.6, 21.8, 11.9, 4.7),
    20: (56.6, 54.8, 52.4, 49.1, 44.6, 38.6, 30.8, 21.2, 11.9, 4.7),
    10: (32.1, 31.6, 30.8, 29.8, 28.3, 26.1, 22.8, 17.9, 11.4, 4.7),
    5: (17.2, 17.0, 16.8, 16.5, 16.1, 15.4, 14.3, 12.5, 9.4, 4.6),
}
ODI = Fixture("ODI", "male", (REDS, BLUES), overs=50)


@pytest.mark.parametrize("overs", PUBLISHED)
def test_the_closed_form_is_the_published_table_to_its_rounding(overs: int) -> None:
    row = [resources(overs * 6, wickets) for wickets in range(10)]
    assert row == pytest.approx(PUBLISHED[overs], abs=0.06)


def test_nobody_left_is_nothing_left() -> None:
    assert resources(300, 10) == resources(0, 0) == 0.0


@pytest.mark.parametrize(
    ("score", "r1", "r2", "g50", "target"),
    [
        (250, 100.0, 100.0, 245.0, 251),  # nothing was lost
        (250, 100.0, 80.0, 245.0, 201),  # 250 * 0.8 is 200
        (250, 100.0, 79.9, 245.0, 200),  # 199.75
        (250, 90.0, 100.0, 245.0, 275),  # 250 + 10 % of 245 is 274.5
        (250, 90.0, 100.0, 200.0, 271),  # 250 + 10 % of 200 is 270
        (0, 100.0, 50.0, 245.0, 1),
    ],
)
def test_a_target_is_the_share_of_the_score_or_the_score_and_what_an_average_side_adds(
    score: int, r1: float, r2: float, g50: float, target: int
) -> None:
    assert revised_target(score, r1, r2, g50) == target


def test_par_is_one_less_than_the_target() -> None:
    assert par(250, 100.0, 80.0) == 200
    assert par(250, 0.0, 0.0) == 0


def test_an_interruption_costs_what_its_overs_were_worth_at_that_moment() -> None:
    early, late = Interruption(240, 120, 0), Interruption(240, 120, 7)
    assert lost(early) == pytest.approx(89.3 - 56.6, abs=0.12)
    assert lost(late) < lost(early)


def shortened(balls: int = 120) -> Innings:
    """A one-day innings cut to so many balls before its first."""
    state = played(FIRST, TargetRevised(0, balls=balls), fixture=ODI)
    return state.innings[0]


def test_an_innings_has_the_resources_of_its_length() -> None:
    assert available(played(FIRST, fixture=ODI).innings[0]) == pytest.approx(100.0, abs=0.05)
    assert available(shortened()) == pytest.approx(56.6, abs=0.05)
    assert shortened().interruptions == (Interruption(300, 120, 0),)


def test_an_innings_that_rain_ended_has_lost_the_rest_and_one_all_out_nothing() -> None:
    state = played(FIRST, TargetRevised(0, balls=120), ball(0, 0, 1), InningsClose(0), fixture=ODI)
    left = resources(119, 0)
    assert available(state.innings[0]) == pytest.approx(available(shortened()) - left)
    out = played(FIRST, *ten_down(), InningsClose(0), fixture=ODI)
    assert available(out.innings[0]) == pytest.approx(100.0, abs=0.05)


def test_an_innings_without_a_limit_has_none() -> None:
    test = played(FIRST, fixture=Fixture("Test", "male", (REDS, BLUES))).innings[0]
    with pytest.raises(ValueError, match="without a limit"):
        available(test)


def chase(*balls: object) -> MatchState:
    """A chase of 200 in 20 overs."""
    runs = [ball(over, place, 6, bowler=f"x{over % 2}") for over in range(6) for place in range(6)]
    state = played(FIRST, *runs[:33], ball(5, 3, 2, bowler="x1"), *_dots(), InningsClose(0), CHASE)
    for told in balls:
        following = fold(state, told)  # type: ignore[arg-type]
        assert isinstance(following, MatchState)
        state = following
    return state


def _dots() -> list[object]:
    rest = [ball(5, place, bowler="x1") for place in (4, 5)]
    overs = [ball(o, p, bowler=f"x{o % 2}") for o in range(6, 20) for p in range(6)]
    return [*rest, *overs]


def test_par_rises_with_the_balls_and_with_each_wicket() -> None:
    before, after = chase(), chase(ball(0, 0, innings=1))
    fallen = chase(wicket(0, 0, innings=1))
    assert par_score(before) == 0
    assert 0 < (par_score(after) or 0) < (par_score(fallen) or 0)


# Penalty runs to the fielding side: 6.2 of the Standard Edition


def one_day_chase(*facts: Fact, penalty: int = 0) -> MatchState:
    """250 made in fifty overs, then twenty overs of a chase without run or wicket."""
    overs = [ball(o, p, 5 if o < 8 else 0, bowler=f"x{o % 2}") for o in range(50) for p in range(6)]
    last = replace(overs[-1], runs=10)
    chased = [replace(each, runs=0, innings=1) for each in overs[:120]]
    close = InningsClose(0, penalty=penalty)
    return played(FIRST, *overs[:-1], last, close, CHASE, *chased, *facts, fixture=ODI)


AWARDED = (
    TargetRevised(1, penalty=5),
    TargetRevised(1, target=256, penalty=5),
    TargetRevised(1, target=256),  # nothing has cut the chase short: it can be nothing else
    TargetRevised(1, target=256, balls=300),
)


def test_before_an_award_par_and_target_are_shares_of_the_score() -> None:
    assert one_day_chase().innings[0].runs == 250
    assert par_score(one_day_chase()) == 62
    assert target_after(one_day_chase(), 240) == 204


@pytest.mark.parametrize("award", AWARDED)
def test_penalty_runs_to_the_fielding_side_move_par_and_target_as_they_are(
    award: TargetRevised,
) -> None:
    state = one_day_chase(award)
    assert (state.innings[0].runs, state.innings[1].target) == (255, 256)
    assert par_score(state) == 67
    assert target_after(state, 240) == 209


def test_penalty_runs_that_the_close_of_the_first_innings_states_move_them_too() -> None:
    state = one_day_chase(penalty=5)
    assert state.innings[1].target == 256
    assert (par_score(state), target_after(state, 240)) == (67, 209)


def test_two_awards_add_up() -> None:
    state = one_day_chase(TargetRevised(1, penalty=5), TargetRevised(1, target=261))
    assert (par_score(state), target_after(state, 240)) == (72, 214)


@pytest.mark.parametrize(
    "revised",
    [
        TargetRevised(1, target=253),  # no award is two runs
        TargetRevised(1, target=246),
        TargetRevised(1, target=256, balls=240),
    ],
)
def test_another_change_of_the_target_is_no_award(revised: TargetRevised) -> None:
    assert one_day_chase(revised).innings[0].runs == 250


def test_a_target_that_rises_after_rain_is_no_award_unless_it_is_said_to_be_one() -> None:
    rain = TargetRevised(1, target=204, balls=240)
    assert one_day_chase(rain, TargetRevised(1, target=209)).innings[0].runs == 250
    awarded = one_day_chase(rain, TargetRevised(1, penalty=5))
    assert (awarded.innings[0].runs, awarded.innings[1].target) == (255, 209)


def test_a_chase_that_an_award_has_lengthened_needs_the_runs_of_the_award_too() -> None:
    sixes = [ball(o, p, 6, innings=1, bowler=f"x{o % 2}") for o in range(20, 28) for p in range(6)]
    short = one_day_chase(TargetRevised(1, penalty=5), *sixes[:42])  # 252
    assert result_of(short) is None
    enough = one_day_chase(TargetRevised(1, penalty=5), *sixes[:43])
    assert result_of(enough) == Outcome(BLUES, "win", {"wickets": 10})


@pytest.mark.parametrize(
    ("facts", "revised", "reason"),
    [
        ((FIRST,), TargetRevised(0, penalty=5), "penalty runs of a side that has not batted"),
        ((FIRST, InningsClose(0), CHASE), TargetRevised(1, penalty=-5), "impossible penalty -5"),
        ((FIRST, InningsClose(0), CHASE), TargetRevised(1), "a revision without a target"),
    ],
)
def test_an_award_that_cannot_be_is_refused(
    facts: tuple[Fact, ...], revised: TargetRevised, reason: str
) -> None:
    assert refusal(played(*facts), revised).startswith(reason)


def test_in_a_match_of_days_an_award_is_added_to_the_last_total_of_the_side() -> None:
    days = Fixture("Test", "male", (REDS, BLUES))
    two = (FIRST, ball(0, 0, 4), CHASE, ball(0, 0, 1, innings=1))
    third = (InningsOpening(2, REDS), TargetRevised(2, penalty=5))
    state = played(*two, *third, fixture=days)
    assert [innings.runs for innings in state.innings] == [4, 6, 0]
    fourth = (ball(0, 0, 4, innings=2), InningsOpening(3, BLUES))
    assert played(*two, *third, *fourth, fixture=days).innings[3].target == 3


def test_a_chase_cut_in_half_needs_more_than_half() -> None:
    assert chase().innings[0].runs == 200
    target = target_after(chase(), 60)
    assert target is not None
    assert target == revised_target(200, resources(120, 0), resources(60, 0))
    assert 100 < target < 201


def test_a_target_is_that_of_the_state_that_the_revision_leads_to() -> None:
    state = chase()
    target = target_after(state, 60)
    revised = fold(state, TargetRevised(1, target=target, balls=60))
    assert isinstance(revised, MatchState)
    assert par_score(played_out(revised)) == (target or 0) - 1


def played_out(state: MatchState) -> MatchState:
    """The state with all balls of its innings gone."""
    innings = state.innings[-1]
    return state.with_current(replace(innings, balls=innings.limit or 0))


def test_there_is_no_par_outside_a_chase() -> None:
    assert par_score(played(FIRST)) is None
    assert target_after(played(FIRST), 60) is None
    super_over = InningsOpening(2, BLUES, super_over=True)
    assert par_score(played(FIRST, CHASE, super_over, fixture=FIXTURE)) is None
