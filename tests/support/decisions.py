"""Decisions of a learner about one model, each with what it must have."""

from typing import Any

from learning.contest.confidence_sequence import Comparison
from learning.contest.decisions import Cause, Promoted, Raised, Retired

EVIDENCE = Comparison([(0.5, 0.4)] * 7).evidence()


def common(number: int = 0, reason: str = "because", operator: str = "") -> dict[str, Any]:
    cause = Cause("cricket.labels", 0, number)
    return {
        "id": f"t20-male@0/{number}.0",
        "model_key": "t20-male",
        "at": number,
        "cause": cause,
        "labels": number,
        "model": "v1",
        "reason": reason,
        "operator": operator,
    }


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
