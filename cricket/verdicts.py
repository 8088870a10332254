"""The verdict on each match of an archive: reconciled, explained or failed, one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cricket.archive import Archived, Library
from cricket.cricsheet import UnreadableMatchError, read_match
from cricket.facts import Ball
from cricket.finding import Finding
from cricket.reconcile import reconcile

# Raised by JSON of another shape than Cricsheet's.
BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one match; `reason` is "" if it reconciles."""

    match: str
    balls: int
    verdict: str
    reason: str = ""


@dataclass(slots=True)
class Report:
    """Counts over an archive, and every match that does not reconcile."""

    matches: int = 0
    balls: int = 0
    reconciled: int = 0
    explained: int = 0
    failed: int = 0
    unreconciled: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one match."""
        self.matches += 1
        self.balls += verdict.balls
        setattr(self, verdict.verdict, getattr(self, verdict.verdict) + 1)
        if verdict.reason:
            self.unreconciled.append(verdict)


def verdicts(library: Library, archive: Iterable[Archived]) -> Iterator[Verdict]:
    """The verdicts in order, one per match, without keeping the matches."""
    return (verdict_on(library, archived) for archived in archive)


def verdict_on(library: Library, archived: Archived) -> Verdict:
    """The verdict on one file; its content never makes this raise."""
    try:
        document = library.document(archived)
        match = read_match(archived.id, document)
        findings = reconcile(match, document)
    except UnreadableMatchError as error:
        return Verdict(archived.id, 0, "failed", str(error))
    except BROKEN as error:
        reason = f"not a Cricsheet match ({type(error).__name__}: {error})"
        return Verdict(archived.id, 0, "failed", reason)
    balls = sum(isinstance(fact, Ball) for fact in match.facts)
    return Verdict(archived.id, balls, _verdict(findings), "; ".join(f.text for f in findings))


def _verdict(findings: list[Finding]) -> str:
    if not findings:
        return "reconciled"
    return "explained" if all(finding.explained for finding in findings) else "failed"
