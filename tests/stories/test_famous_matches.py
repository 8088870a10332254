"""The shipped matches from toss to result, against their published scorecards."""

from dataclasses import dataclass

import pytest

from cricket.facts import Ball, Outcome
from cricket.play import fold, start
from cricket.score import overs
from cricket.state import BatterLine, BowlerLine, Innings, MatchState
from producers.recorded import shipped_match
from producers.ship import FAMOUS


@dataclass(frozen=True)
class Published:
    """A match as the almanacks have it: each innings as "side runs/wickets (overs)"."""

    innings: tuple[str, ...]
    outcome: Outcome


PUBLISHED = {
    "238200": Published(
        ("Australia 434/4 (50.0)", "South Africa 438/9 (49.5)"),
        Outcome("South Africa", "win", {"wickets": 1}),
    ),
    "287879": Published(
        ("India 157/5 (20.0)", "Pakistan 152/10 (19.3)"),
        Outcome("India", "win", {"runs": 5}),
    ),
    "656491": Published(
        ("South Africa 281/5 (43.0)", "New Zealand 299/6 (42.5)"),
        Outcome("New Zealand", "win", {"wickets": 4}, "D/L"),
    ),
    "1082617": Published(
        ("Kolkata Knight Riders 131/10 (19.3)", "Royal Challengers Bangalore 49/10 (9.4)"),
        Outcome("Kolkata Knight Riders", "win", {"runs": 82}),
    ),
    "1085975": Published(
        ("England 228/7 (50.0)", "India 219/10 (48.4)"),
        Outcome("England", "win", {"runs": 9}),
    ),
    "1144530": Published(
        (
            "New Zealand 241/8 (50.0)",
            "England 241/10 (50.0)",
            "England 15/0 (1.0)",
            "New Zealand 15/1 (1.0)",
        ),
        Outcome("England", "tie"),  # on boundaries, 26 to 17
    ),
    "1181768": Published(
        ("Mumbai Indians 149/8 (20.0)", "Chennai Super Kings 148/7 (20.0)"),
        Outcome("Mumbai Indians", "win", {"runs": 1}),
    ),
    "1216517": Published(
        (
            "Mumbai Indians 176/6 (20.0)",
            "Kings XI Punjab 176/6 (20.0)",
            "Kings XI Punjab 5/2 (1.0)",
            "Mumbai Indians 5/1 (1.0)",
            "Mumbai Indians 11/1 (1.0)",
            "Kings XI Punjab 15/0 (0.4)",
        ),
        Outcome("Kings XI Punjab", "tie"),
    ),
    "1298150": Published(
        ("Pakistan 159/8 (20.0)", "India 160/6 (20.0)"),
        Outcome("India", "win", {"wickets": 4}),
    ),
    "1345425": Published(
        (
            "Australia 187/1 (20.0)",
            "India 187/5 (20.0)",
            "India 20/1 (1.0)",
            "Australia 16/1 (1.0)",
        ),
        Outcome("India", "tie"),
    ),
    "1415755": Published(
        ("India 176/7 (20.0)", "South Africa 169/8 (20.0)"),
        Outcome("India", "win", {"runs": 7}),
    ),
    "1426294": Published(
        ("Delhi Capitals 221/8 (20.0)", "Rajasthan Royals 201/8 (20.0)"),
        Outcome("Delhi Capitals", "win", {"runs": 20}),
    ),
}


@pytest.fixture(scope="module")
def played() -> dict[str, MatchState]:
    """All of them; a fact that is refused fails the test."""
    return {match_id: _final_state(match_id) for match_id in FAMOUS}


def _final_state(match_id: str) -> MatchState:
    match = shipped_match(match_id)
    state = start(match.fixture)
    for fact in match.facts:
        following = fold(state, fact)
        assert isinstance(following, MatchState), (match_id, fact, following)
        state = following
    return state


def line(innings: Innings) -> str:
    return f"{innings.batting} {innings.runs}/{innings.wickets} ({overs(innings.balls)})"


def batter(state: MatchState, number: int, name: str) -> BatterLine:
    lines = state.innings[number].batters
    return next(lines[player] for player in lines if state.fixture.name(player) == name)


def bowler(state: MatchState, number: int, name: str) -> BowlerLine:
    lines = state.innings[number].bowlers
    return next(lines[player] for player in lines if state.fixture.name(player) == name)


def boundaries(state: MatchState, side: str) -> int:
    """A side's fours and sixes, super over included."""
    own = [innings for innings in state.innings if innings.batting == side]
    return sum(b.fours + b.sixes for innings in own for b in innings.batters.values())


def test_every_shipped_match_has_its_published_card() -> None:
    assert set(PUBLISHED) == set(FAMOUS)


@pytest.mark.parametrize("match_id", FAMOUS)
def test_the_fold_ends_on_the_published_card(played: dict[str, MatchState], match_id: str) -> None:
    state = played[match_id]
    assert tuple(line(innings) for innings in state.innings) == PUBLISHED[match_id].innings
    assert state.outcome == PUBLISHED[match_id].outcome


@pytest.mark.parametrize("match_id", FAMOUS)
def test_the_winner_follows_from_the_last_innings_unless_it_was_tied(
    played: dict[str, MatchState], match_id: str
) -> None:
    state = played[match_id]
    last, outcome = state.innings[-1], state.outcome
    assert outcome is not None
    if last.over_reason == "target":
        assert outcome.winner == last.batting
    elif match_id != "1144530":  # settled on boundaries
        assert last.needed is not None
        assert last.needed > 1
        assert outcome.winner == state.fixture.opponent(last.batting)


def test_johannesburg_2006(played: dict[str, MatchState]) -> None:
    state = played["238200"]
    ponting, gibbs = batter(state, 0, "RT Ponting"), batter(state, 1, "HH Gibbs")
    assert (ponting.runs, ponting.balls, ponting.fours, ponting.sixes) == (164, 105, 13, 9)
    assert (gibbs.runs, gibbs.balls, gibbs.fours, gibbs.sixes) == (175, 111, 21, 7)
    assert batter(state, 1, "MV Boucher").runs == 50
    lewis = bowler(state, 1, "ML Lewis")
    assert (lewis.balls, lewis.runs, lewis.wickets) == (60, 113, 0)
    assert state.innings[1].target == 435


def test_lords_2019_was_tied_twice_and_won_on_boundaries(played: dict[str, MatchState]) -> None:
    state = played["1144530"]
    assert [innings.super_over for innings in state.innings] == [False, False, True, True]
    assert [innings.target for innings in state.innings] == [None, 242, None, 16]
    stokes = batter(state, 1, "BA Stokes")
    assert (stokes.runs, stokes.balls, stokes.out) == (84, 98, "")
    assert state.innings[3].fall[0].player in state.fixture.players["New Zealand"]
    assert state.fixture.name(state.innings[3].fall[0].player) == "MJ Guptill"
    assert (boundaries(state, "England"), boundaries(state, "New Zealand")) == (26, 17)


def test_auckland_2015_was_43_overs_and_a_revised_target(played: dict[str, MatchState]) -> None:
    state = played["656491"]
    assert (state.innings[1].target, state.innings[1].limit) == (298, 43 * 6)
    elliott = batter(state, 1, "GD Elliott")
    assert (elliott.runs, elliott.balls, elliott.out) == (84, 73, "")
    *_, last = (f for f in shipped_match("656491").facts if isinstance(f, Ball))
    assert (state.fixture.name(last.batter), last.runs) == ("GD Elliott", 6)


def test_bangalore_49_had_nobody_in_double_figures(played: dict[str, MatchState]) -> None:
    innings = played["1082617"].innings[1]
    assert max(line.runs for line in innings.batters.values()) == 9
    assert (innings.wickets, len(innings.batters), len(innings.fall)) == (10, 11, 10)
    kohli = batter(played["1082617"], 1, "V Kohli")
    assert (kohli.runs, kohli.balls, kohli.out) == (0, 1, "caught")


def test_dubai_2020_had_two_super_overs(played: dict[str, MatchState]) -> None:
    extra = [innings for innings in played["1216517"].innings if innings.super_over]
    assert [innings.over_reason for innings in extra] == ["all out", "balls", "balls", "target"]
    assert [innings.target for innings in extra] == [None, 6, None, 12]


def test_shrubsole_took_six_for_46(played: dict[str, MatchState]) -> None:
    line = bowler(played["1085975"], 1, "A Shrubsole")
    assert (overs(line.balls), line.runs, line.wickets) == ("9.4", 46, 6)
    score_at = [fall.runs for fall in played["1085975"].innings[1].fall]
    assert score_at[3:] == [191, 196, 200, 201, 218, 218, 219]  # seven for 28


def test_melbourne_2022_was_kohlis(played: dict[str, MatchState]) -> None:
    kohli = batter(played["1298150"], 1, "V Kohli")
    assert (kohli.runs, kohli.balls, kohli.fours, kohli.sixes, kohli.out) == (82, 53, 6, 4, "")
    assert [fall.runs for fall in played["1298150"].innings[1].fall][:4] == [7, 10, 26, 31]


def test_delhi_2024_is_the_page_that_started_it(played: dict[str, MatchState]) -> None:
    state = played["1426294"]
    samson = batter(state, 1, "SV Samson")
    assert (samson.runs, samson.balls, samson.out) == (86, 46, "caught")
    assert (state.fixture.toss_winner, state.fixture.toss_decision) == ("Rajasthan Royals", "field")
    ashwin = bowler(state, 0, "R Ashwin")
    assert (overs(ashwin.balls), ashwin.runs, ashwin.wickets) == ("4.0", 24, 3)
