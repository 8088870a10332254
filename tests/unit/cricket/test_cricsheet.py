"""Cricsheet's JSON as facts: small documents of each kind that the archives hold."""

from dataclasses import replace
from typing import Any

import pytest

from cricket.cricsheet import read_match
from cricket.facts import (
    Ball,
    InningsClose,
    InningsOpening,
    Outcome,
    PlayerReplaced,
    Review,
    Wicket,
)
from cricket.formats import Unsupported, format_of
from cricket.play import fold, start
from cricket.state import MatchState
from tests.support.documents import PEOPLE, Json, delivery, document, innings, read


def opening(*told: Json, number: int = 0) -> InningsOpening:
    openings = [f for f in read(*told).facts if isinstance(f, InningsOpening)]
    return openings[number]


def only_ball(told: Json, **info: Any) -> Ball:
    (ball,) = (f for f in read(innings(told), **info).facts if isinstance(f, Ball))
    return ball


# The fixture


def test_the_fixture_says_what_the_file_says() -> None:
    fixture = read(
        event={"name": "Cup", "match_number": 56},
        toss={"winner": "Blues", "decision": "field"},
        city="Delhi",
        venue="Arun Jaitley Stadium",
        team_type="club",
    ).fixture
    assert (fixture.teams, fixture.overs, fixture.balls_per_over) == (("Reds", "Blues"), 20, 6)
    assert (fixture.event, fixture.match_number, fixture.team_type) == ("Cup", "56", "club")
    assert (fixture.toss_winner, fixture.toss_decision) == ("Blues", "field")
    assert (fixture.city, fixture.venue, fixture.date) == (
        "Delhi",
        "Arun Jaitley Stadium",
        "2024-05-07",
    )


def test_a_knock_out_match_has_its_stage_for_a_number() -> None:
    assert read(event={"name": "Cup", "stage": "Final"}).fixture.match_number == "Final"


@pytest.mark.parametrize(("season", "read_as"), [(2007, "2007"), ("2011/12", "2011/12")])
def test_a_season_is_text_though_some_are_numbers(season: Any, read_as: str) -> None:
    assert read(season=season).fixture.season == read_as


def test_a_match_id_need_not_be_a_number() -> None:
    assert read_match("wi_201706", document()).id == "wi_201706"


def test_what_a_file_leaves_out_is_empty() -> None:
    bare = document()
    del bare["info"]["overs"], bare["info"]["registry"], bare["info"]["outcome"], bare["innings"]
    match = read_match("m", bare)
    assert (match.fixture.overs, match.fixture.venue, match.fixture.names) == (None, "", {})
    assert match.fixture.players["Blues"] == ("C Bowler",)
    assert match.facts == (Outcome(None, "no result"),)


def test_the_hundred_is_read_and_is_not_forecast() -> None:
    match = read(innings(delivery(), target={"runs": 90, "overs": "19.3"}), balls_per_over=5)
    assert isinstance(format_of(match.fixture), Unsupported)
    (told, *_) = match.facts
    assert isinstance(told, InningsOpening)
    assert told.balls == 98


# People


def test_people_are_their_registry_ids_and_keep_their_names() -> None:
    match = read(innings(delivery()))
    assert match.fixture.players["Reds"] == ("aaaa0001", "bbbb0002")
    assert match.fixture.name("cccc0003") == "C Bowler"
    ball = only_ball(delivery())
    assert (ball.batter, ball.non_striker, ball.bowler) == ("aaaa0001", "bbbb0002", "cccc0003")


def test_two_people_of_one_name_are_two_people() -> None:
    namesake = PEOPLE | {"A Batter": "dddd0004"}
    other = only_ball(delivery(), registry={"people": namesake})
    assert (other.batter, only_ball(delivery()).batter) == ("dddd0004", "aaaa0001")


def test_a_wicket_names_people_by_their_ids_too_and_an_unnamed_substitute_by_nothing() -> None:
    fielders = [{"name": "C Bowler"}, {"name": "A Stranger"}, {"substitute": True}]
    caught = {"kind": "caught", "player_out": "A Batter", "fielders": fielders}
    run_out = {"kind": "run out", "player_out": "B Batter"}
    ball = only_ball(delivery(wickets=[caught, run_out]))
    helpers = ("cccc0003", "A Stranger")
    assert ball.wickets == (
        Wicket("caught", "aaaa0001", helpers),
        Wicket("run out", "bbbb0002"),
    )


# Balls and innings


def test_a_ball_is_known_by_its_place_and_not_by_its_printed_number() -> None:
    overs = [
        {"over": 0, "deliveries": [delivery(extras={"wides": 1}), delivery(4)]},
        {"over": 1, "deliveries": [delivery(1)]},
    ]
    match = read({"team": "Reds", "overs": overs})
    balls = [f for f in match.facts if isinstance(f, Ball)]
    assert [(b.innings, b.over, b.position) for b in balls] == [(0, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert [b.total for b in balls] == [1, 4, 1]


def test_every_kind_of_extra_is_read_and_they_may_come_together() -> None:
    extras = {"noballs": 1, "byes": 2, "legbyes": 3, "penalty": 5, "wides": 4}
    ball = only_ball(delivery(6, extras=extras))
    told = (ball.runs, ball.no_balls, ball.byes, ball.leg_byes, ball.penalty, ball.wides)
    assert told == (6, 1, 2, 3, 5, 4)


def test_four_that_were_run_are_no_boundary() -> None:
    assert only_ball(delivery() | {"runs": {"batter": 4, "non_boundary": True}}).non_boundary
    assert not only_ball(delivery(4)).non_boundary


@pytest.mark.parametrize(
    ("said", "review"),
    [
        ({"decision": "upheld"}, Review("Reds", upheld=True)),
        ({"decision": "struck down"}, Review("Reds")),
        ({"decision": "struck down", "umpires_call": True}, Review("Reds", umpires_call=True)),
        ({"decision": "technical failure"}, Review("Reds", umpires_call=True)),
    ],
)
def test_a_review_is_told_with_its_ball(said: dict[str, Any], review: Review) -> None:
    asked = only_ball(delivery(1, review={"by": "Reds", "umpire": "U", "batter": "A"} | said))
    assert asked == replace(only_ball(delivery(1)), review=review)


def test_who_is_replaced_is_told_before_the_ball() -> None:
    swap = {"in": "D Sub", "out": "A Batter", "team": "Reds", "reason": "impact_player"}
    hurt = {"in": "D Sub", "role": "bowler", "reason": "injury"}
    off = {"in": "B Batter", "out": "A Batter", "role": "batter", "reason": "injury"}
    told = delivery(1, replacements={"match": [swap], "role": [hurt, off]})
    _, *facts, ball, _, _ = read(innings(told)).facts
    assert facts == [
        PlayerReplaced("Reds", "aaaa0001", "D Sub", "impact_player"),
        PlayerReplaced("Blues", "", "D Sub", "injury", "bowler"),
        PlayerReplaced("Reds", "aaaa0001", "bbbb0002", "injury", "batter"),
    ]
    assert ball == only_ball(delivery(1))


def test_penalty_runs_of_an_innings_stand_at_its_beginning_and_its_end() -> None:
    match = read(innings(delivery(1), penalty_runs={"pre": 5, "post": 10}))
    assert match.facts[0] == InningsOpening(0, "Reds", penalty=5)
    assert match.facts[2] == InningsClose(0, penalty=10)


def test_declared_and_forfeited_innings_are_innings() -> None:
    match = read(innings(delivery(), declared=True), {"team": "Blues", "forfeited": True})
    assert match.facts[2] == InningsClose(0, declared=True)
    assert match.facts[3:5] == (InningsOpening(1, "Blues"), InningsClose(1, forfeited=True))


def test_a_super_over_says_that_it_is_one() -> None:
    assert opening(innings(delivery(), super_over=True)).super_over
    assert not opening(innings(delivery())).super_over


@pytest.mark.parametrize(("overs", "balls"), [("5.3", 33), (5.3, 33), (20, 120), ("43", 258)])
def test_a_target_is_for_so_many_balls(overs: Any, balls: int) -> None:
    told = opening(innings(delivery(), target={"runs": 60, "overs": overs}))
    assert (told.target, told.balls) == (60, balls)


def test_a_par_that_was_passed_long_before_the_end_was_no_target() -> None:
    """Rain ended the chase; the file states what would have been enough at that moment."""
    chase = innings(delivery(4), delivery(4), delivery(), target={"runs": 8, "overs": "0.3"})
    assert opening(chase).target is None
    met = innings(delivery(4), delivery(4), target={"runs": 8, "overs": 5})
    assert opening(met).target == 8


def test_what_is_read_can_be_played() -> None:
    ends = {"batter": "C Bowler", "non_striker": "D Bowler", "bowler": "A Batter"}
    answer = (delivery(6, **ends), delivery(4, **ends))
    match = read(
        innings(delivery(4), penalty_runs={"pre": 5}),
        innings(*answer, team="Blues", target={"runs": 10, "overs": "1.3"}),
        outcome={"winner": "Blues", "by": {"wickets": 10}, "method": "D/L"},
    )
    state: Any = start(match.fixture)
    for fact in match.facts:
        state = fold(state, fact)
        assert isinstance(state, MatchState)
    assert [(i.runs, i.limit, i.over_reason) for i in state.innings] == [
        (9, 120, "closed"),
        (10, 9, "target"),
    ]


# How a match ended


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (
            {"winner": "Reds", "by": {"runs": 20}},
            Outcome("Reds", "win", {"runs": 20}),
        ),
        ({"winner": "Blues", "by": {"wickets": 4}}, Outcome("Blues", "win", {"wickets": 4})),
        (
            {"winner": "Reds", "by": {"innings": 1, "runs": 7}},
            Outcome("Reds", "win", {"innings": 1, "runs": 7}),
        ),
        (
            {"winner": "Reds", "by": {"runs": 9}, "method": "D/L"},
            Outcome("Reds", "win", {"runs": 9}, "D/L"),
        ),
        ({"winner": "Reds", "method": "Awarded"}, Outcome("Reds", "win", method="Awarded")),
        ({"result": "tie"}, Outcome(None, "tie")),
        ({"result": "tie", "eliminator": "Blues"}, Outcome("Blues", "tie")),
        ({"result": "tie", "bowl_out": "Reds"}, Outcome("Reds", "tie", tie_break="bowl-out")),
        ({"result": "draw"}, Outcome(None, "draw")),
        ({"result": "no result"}, Outcome(None, "no result")),
        ({}, Outcome(None, "no result")),
    ],
)
def test_every_end_of_a_match_is_its_own_case(said: Json, outcome: Outcome) -> None:
    assert read(outcome=said).facts[-1] == outcome
