"""Duckworth-Lewis, Standard Edition: the published table, targets, interruptions, par scores."""

from dataclasses import replace

import pytest

from cricket.facts import Fixture, InningsClose, InningsOpening, TargetRevised
from cricket.play import fold
from cricket.resources import resources
from cricket.state import Innings, Interruption, MatchState
from cricket.targets import available, lost, par, par_score, revised_target, target_after
from tests.support.balls import BLUES, CHASE, FIRST, FIXTURE, REDS, ball, played, ten_down, wicket

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
