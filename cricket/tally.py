"""What a Cricsheet file says of its own innings, added up without the fold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cricket.facts import NOT_OUT_KINDS

Json = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Runs with penalties, wickets, (over, legal balls) in order, deliveries.

    `flaws` are balls whose runs do not add up, `vanished` those before which a batter had left
    the crease who was neither out nor retired.
    """

    runs: int = 0
    wickets: int = 0
    deliveries: int = 0
    overs: list[tuple[int, int]] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


def tally(innings: Json) -> Tally:
    """The file's own numbers of one innings; KeyError and the like if it is no innings."""
    made = Tally()
    staying: set[str] = set()  # who must be at the crease for the next ball
    for over in innings.get("overs", ()):
        illegal = 0
        for position, told in enumerate(over["deliveries"]):
            runs = told["runs"]
            made.runs += runs["total"]
            ends = {told["batter"], told["non_striker"]}
            if not staying <= ends and not staying - ends <= _replaced(told):
                made.vanished.append(f"{over['over']}.{position}")
            staying = ends
            if len(told) > 4:
                made.wickets += _wickets(told)
                illegal += _illegal(told)
                staying = ends - {wicket["player_out"] for wicket in told.get("wickets", ())}
            if runs["batter"] + runs["extras"] != runs["total"] or runs["extras"] != _extras(told):
                made.flaws.append(f"{over['over']}.{position}")
        made.overs.append((over["over"], len(over["deliveries"]) - illegal))
        made.deliveries += len(over["deliveries"])
    made.runs += sum(innings.get("penalty_runs", {}).values())
    return made


def _replaced(told: Json) -> set[str]:
    """Batters who were hurt and went off before the ball."""
    return {
        swap["out"]
        for swap in told.get("replacements", {}).get("role", ())
        if swap["role"] == "batter" and "out" in swap
    }


def _wickets(told: Json) -> int:
    return sum(wicket["kind"] not in NOT_OUT_KINDS for wicket in told.get("wickets", ()))


def _illegal(told: Json) -> bool:
    extras = told.get("extras", {})
    return bool(extras.get("wides") or extras.get("noballs"))


def _extras(told: Json) -> int:
    return sum(told["extras"].values()) if "extras" in told else 0


def miscounted(innings: Json) -> dict[int, int]:
    """The overs that the file lists as miscounted, with their legal balls."""
    listed = innings.get("miscounted_overs", {})
    return {int(over): int(said["balls"]) for over, said in listed.items()}


def odd_overs(innings: Json, made: Tally, per_over: int) -> Iterator[tuple[int, int, int]]:
    """(over, legal balls, balls due) where they differ; the last over may be cut short."""
    listed = miscounted(innings)
    last = len(made.overs) - 1
    for index, (over, legal) in enumerate(made.overs):
        due = listed.get(over, per_over)
        if legal > due or (legal < due and index < last):
            yield over, legal, due
