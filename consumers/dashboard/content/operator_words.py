"""The operator's page in words: how a trial stands, and what follows from an order."""

from consumers.dashboard.content.trials import Trial
from learning.contest.confidence_sequence import LIMIT
from learning.contest.decisions import Evidence
from learning.training.policies import POLICIES

SAME = "the same"  # in the decisions `quick` comes after `alert`; here each stands by itself


def policy_words(trial: Trial) -> str:
    """What a trial is of: how the challenger learns, or that it has served before."""
    if trial.on_probation:
        return "the former champion, on probation"
    policy = POLICIES.get(trial.policy)
    return policy.why.replace(SAME, POLICIES["alert"].why, 1) if policy else trial.policy


def evidence_words(e: Evidence) -> str:
    """A confidence sequence in words: the mean gain, its bounds, and what it has to beat.

    >>> from consumers.dashboard.content.trials import no_evidence
    >>> evidence_words(no_evidence(0.005, 200))
    'No match has been compared yet; it has 200 to show that it is better.'
    """
    if not e.matches:
        return f"No match has been compared yet; it has {e.limit} to show that it is better."
    matches = "1 match" if e.matches == 1 else f"{e.matches} matches"
    better = "less" if e.gain >= 0 else "more"
    left = max(e.limit - e.matches, 0)
    return (
        f"Over {matches} it lost {abs(e.gain):.3f} {e.unit} {better} than the champion "
        f"({e.challenger:.3f} to {e.champion:.3f}). With {e.confidence:.0%} confidence its true "
        f"gain lies between {e.low:+.3f} and {e.high:+.3f}, whenever one looks. {_verdict(e)} "
        f"{left} of {e.limit} matches are left."
    )


def _verdict(e: Evidence) -> str:
    if e.low > e.margin:
        return f"All of that is above {e.margin:.3f}: it is better."
    if e.high < 0.0:
        return "All of that is below zero: it is worse."
    return f"It is promoted once all of that is above {e.margin:.3f}, so nothing is proved yet."


def freeze_words(kind: str, serving: str) -> str:
    """What follows if a model is frozen."""
    return (
        f"No snapshot of {kind} is published and no challenger promoted or retired until somebody "
        f"unfreezes it. Workers go on forecasting with {serving}. Learning and scoring go on."
    )


def unfreeze_words(kind: str) -> str:
    """What follows if it is unfrozen."""
    return (
        f"The champion of {kind} is published at once, with all that it has learned meanwhile, and "
        "workers serve it from their next ball on. Challengers are promoted and retired again."
    )


def promote_words(trial: Trial, champion: str, others: int, *, frozen: bool) -> str:
    """What follows if a challenger is promoted by hand."""
    retired = f" {_count(others)} retired." if others else ""
    serves = _serves(trial.name, frozen=frozen)
    if trial.on_probation:
        why = "or the two might replace each other forever"
        return f"{serves} {champion} gets no probation, {why}.{retired}"
    back = f"in {LIMIT} matches it may win its place back"
    return f"{serves} {_proof(trial.evidence)} {champion} goes on probation: {back}.{retired}"


def _proof(e: Evidence) -> str:
    """What the evidence says to a promotion by hand."""
    if not e.matches:
        return "No match has been compared yet."
    bounds = f"between {e.low:+.3f} and {e.high:+.3f}"
    verdict = "The evidence is for it" if e.low > e.margin else "The evidence is not enough"
    return f"{verdict}: with {e.confidence:.0%} confidence its gain lies {bounds}."


def _serves(name: str, *, frozen: bool) -> str:
    if frozen:
        return f"{name} becomes champion, and serves only when the model has been unfrozen."
    return f"{name} serves every match from the workers' next ball on."


def _count(others: int) -> str:
    return "The other challenger is" if others == 1 else f"The other {others} challengers are"
