"""A short attack with a fixed seed: nothing lost, nothing twice, nothing changed."""

import pytest

from tests.fire.__main__ import plan_of
from tests.fire.attack import Plan, attack
from tests.fire.faults import FAULTS
from tests.fire.report import report

SEED = 8
STRIKES = 4  # a busy machine takes longer for them; no clock ends the attack
CAUGHT_UP = 300.0  # not the 10 s of `make fire`: a CI machine may be busy with anything
# Those that found faults; `make fire` deals all kinds, for as long as it is told to.
KINDS = ("kill at effect", "freeze at effect", "Redis from an old copy", "keys evicted")


@pytest.mark.fire
def test_nothing_is_lost_doubled_or_changed_under_fire() -> None:
    outcome = attack(Plan(seed=SEED, strikes=STRIKES, kinds=KINDS, caught_up=CAUGHT_UP))
    print(outcome.line, report(outcome), sep="\n")
    wrong = "\n".join(outcome.wrong)
    assert not wrong, f"seed {SEED}\n{outcome.line}\n{wrong}"
    assert outcome.verdict.balls > 1_000
    assert outcome.verdict.learned > 0
    assert outcome.verdict.letters > 0
    assert len(outcome.faults) == len(KINDS)


def test_a_command_line_without_kinds_deals_all_of_them() -> None:
    plan = plan_of(["--minutes", "10", "--seed", "7"])
    assert (plan.seed, plan.seconds, plan.kinds) == (7, 600.0, tuple(FAULTS))
    assert {"topic made again", "partitions added", "keys evicted"} <= set(plan.kinds)
    assert plan_of(["--only", "kill"]).kinds == ("kill",)
