"""Balls that cannot have been bowled, or break a law beyond doubt: the record's own, and named."""

from typing import Any

import pytest

from tests.support.documents import Json, delivery
from tests.support.one_over import (
    AGAINST_THE_LAWS,
    BLUES_BAT,
    BY_ONE,
    FIVE,
    REDS_BAT,
    SIX,
    found,
    match,
    runs,
)


def test_balls_after_the_end_of_an_innings_are_the_records_own() -> None:
    late = runs(4, 4, 1, team="Blues")
    (text,) = found(match(SIX, late, winner="Blues", by={"wickets": 10}))
    assert text == "refused: innings 1 is over (target)"


def test_two_players_of_one_name_in_a_side_are_the_records_own() -> None:
    out = runs(1, 0, 1, 1, 1, 1)
    out[1]["wickets"] = [{"kind": "bowled", "player_out": "A Batter"}]
    told = match(out, FIVE, **BY_ONE)
    told["info"]["players"]["Reds"] = ["A Batter", "B Batter", "A Batter"]
    assert found(told)[0].endswith("a side lists two players under one id")


WIDE = {"runs": {"batter": 0, "extras": 1, "total": 1}, "extras": {"wides": 1}}
NO_BALL = {"runs": {"batter": 0, "extras": 1, "total": 1}, "extras": {"noballs": 1}}


def dismissed(kind: str, player: str = "A Batter", **more: Any) -> list[Json]:
    """Six balls, the last of which takes a wicket."""
    out = runs(1, 1, 1, 1, 1, 1)
    out[5] |= {"wickets": [{"kind": kind, "player_out": player}], **more}
    return out


@pytest.mark.parametrize(
    ("told", "law"),
    [
        (dismissed("caught", **WIDE), "caught off a wide (Law 22.9)"),
        (dismissed("lbw", **WIDE), "lbw off a wide (Law 22.9)"),
        (dismissed("bowled", **NO_BALL), "bowled off a no-ball (Law 21.18)"),
        (dismissed("stumped", **NO_BALL), "stumped off a no-ball (Law 21.18)"),
        (dismissed("bowled", "B Batter"), "bowled: bbbb0002, who did not face the ball"),
        (dismissed("run out", non_striker="A Batter"), "batter at both ends"),
    ],
)
def test_a_ball_that_breaks_a_law_beyond_doubt_is_the_records_own(
    told: list[Json], law: str
) -> None:
    assert f"{AGAINST_THE_LAWS}: {law}" in found(match(told, FIVE, **BY_ONE))


def test_a_batter_who_bats_on_after_being_out_is_the_records_own() -> None:
    out = runs(1, 1, 1, 1, 1, 1)
    out[1]["wickets"] = [{"kind": "bowled", "player_out": "A Batter"}]
    law = "A Batter is out (bowled) and cannot bat"
    assert found(match(out, FIVE, **BY_ONE)) == [f"{AGAINST_THE_LAWS}: {law}"]


def in_two_overs(bowler: str) -> Json:
    """A first innings of an over by C Bowler and another; the chase is one over short of it."""
    told = match(SIX, FIVE, **BY_ONE)
    told["innings"][0]["overs"].append(
        {"over": 1, "deliveries": [delivery(1, **REDS_BAT | {"bowler": bowler}) for _ in range(6)]}
    )
    told["innings"][1]["target"] = {"runs": 13, "overs": 2}
    told["innings"][1]["overs"].append(
        {"over": 1, "deliveries": [delivery(0, **BLUES_BAT | {"bowler": "B Batter"})] * 6}
    )
    told["info"] |= {"overs": 2, "outcome": {"winner": "Reds", "by": {"runs": 7}}}
    return told


def test_two_overs_running_by_one_bowler_are_the_records_own() -> None:
    assert found(in_two_overs("D Bowler")) == []
    law = "C Bowler bowled the over before too (Law 17.6)"
    assert found(in_two_overs("C Bowler")) == [f"{AGAINST_THE_LAWS}: {law}"]


def test_a_broken_law_hides_nothing_else_that_is_wrong() -> None:
    told = in_two_overs("C Bowler")
    told["info"]["outcome"] = {"winner": "Blues", "by": {"wickets": 10}}
    laws, result = found(told)
    assert laws.startswith(AGAINST_THE_LAWS)
    assert result.startswith("!Blues beat Reds by 10 wickets by the file")


def test_a_refusal_that_the_record_does_not_explain_fails() -> None:
    """An unknown way to be out may be one that Overcast should know."""
    texts = found(match(dismissed("whispered", **WIDE), FIVE, **BY_ONE))
    assert texts[0] == "!refused: whispered off a wide (Law 22.9)"
