"""What the balls of a record prove of its counts, which it does not say outright.

A record tells of a delivery whether it was a wide or a no-ball, and of an over that it was
miscounted. That a ball was not one of its over, or how many wickets end an innings, it does not.
"""

from collections.abc import Sequence
from typing import Any

from cricket.facts import Ball
from cricket.state import ALL_WICKETS, SUPER_OVER_WICKETS

Json = dict[str, Any]


def listed_counts(innings: Json) -> dict[int, int]:
    """The overs that the file lists as miscounted, with their legal balls."""
    listed = innings.get("miscounted_overs", {})
    return {int(over): int(float(entry["balls"])) for over, entry in listed.items()}


def not_in_over(deliveries: Sequence[Json], per_over: int) -> tuple[int, ...]:
    """Positions of the balls that are not of the over, though neither wide nor no-ball.

    The count proves it where an over has exactly as many balls too many as it has balls that by
    their kind need not count: those with penalty runs to the batting side (Law 28.2.3), and a run
    out of the non-striker by the bowler without a run (Law 41.16).
    """
    if len(deliveries) <= per_over:
        return ()
    legal = [at for at, delivery in enumerate(deliveries) if not illegal(delivery)]
    suspected = tuple(at for at in legal if _need_not_count(deliveries[at]))
    return suspected if len(legal) - per_over == len(suspected) else ()


def called_early(deliveries: Sequence[Json], listed: int | None, per_over: int) -> bool:
    """Whether the umpire called the over before it had its balls, as the file lists it."""
    if listed is None or listed >= per_over:
        return False
    return sum(not illegal(delivery) for delivery in deliveries) == listed


def illegal(delivery: Json) -> bool:
    """Whether a delivery was a wide or a no-ball."""
    extras = delivery.get("extras", {})
    return bool(extras.get("wides") or extras.get("noballs"))


def _need_not_count(delivery: Json) -> bool:
    return bool(delivery.get("extras", {}).get("penalty")) or any(
        _by_the_bowler(delivery, wicket) for wicket in delivery.get("wickets", ())
    )


def _by_the_bowler(delivery: Json, wicket: Json) -> bool:
    """Whether the non-striker was run out by nobody but the bowler, and no run was scored."""
    out = wicket["kind"] == "run out" and wicket["player_out"] == delivery["non_striker"]
    others = {fielder.get("name") for fielder in wicket.get("fielders", ())}
    return out and others <= {delivery["bowler"]} and not delivery["runs"]["total"]


def wickets_that_end(innings: Sequence[Json], balls: Sequence[Sequence[Ball]]) -> list[int | None]:
    """Wickets that end each innings, where the record shows that the usual ones do not.

    A competition that plays on after two wickets in a super over does so in each of them.
    """
    brief = [bool(each.get("super_over")) for each in innings]
    plays_on = any(_plays_on(each) for each, extra in zip(balls, brief, strict=True) if extra)
    return [
        (ALL_WICKETS if plays_on else None) if extra else _more_than_ten(each)
        for each, extra in zip(balls, brief, strict=True)
    ]


def _plays_on(balls: Sequence[Ball]) -> bool:
    """Whether a super over went on after two wickets."""
    before_last, lost = _wickets(balls[:-1]), _wickets(balls)
    return before_last >= SUPER_OVER_WICKETS or lost > SUPER_OVER_WICKETS


def _more_than_ten(balls: Sequence[Ball]) -> int | None:
    """The wickets of a side that lost more than ten."""
    lost = _wickets(balls)
    return lost if lost > ALL_WICKETS else None


def _wickets(balls: Sequence[Ball]) -> int:
    return sum(len(ball.dismissals) for ball in balls if ball.wickets)
