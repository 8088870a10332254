"""Decisions of a learner about one model, each with what it must have."""

from typing import Any

from learning.contest.confidence_sequence import Comparison
from learning.contest.decisions import Alarm, Cause, Promoted, Raised, Retired

AT = 1_780_000_000_000  # ms
EVIDENCE = Comparison([(0.5, 0.4)] * 7).evidence()


def common(number: int = 0, reason: str = "because", operator: str = "") -> dict[str, Any]:
    cause = Cause("cricket.labels", 0, number)
    return {
        "id": f"t20-male@0/{number}.0",
        "model_key": "t20-male",
        "at": AT + number,
        "cause": cause,
        "labels": number,
        "model": "v1",
        "reason": reason,
        "operator": operator,
    }


def alarm(number: int = 0) -> Alarm:
    reason = "runs beyond the projection went from +0.00 to +0.40 in all matches since 2026-03-01"
    return Alarm(
        **common(number, reason),
        signal="level",
        scope="",
        detector="ADWIN",
        since="2026-03-01",
        matches=40,
        before=0.0,
        after=0.4,
        unit="tilt",
        statistic=0.4,
        threshold=0.3,
        budget=1.0,
    )


def raised(name: str, number: int = 1) -> Raised:
    return Raised(
        **common(number),
        challenger=name,
        policy="quick",
        parent="v1",
        warmed=0,
        alarm="a",
        margin=0.005,
        limit=200,
    )


def retired(name: str, number: int = 2) -> Retired:
    return Retired(
        **common(number), challenger=name, policy="quick", outcome="limit", evidence=EVIDENCE
    )


def promoted(name: str, former: str, number: int = 3) -> Promoted:
    return Promoted(
        **common(number),
        challenger=name,
        policy="quick",
        former=former,
        probation=200,
        evidence=EVIDENCE,
    )
