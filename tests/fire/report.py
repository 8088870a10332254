"""An attack's figures, for people and for programs."""

import json
from pathlib import Path
from typing import Any

from benchmarks.circumstances import commit, machine
from tests.fire.attack import Outcome, Plan

RESULT = Path("build/fire.json")


def figures(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """What `build/fire.json` holds."""
    verdict = outcome.verdict
    return {
        "commit": commit(),
        "machine": machine(),
        "seed": plan.seed,
        "store": plan.store,
        "minutes": round(outcome.seconds / 60, 2),
        "faults": dict(sorted(outcome.faults.items())),
        "balls": verdict.balls,
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "mismatched": verdict.mismatched,
        "dead_letters": verdict.letters,
        "labels_learned": verdict.learned,
        "matches": verdict.matches,
        "recovery_seconds": {k: round(v, 2) for k, v in outcome.recovery.items()},
        "exits": {str(code): count for code, count in sorted(outcome.exits.items())},
        "wrong": outcome.wrong,
    }


def written(plan: Plan, outcome: Outcome) -> Path:
    """Writes them; returns where."""
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures(plan, outcome), indent=2) + "\n")
    return RESULT


def report(outcome: Outcome) -> str:
    """A table in Markdown, as it stands in docs/reliability.md."""
    verdict, recovery = outcome.verdict, outcome.recovery
    rows = [f"| {kind} | {count} |" for kind, count in sorted(outcome.faults.items())]
    sentence = (
        f"{outcome.seconds / 60:.1f} minutes, {verdict.balls:,} balls, {verdict.matches} matches: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.mismatched} mismatched; "
        f"{verdict.letters} dead letters, {verdict.learned} labels learned. Caught up after "
        f"{recovery['median']:.1f} s in the median, {recovery['max']:.1f} s at most."
    )
    return "\n".join(["| fault | times |", "|---|---|", *rows, "", sentence])
