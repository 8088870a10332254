"""Every kind of message on `cricket.drift`, as it is written and read."""

import msgspec
import pytest

from learning.contest.decisions import (
    Alarm,
    AnyDecision,
    Cause,
    Evidence,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from streams.messages.decisions import decode, encode

SAID = {
    "id": "t20-male@1/1041.0",
    "model_key": "t20-male",
    "at": 1_900_000_000_000,
    "cause": Cause("cricket.labels", 1, 1041, "1359475"),
    "labels": 3041,
    "model": "starter-2026.09+3000",
    "reason": "next-ball surprise in all matches moved from 0.02 to 0.81 in 14 matches",
}
WON = Evidence(
    matches=31,
    gain=0.041,
    low=0.003,
    high=0.079,
    margin=0.0,
    confidence=0.95,
    champion=0.91,
    challenger=0.869,
    limit=200,
)
CHALLENGER = "starter-2026.09~alert@3041"
EXAMPLES: tuple[AnyDecision, ...] = (
    Alarm(
        **SAID,
        signal="next_ball",
        scope="",
        detector="page-hinkley",
        since="2023-03-31",
        matches=14,
        before=0.02,
        after=0.81,
        unit="standard deviations",
        statistic=12.4,
        threshold=12.0,
        budget=1.0,
    ),
    Raised(
        **SAID,
        challenger=CHALLENGER,
        policy="alert",
        parent="starter-2026.09+3000",
        warmed=28,
        alarm="t20-male@1/1041.0",
        margin=0.0,
        limit=200,
    ),
    Promoted(
        **SAID,
        challenger=CHALLENGER,
        policy="alert",
        former="starter-2026.09+3000",
        probation=200,
        evidence=WON,
    ),
    Retired(**SAID, challenger=CHALLENGER, policy="alert", outcome="limit", evidence=WON),
    RolledBack(**SAID, challenger=CHALLENGER, former="starter-2026.09+3000", evidence=WON),
    Frozen(**SAID, operator="asha"),
    Unfrozen(**SAID, operator="asha"),
    OrderRefused(**SAID, operator="asha", order="promote"),
)


@pytest.mark.parametrize("decision", EXAMPLES, ids=lambda d: type(d).__name__)
def test_a_decision_is_read_as_it_was_written(decision: AnyDecision) -> None:
    assert decode(encode(decision)) == decision


def test_each_kind_says_which_it_is() -> None:
    types = [msgspec.json.decode(encode(d))["type"] for d in EXAMPLES]
    assert types == [
        "alarm",
        "challenger_raised",
        "promoted",
        "retired",
        "rolled_back",
        "frozen",
        "unfrozen",
        "order_refused",
    ]


def test_what_is_no_decision_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(b'{"type":"sacked"}')
