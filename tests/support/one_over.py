"""Recorded matches of one over a side, and what does not agree in them."""

from typing import Any

from cricket.cricsheet import read_match
from cricket.reconcile import reconcile
from tests.support.documents import Json, delivery, document

AGAINST_THE_LAWS = "the record contradicts the Laws"
REDS_BAT = {"batter": "A Batter", "non_striker": "B Batter", "bowler": "C Bowler"}
BLUES_BAT = {"batter": "C Bowler", "non_striker": "D Bowler", "bowler": "A Batter"}


def innings(team: str, *deliveries: Json, **more: Any) -> Json:
    """An innings of one over; a number stands for a ball of so many runs."""
    return {"team": team, "overs": [{"over": 0, "deliveries": list(deliveries)}], **more}


def runs(*each: int, team: str = "Reds") -> list[Json]:
    ends = REDS_BAT if team == "Reds" else BLUES_BAT
    return [delivery(run, **ends) for run in each]


def match(
    first: list[Json], second: list[Json], *extra: Json, target: Json | None = None, **outcome: Any
) -> Json:
    """A match of one over a side."""
    made = sum(told["runs"]["total"] for told in first)
    aim = {"runs": made + 1, "overs": 1} if target is None else target
    players = {"Reds": ["A Batter", "B Batter"], "Blues": ["C Bowler", "D Bowler"]}
    one, two = innings("Reds", *first), innings("Blues", *second, target=aim)
    return document(one, two, *extra, overs=1, players=players, outcome=outcome)


def found(told: Json) -> list[str]:
    """What does not agree; "!" before what is not explained."""
    findings = reconcile(read_match("m", told), told)
    return [("" if f.explained else "!") + f.text for f in findings]


SIX = runs(1, 1, 1, 1, 1, 1)
FIVE = runs(1, 1, 1, 1, 1, 0, team="Blues")
BY_ONE: Json = {"winner": "Reds", "by": {"runs": 1}}
