"""A decision in words: for `overcast history`, for orders, and for the operator's page."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.markup import escape

from learning.contest.decisions import (
    Alarm,
    AnyDecision,
    Evidence,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)

TITLES = {
    Alarm: "ALARM",
    Raised: "challenger raised",
    Promoted: "PROMOTED",
    Retired: "retired",
    RolledBack: "ROLLED BACK",
    Frozen: "frozen",
    Unfrozen: "unfrozen",
    OrderRefused: "order refused",
}


def title(decision: AnyDecision) -> str:
    """Return what kind of decision it is."""
    return TITLES[type(decision)]


def entry(decision: AnyDecision) -> Iterator[str]:
    """Yield the lines of one decision, with Rich's markup."""
    when = datetime.fromtimestamp(decision.at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    by = f" by {giver(decision)}" if decision.operator else ""
    yield f"  {when}  [bold]{title(decision)}[/]{escape(by)}  {escape(subject(decision))}"
    yield f"      {escape(decision.reason)}"
    evidence = getattr(decision, "evidence", None)
    if isinstance(evidence, Evidence) and evidence.matches:
        yield f"      {evidence_figures(evidence)}"
    cause = decision.cause
    place = f"{cause.topic}/{cause.partition}@{cause.offset}"
    yield f"      {decision.id}, answer {decision.labels:,}; {place}"


def giver(decision: AnyDecision) -> str:
    """Return who gave the order, by which program, and what proves it; "" of no order."""
    if not decision.order_id:  # of no order, or from before orders had a log of their own
        return decision.operator
    via = f" via {decision.via}" if decision.via else ""
    return f"{decision.operator}{via} ({decision.proof or 'unsigned'})"


def evidence_figures(e: Evidence) -> str:
    """Return the figures of a comparison in one line."""
    return (
        f"{e.matches} matches: champion {e.champion:.3f}, challenger {e.challenger:.3f}; "
        f"gain {e.gain:+.3f} {e.unit}, between {e.low:+.3f} and {e.high:+.3f} "
        f"with {e.confidence:.0%}; to beat {e.margin:.3f}"
    )


def subject(decision: AnyDecision) -> str:
    """Return what a decision is about: signal and detector, challenger and champion, or order."""
    if isinstance(decision, Alarm):
        where = decision.scope or "all matches"
        return f"{decision.signal} by {decision.detector}, {where}, since {decision.since}"
    if isinstance(decision, Promoted):
        return f"{decision.challenger} over {decision.former}"
    if isinstance(decision, RolledBack):
        return f"{decision.former} over {decision.challenger}"
    if isinstance(decision, Raised | Retired):
        return f"{decision.challenger} ({decision.policy})"
    return decision.order if isinstance(decision, OrderRefused) else ""
