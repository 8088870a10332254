"""The target by the overs that a chase loses now, by Duckworth-Lewis, Standard Edition."""

from dataclasses import replace

from cricket.facts import TargetRevised
from cricket.play import fold
from cricket.resources import resources
from cricket.state import MatchState
from cricket.targets import par_score, revised_target, target_after, targets_if_lost
from tests.support.balls import CHASE, FIRST, FIXTURE, ball, played


def chase(left: int, *, runs: int = 160, wickets: int = 2) -> MatchState:
    """A chase in twenty overs after so many runs, with so many legal balls left."""
    state = played(FIRST, ball(0, 0, 1), CHASE, ball(0, 0, innings=1), fixture=FIXTURE)
    first, second = state.innings
    made = replace(first, runs=runs, balls=120)
    now = replace(second, target=runs + 1, balls=120 - left, wickets=wickets)
    return replace(state, innings=(made, now))


def test_each_target_is_that_of_a_chase_so_much_shorter() -> None:
    state = chase(66)
    found = targets_if_lost(state, (1, 2, 5, 10, 11, 20))
    assert list(found) == [1, 2, 5, 10]  # eleven overs are all that is left
    assert found == {n: target_after(state, 120 - 6 * n) for n in found}
    lost = resources(66, 2) - resources(36, 2)
    assert found[5] == revised_target(160, resources(120, 0), resources(120, 0) - lost)


def test_a_target_falls_with_the_overs_and_never_below_par() -> None:
    state = chase(66)
    found = list(targets_if_lost(state, range(1, 11)).values())
    assert found == sorted(found, reverse=True)
    assert found[-1] > (par_score(state) or 0)


def test_the_chase_that_lost_them_has_that_target() -> None:
    state = chase(66)
    target = targets_if_lost(state, [4])[4]
    after = fold(state, TargetRevised(1, target=target, balls=96))
    assert isinstance(after, MatchState)
    assert target_after(after, 96) == target


def test_where_nothing_can_be_lost_there_is_no_target() -> None:
    assert targets_if_lost(chase(6), (1, 2)) == {}
    assert targets_if_lost(chase(0), (1, 2)) == {}
    assert targets_if_lost(played(FIRST, ball(0, 0, 1)), (1, 2)) == {}
