"""Made-up matches: repeatable, legal, and tilted the way they were asked to be."""

from datetime import date
from statistics import fmean

import pytest

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.formats import format_of
from cricket.play import fold, start
from cricket.state import MatchState
from producers.simulator import Team, league, season, simulate

SIDES = (Team("Reds"), Team("Blues"))


def final(match: RecordedMatch) -> MatchState:
    """The match folded; a refusal fails the test."""
    state = start(match.fixture)
    for fact in match.facts:
        following = fold(state, fact)
        assert isinstance(following, MatchState), (match.id, fact, following)
        state = following
    return state


def first_totals(*, scoring: float = 0.0, match_type: str = "T20", count: int = 30) -> list[int]:
    made = season(count, seed=1, scoring=scoring, match_type=match_type)
    return [sum(f.total for f in m.facts if isinstance(f, Ball) and not f.innings) for m in made]


def test_the_same_seed_makes_the_same_match() -> None:
    assert simulate("m", SIDES, seed=1) == simulate("m", SIDES, seed=1)
    assert list(season(3, seed=1)) == list(season(3, seed=1))
    assert league(4, seed=1) == league(4, seed=1)


def test_another_seed_or_another_id_makes_another_match() -> None:
    made = simulate("m", SIDES, seed=1).facts
    assert simulate("m", SIDES, seed=2).facts != made
    assert simulate("n", SIDES, seed=1).facts != made
    assert [m.facts for m in season(3, seed=1)] != [m.facts for m in season(3, seed=2)]
    assert league(4, seed=1) != league(4, seed=2)


@pytest.mark.parametrize("match_type", ["T20", "ODI"])
def test_every_made_up_match_can_be_played(match_type: str) -> None:
    for match in season(25, seed=8, match_type=match_type):
        state = final(match)
        assert format_of(match.fixture) == match_type
        assert state.outcome is not None
        assert all(innings.over_reason for innings in state.innings)
        assert len(state.innings) == 2


@pytest.mark.parametrize("match_type", ["T20", "ODI"])
def test_a_made_up_match_is_won_by_what_its_balls_say(match_type: str) -> None:
    for match in season(25, seed=9, match_type=match_type):
        state = final(match)
        first, second = state.innings
        assert state.outcome is not None
        if state.outcome.winner == second.batting:
            assert state.outcome.by == {"wickets": 10 - second.wickets}
        elif state.outcome.winner == first.batting:
            assert state.outcome.by == {"runs": first.runs - second.runs}
        else:
            assert (state.outcome.result, first.runs) == ("tie", second.runs)


def test_totals_are_those_of_the_game() -> None:
    assert 130 < fmean(first_totals()) < 190
    assert 200 < fmean(first_totals(match_type="ODI", count=15)) < 320


def test_a_scoring_tilt_raises_and_lowers_the_totals() -> None:
    low, even, high = (fmean(first_totals(scoring=tilt)) for tilt in (-0.2, 0.0, 0.2))
    assert low + 10 < even < high - 10


def test_the_stronger_team_wins_more_often_batting_first_or_second() -> None:
    strong, weak = Team("Strong", batting=0.2, bowling=0.2), Team("Weak", -0.2, -0.2)
    for sides in ((strong, weak), (weak, strong)):
        made = [final(simulate(f"m{n}", sides, seed=n)).outcome for n in range(25)]
        assert sum(outcome is not None and outcome.winner == "Strong" for outcome in made) >= 18


def test_better_bowling_alone_costs_the_other_side_runs() -> None:
    def mean_against(bowling: float) -> float:
        sides = (Team("Reds"), Team("Blues", bowling=bowling))
        made = [final(simulate(f"m{n}", sides, seed=4)) for n in range(25)]
        return fmean(state.innings[0].runs for state in made)

    assert mean_against(0.3) + 10 < mean_against(0.0)


def test_a_season_is_a_match_a_day_between_two_sides_of_its_league() -> None:
    made = list(season(60, seed=5, size=6))
    names = {team.name for team in league(6, seed=5)}
    days = [date.fromisoformat(match.fixture.date) for match in made]
    assert len({match.id for match in made}) == len(made)
    assert days == sorted(set(days))
    for match in made:
        assert set(match.fixture.teams) <= names
        assert len(set(match.fixture.teams)) == 2


def test_a_side_is_eleven_who_play_for_no_other() -> None:
    sides = league(12, seed=5)
    players = [player for side in sides for player in side.players]
    assert len(players) == len(set(players)) == 12 * 11


def test_nobody_bowls_two_overs_running_or_more_than_a_fifth_of_them() -> None:
    state = final(simulate("m", SIDES, seed=1))
    assert all(line.balls <= 24 for innings in state.innings for line in innings.bowlers.values())
    balls = [f for f in simulate("m", SIDES, seed=1).facts if isinstance(f, Ball)]
    by_over = {(ball.innings, ball.over): ball.bowler for ball in balls}
    assert all(by_over.get((n, over + 1)) != bowler for (n, over), bowler in by_over.items())
