"""A Cricsheet file's own numbers of its innings, added up independently of the fold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cricket.facts import NOT_OUT_KINDS
from cricket.over_counts import illegal, listed_counts, not_in_over

Json = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Runs with penalties, wickets, (over, legal balls) in order, deliveries.

    `flaws` are balls whose runs do not add up, `vanished` those before which a batter had left
    the crease who was neither out nor retired; `uncounted` are the balls that are not of their
    over, though neither wides nor no-balls, by over.
    """

    runs: int = 0
    wickets: int = 0
    deliveries: int = 0
    overs: list[tuple[int, int]] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    uncounted: dict[int, int] = field(default_factory=dict)


def tally(innings: Json, per_over: int) -> Tally:
    """The file's own numbers of one innings; KeyError and the like if it is no innings."""
    total = Tally()
    staying: set[str] = set()  # who must be at the crease for the next ball
    for over in innings.get("overs", ()):
        bad = len(not_in_over(over["deliveries"], per_over))
        if bad:
            total.uncounted[over["over"]] = bad
        for position, delivery in enumerate(over["deliveries"]):
            total.runs += delivery["runs"]["total"]
            ends = {delivery["batter"], delivery["non_striker"]}
            if not staying <= ends and not staying - ends <= _replaced(delivery):
                total.vanished.append(f"{over['over']}.{position}")
            staying = ends
            if len(delivery) > 4:
                total.wickets += _wickets(delivery)
                bad += illegal(delivery)
                staying = ends - {wicket["player_out"] for wicket in delivery.get("wickets", ())}
            if not _adds_up(delivery):
                total.flaws.append(f"{over['over']}.{position}")
        total.overs.append((over["over"], len(over["deliveries"]) - bad))
        total.deliveries += len(over["deliveries"])
    total.runs += sum(innings.get("penalty_runs", {}).values())
    return total


def _replaced(delivery: Json) -> set[str]:
    """Batters who were hurt and left before the ball."""
    return {
        swap["out"]
        for swap in delivery.get("replacements", {}).get("role", ())
        if swap["role"] == "batter" and "out" in swap
    }


def _wickets(delivery: Json) -> int:
    return sum(wicket["kind"] not in NOT_OUT_KINDS for wicket in delivery.get("wickets", ()))


def _adds_up(delivery: Json) -> bool:
    """Whether a ball's total is its runs off the bat and its extras, and these their sum."""
    runs = delivery["runs"]
    whole = runs["batter"] + runs["extras"] == runs["total"]
    return bool(whole and runs["extras"] == _extras(delivery))


def _extras(delivery: Json) -> int:
    return sum(delivery["extras"].values()) if "extras" in delivery else 0


def odd_overs(innings: Json, total: Tally, per_over: int) -> Iterator[tuple[int, int, int]]:
    """(over, legal balls, balls due) where they differ; the last over may be cut short."""
    listed = listed_counts(innings)
    last = len(total.overs) - 1
    for index, (over, legal) in enumerate(total.overs):
        due = listed.get(over, per_over)
        if over in listed:  # the file counts every ball that is neither wide nor no-ball
            due -= total.uncounted.get(over, 0)
        if legal > due or (legal < due and index < last):
            yield over, legal, due
