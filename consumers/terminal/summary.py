"""The summary of a replay: matches, balls, pace, latency, and the scores since it began."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rich.table import Table
from rich.text import Text

from consumers.audit.latency import Latency
from consumers.printing import printable
from learning.model.prequential import Tally

REASONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over a replay's decided matches (and first innings); None where there were none."""

    matches: int
    log_loss: float | None
    baseline: float | None
    coin: float | None
    totals: int
    error: float | None


def since(before: Mapping[str, Tally], now: Mapping[str, Tally]) -> Scores:
    """Return the scores of what was learned between two tallies of each model."""
    pairs = [(before[key], tally) for key, tally in now.items()]
    matches = sum(n.matches - b.matches for b, n in pairs)
    totals = sum(n.totals - b.totals for b, n in pairs)

    def mean(field: str, count: str, number: int) -> float | None:
        gained = sum(_sum(n, field, count) - _sum(b, field, count) for b, n in pairs)
        return gained / number if number else None

    return Scores(
        matches,
        mean("log_loss", "matches", matches),
        mean("baseline", "matches", matches),
        mean("coin", "matches", matches),
        totals,
        mean("error", "totals", totals),
    )


def _sum(tally: Tally, field: str, count: str) -> float:
    return float(getattr(tally, field) * getattr(tally, count))


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a finished replay."""

    matches: int
    balls: int
    refused: Mapping[str, int]
    balls_per_second: float
    latency: Latency | None
    scores: Scores

    def timed(self, latency: Latency) -> "Summary":
        """Return the summary with its latency, which is read from the log at the end."""
        return replace(self, latency=latency)


def table(summary: Summary) -> Table:
    """Return the summary as a table."""
    scores, shown = summary.scores, Table(title="Summary", show_header=False)
    shown.add_row("matches", f"{summary.matches:,}")
    shown.add_row("balls forecast", f"{summary.balls:,}")
    for reason, count in Counter(summary.refused).most_common(REASONS_SHOWN):
        shown.add_row("messages refused", Text(f"{count:,}: {printable(reason)}"))
    shown.add_row("balls a second", f"{summary.balls_per_second:,.0f}")
    if late := summary.latency:
        shown.add_row("latency, ball to forecast", f"p50 {late.p50:.0f} ms, p99 {late.p99:.0f} ms")
    shown.add_row(f"log loss, {scores.matches} decided matches", _number(scores.log_loss))
    shown.add_row("    of the run rate alone", _number(scores.baseline))
    shown.add_row("    of a coin", _number(scores.coin))
    off = "none was completed" if scores.error is None else f"off by {scores.error:.1f} on average"
    shown.add_row(f"projected total, {scores.totals} innings", off)
    return shown


def _number(value: float | None) -> str:
    return "none was decided" if value is None else f"{value:.3f}"


def perspective(before: Mapping[str, Tally]) -> str:
    """Put a few matches into perspective: the scores over all that the models were trained on."""
    matches = sum(tally.matches for tally in before.values())

    def mean(name: str) -> float:
        return sum(_sum(tally, name, "matches") for tally in before.values()) / max(matches, 1)

    return (
        f"A few matches prove little, and famous ones are famous for their surprises. Over the "
        f"{matches:,} decided matches that its models were trained on, each forecast before it "
        f"was learned, Overcast's log loss is {mean('log_loss'):.3f} "
        f"(run rate {mean('baseline'):.3f}, coin {mean('coin'):.3f})."
    )
