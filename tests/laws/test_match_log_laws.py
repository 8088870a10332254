"""Laws of the book and the result, over the same simulated matches as the laws of the fold."""

from itertools import pairwise

from hypothesis import given

from cricket.cricsheet import RecordedMatch
from cricket.facts import InningsClose, InningsReopened
from cricket.play import fold, folded
from cricket.results import result_of
from cricket.scorebook import all_overs, deliveries
from cricket.state import MatchState
from tests.laws.test_game_laws import balls_of, clean, few, happened, matches, penalties


@few
@given(matches)
def test_the_book_holds_every_ball_and_adds_up_to_the_innings(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        overs = all_overs(innings)
        balls = balls_of(told, innings.number)
        assert [b.batter for b in deliveries(innings)] == [ball.batter for ball in balls]
        assert sum(over.legal for over in overs) == sum(ball.legal for ball in balls)
        assert sum(over.charged for over in overs) == sum(b.runs for b in innings.bowlers.values())
        assert [over.wickets for over in overs][-1:] in ([], [innings.wickets])


@few
@given(matches)
def test_the_partnerships_are_the_runs_of_the_innings(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        made = sum(stand.runs for stand in innings.partnerships) + innings.partnership_runs
        assert made + penalties(told, innings.number) == innings.runs
        assert [stand.wicket for stand in innings.partnerships] == [
            number + 1 for number in range(innings.wickets)
        ]


@few
@given(matches)
def test_nobody_who_is_out_bats_again(match: RecordedMatch) -> None:
    for innings in happened(match)[-1][1].innings:
        out: set[str] = set()
        falls = iter(innings.fall)
        for bowled in deliveries(innings):
            assert bowled.batter not in out
            if bowled.mark == "W":
                out.add(next(falls).player)


@few
@given(matches)
def test_a_reopened_innings_is_as_it_was_before_its_close(match: RecordedMatch) -> None:
    for (_, before), (fact, _) in pairwise(happened(match)):
        if isinstance(fact, InningsClose) and not before.innings[-1].closed:
            closed = fold(before, fact)
            assert isinstance(closed, MatchState)
            assert fold(closed, InningsReopened(fact.innings)) == before


@few
@given(clean)
def test_the_result_that_the_innings_give_is_the_one_that_is_told(match: RecordedMatch) -> None:
    *facts, outcome = match.facts
    state, refused = folded(match.fixture, facts)
    assert not refused
    assert result_of(state) == outcome
