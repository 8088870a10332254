"""Who is on trial beside a champion: by the decisions, with the evidence of the stored contest.

Decisions come as they are made; a contest is stored every few labels. What is on trial, and whether
it is frozen, is taken from the decisions; how a trial stands, from the contest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from learning.contest.confidence_sequence import CONFIDENCE, MARGIN, Comparison
from learning.contest.decisions import (
    AnyDecision,
    Evidence,
    Frozen,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from learning.contest.state import ContestState


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenger, or a former champion on probation, and what is known of its gain so far."""

    name: str
    policy: str
    evidence: Evidence
    on_probation: bool = False


@dataclass(frozen=True, slots=True)
class StoredContest:
    """A contest as the learner last wrote it, without its models."""

    champion: str
    frozen: bool
    trials: tuple[Trial, ...]


def stored_contest(state: ContestState) -> StoredContest:
    """What the operator's page shows of a stored state; the evidence is computed again."""
    trials = (
        Trial(c.name, c.policy, Comparison(c.pairs, c.limit).evidence(), c.on_probation)
        for c in state.challengers
    )
    return StoredContest(state.champion.version, state.frozen, tuple(trials))


def frozen_by(
    decisions: Iterable[AnyDecision], stored: StoredContest | None
) -> tuple[bool, Frozen | None]:
    """Whether a model is frozen, and the decision that froze it, unless that is not known."""
    last = [d for d in decisions if isinstance(d, Frozen | Unfrozen)][-1:]
    if not last:
        return stored is not None and stored.frozen, None
    return (True, last[0]) if isinstance(last[0], Frozen) else (False, None)


def trials_of(decisions: Iterable[AnyDecision], stored: StoredContest | None) -> list[Trial]:
    """The trials that go on, in the order in which they began."""
    going: dict[str, Trial] = {}
    mentioned: set[str] = set()
    for decision in decisions:
        _follow(decision, going)
        mentioned |= _names(decision)
    for trial in stored.trials if stored else ():
        if trial.name in going:
            going[trial.name] = replace(trial, on_probation=going[trial.name].on_probation)
        elif trial.name not in mentioned:  # its decision is older than the log
            going[trial.name] = trial
    return list(going.values())


def _follow(decision: AnyDecision, going: dict[str, Trial]) -> None:
    if isinstance(decision, Raised):
        evidence = no_evidence(decision.margin, decision.limit)
        going[decision.challenger] = Trial(decision.challenger, decision.policy, evidence)
    elif isinstance(decision, Retired):
        going.pop(decision.challenger, None)
    elif isinstance(decision, Promoted):
        going.clear()
        evidence = no_evidence(MARGIN, decision.probation)
        going[decision.former] = Trial(decision.former, "", evidence, on_probation=True)
    elif isinstance(decision, RolledBack):
        going.clear()


def _names(decision: AnyDecision) -> set[str]:
    if isinstance(decision, Promoted | RolledBack):
        return {decision.challenger, decision.former}
    return {decision.challenger} if isinstance(decision, Raised | Retired) else set()


def no_evidence(margin: float, limit: int) -> Evidence:
    """The evidence of a trial before its first match: nothing is ruled out."""
    return Evidence(
        matches=0,
        gain=0.0,
        low=-1.0,
        high=1.0,
        margin=margin,
        confidence=CONFIDENCE,
        champion=0.0,
        challenger=0.0,
        limit=limit,
        unit="nats a match",
    )
