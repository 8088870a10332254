"""A recorded match against what its own file says: what agrees, is explained, or fails."""

from typing import Any

import pytest

from tests.support.documents import Json, delivery
from tests.support.one_over import (
    AGAINST_THE_LAWS,
    BY_ONE,
    FIVE,
    REDS_BAT,
    SIX,
    found,
    innings,
    match,
    runs,
)


def test_a_match_that_agrees_with_itself_has_no_findings() -> None:
    assert found(match(SIX, FIVE, **BY_ONE)) == []
    chased = runs(4, 4, team="Blues")
    assert found(match(SIX, chased, winner="Blues", by={"wickets": 10})) == []
    assert found(match(SIX, runs(1, team="Blues"), result="no result")) == []


def test_a_wrong_winner_fails() -> None:
    (text,) = found(match(SIX, FIVE, winner="Blues", by={"wickets": 10}))
    assert (
        text == "!Blues beat Reds by 10 wickets by the file, Reds beat Blues by 1 run by its balls"
    )


def test_a_wrong_margin_fails_unless_it_is_a_slip() -> None:
    assert found(match(SIX, FIVE, winner="Reds", by={"runs": 9}))[0].startswith("!Reds beat")
    assert found(match(SIX, FIVE, winner="Reds", by={"runs": 2}))[0].startswith("Reds beat")


def test_runs_that_do_not_add_up_fail() -> None:
    odd = runs(1, 1, 1, 1, 1, 1)
    odd[2]["runs"]["extras"] = 1
    assert found(match(odd, FIVE, **BY_ONE)) == ["!innings 1: runs of ball 0.2 do not add up"]


def test_a_batter_who_is_gone_without_being_out_fails_and_one_who_was_hurt_does_not() -> None:
    lost = runs(1, 1, 1, 1, 1, 1)
    lost[3] |= {"batter": "E Batter"}
    (text,) = found(match(lost, FIVE, **BY_ONE))
    assert text == "!innings 1: a batter left before ball 0.3 and was not out"
    hurt = {"in": "E Batter", "out": "A Batter", "role": "batter", "reason": "injury"}
    for told in lost[4:]:
        told["batter"] = "E Batter"
    lost[3]["replacements"] = {"role": [hurt]}
    assert found(match(lost, FIVE, **BY_ONE)) == []


def test_extras_of_a_kind_that_is_not_known_fail() -> None:
    odd = runs(1, 1, 1, 1, 1, 0)
    odd[5] |= {"runs": {"batter": 0, "extras": 1, "total": 1}, "extras": {"overthrow": 1}}
    texts = found(match(odd, FIVE, **BY_ONE))
    assert any(text.startswith("!innings 1: (5, 0, 6) runs, wickets") for text in texts)


def test_an_over_of_seven_is_reconciled_where_the_file_lists_it_and_explained_where_not() -> None:
    seven, listed = runs(1, 1, 1, 1, 1, 1, 0), {"miscounted_overs": {"0": {"balls": "7"}}}
    told = match(seven, FIVE, **BY_ONE)
    assert found(told) == [
        "innings 1: over 1 has 7 legal balls, 6 are due (miscounted, and not listed so)"
    ]
    told["innings"][0] |= listed
    assert found(told) == []


def test_an_over_of_five_in_mid_innings_is_explained_too() -> None:
    told = match(SIX, FIVE, **BY_ONE)
    short = [{"over": 0, "deliveries": runs(1, 1, 1, 0, 0)}]
    again = REDS_BAT | {"bowler": "D Bowler"}
    rest = {"over": 1, "deliveries": [delivery(run, **again) for run in (1, 1, 1)]}
    told["innings"][0]["overs"] = [*short, rest]
    told["info"]["overs"] = 2
    told["innings"][1]["target"]["overs"] = 1
    assert found(told)[0].startswith("innings 1: over 1 has 5 legal balls, 6 are due")


def test_a_target_that_does_not_follow_fails_unless_all_else_bears_the_total_out() -> None:
    wrong = {"runs": 12, "overs": 1}
    reached = runs(6, 6, team="Blues")
    assert found(match(SIX, FIVE, target=wrong, **BY_ONE)) == [
        "target of 12 stated, 7 follows from the total"
    ]
    texts = found(match(SIX, reached, target=wrong, winner="Blues", by={"wickets": 4}))
    assert texts[0] == "!target of 12 stated, 7 follows from the total"


def test_a_target_revised_for_rain_is_no_finding() -> None:
    told = match(SIX, runs(4, 4, team="Blues"), target={"runs": 8, "overs": "0.4"}, method="D/L")
    told["info"]["outcome"] |= {"winner": "Blues", "by": {"wickets": 10}}
    assert found(told) == []


def test_a_chase_that_rain_ended_ahead_of_the_stated_par_is_reconciled() -> None:
    ahead = runs(4, 1, team="Blues")
    par = {"runs": 4, "overs": "0.2"}
    told = match(SIX, ahead, target=par, winner="Blues", by={"runs": 2}, method="D/L")
    assert found(told) == []
    told["info"]["outcome"]["by"] = {"runs": 5}
    (text,) = found(told)
    assert text.endswith("what D/L decided by is not in the file")


def test_an_awarded_match_is_explained() -> None:
    told = match(SIX, runs(1, team="Blues"), winner="Reds", method="Awarded")
    assert found(told)[0].endswith("awarded")


def test_penalty_runs_of_the_innings_are_part_of_its_total() -> None:
    told = match(SIX, FIVE, **BY_ONE)
    told["innings"][0]["penalty_runs"] = {"pre": 5}
    told["innings"][1]["target"]["runs"] += 5
    told["info"]["outcome"]["by"] = {"runs": 6}
    assert found(told) == []


def test_a_win_without_a_margin_is_explained_unless_the_other_side_won() -> None:
    (text,) = found(match(SIX, FIVE, winner="Reds"))
    assert text.endswith("no margin is stated")
    assert found(match(SIX, FIVE, winner="Blues"))[0].startswith("!Blues beat Reds")


def test_a_win_on_level_scores_is_explained_whatever_decided_it() -> None:
    for by in ({}, {"boundaries": 2}):
        (text,) = found(match(SIX, LEVEL, winner="Blues", by=by))
        assert text.endswith("Match tied by its balls: no margin is stated")


@pytest.mark.parametrize("method", ["Lost fewer wickets", "Bowl-out", "Whatever comes next"])
@pytest.mark.parametrize("winner", ["Reds", "Blues"])
@pytest.mark.parametrize("balls", [3, 6])
def test_a_win_by_any_method_without_a_margin_is_explained(
    method: str, winner: str, balls: int
) -> None:
    (text,) = found(match(SIX, LEVEL[:balls], winner=winner, method=method))
    assert text.endswith(f"what {method} decided by is not in the file")


def test_who_wins_by_wickets_bats_last() -> None:
    (text,) = found(match(SIX, FIVE, winner="Reds", by={"wickets": 4}))
    assert text.endswith(f"{AGAINST_THE_LAWS}: who wins by wickets bats last (Law 16.6)")


# Matches of several days


def several_days(*last: list[Json], **outcome: Any) -> Json:
    """Six runs, five, six, and the overs of a fourth innings by a side of fourteen."""
    told = match(SIX, FIVE, **outcome)
    told["info"] |= {"match_type": "Test", "overs": None}
    told["info"]["players"]["Blues"] += [f"P{n}" for n in range(12)]
    overs = [{"over": n, "deliveries": deliveries} for n, deliveries in enumerate(last)]
    told["innings"] += [innings("Reds", *SIX), {"team": "Blues", "overs": overs}]
    del told["innings"][1]["target"]
    return told


def test_a_side_that_lacked_batters_whom_nobody_listed_lost_by_the_totals() -> None:
    (text,) = found(several_days(FIVE, winner="Reds", by={"runs": 2}))
    assert text.endswith("who could not bat in the last innings is not listed")
    (text,) = found(several_days(FIVE, winner="Reds", by={"runs": 9}))
    assert text.startswith("!Reds beat Blues by 9 runs by the file")


def last_pair(*more: Json) -> list[list[Json]]:
    """Nine wickets in two overs, a batter who retires hurt in the second, and what follows."""
    out = [
        delivery(batter=f"P{n}", non_striker="P11", bowler=("A Batter", "B Batter")[n // 6])
        | {"wickets": [{"kind": "bowled", "player_out": f"P{n}"}]}
        for n in range(9)
    ]
    hurt = {"wickets": [{"kind": "retired hurt", "player_out": "P9"}]}
    last = delivery(batter="P9", non_striker="P11", bowler="B Batter") | hurt
    return [out[:6], [*out[6:], last, *more]]


def test_a_side_whose_last_pair_was_still_in_was_not_all_out() -> None:
    """A substitute had come for the one who retired: the draw of the file is one."""
    (text,) = found(several_days(*last_pair(), result="draw"))
    assert text.startswith("!Match drawn by the file")
    came = delivery(batter="P10", non_striker="P11", bowler="B Batter")
    assert found(several_days(*last_pair(came), result="draw")) == []


# Ties

LEVEL = runs(1, 1, 1, 1, 1, 1, team="Blues")


def super_over(team: str, *each: int) -> Json:
    return innings(team, *runs(*each, team=team), super_over=True)


def test_a_tie_is_settled_by_who_won_the_super_over() -> None:
    extra = (super_over("Blues", 1, 1, 1, 1, 1, 1), super_over("Reds", 6, 6))
    assert found(match(SIX, LEVEL, *extra, result="tie", eliminator="Reds")) == []
    (text,) = found(match(SIX, LEVEL, *extra, result="tie", eliminator="Blues"))
    assert text == "!Blues won the tie-break, Reds by the balls"
    (text,) = found(match(SIX, LEVEL, *extra, result="tie"))
    assert text == "Reds won the super over, the file names nobody"


def test_a_tie_without_an_end_is_a_tie_and_a_bowl_out_is_explained() -> None:
    assert found(match(SIX, LEVEL, result="tie")) == []
    (text,) = found(match(SIX, LEVEL, result="tie", bowl_out="Reds"))
    assert text.startswith("Reds won the tie-break by other means")


@pytest.mark.parametrize(
    "outcome", [{"result": "draw"}, {"result": "no result"}, {"winner": "Reds", "by": {"runs": 5}}]
)
def test_a_result_that_the_balls_contradict_is_never_passed_over(outcome: Json) -> None:
    assert found(match(SIX, FIVE, **outcome))[0].startswith("!")
