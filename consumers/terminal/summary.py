"""The summary of a replay: matches, balls, pace, latency, and the scores with their intervals."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from consumers.audit.latency import Latency
from consumers.audit.scores import Scores
from consumers.printing import printable
from learning.labels import Label
from learning.model.prequential import Tally
from learning.model.resampling import Estimate
from learning.model.snapshot import Trained

REASONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Decided:
    """Mean losses over the matches that were decided so far."""

    matches: int
    log_loss: float
    baseline: float
    coin: float


def since(before: Mapping[str, Tally], now: Mapping[str, Tally]) -> Decided | None:
    """Return the losses of what was learned between two tallies of each model; None of nothing."""
    pairs = [(before[key], tally) for key, tally in now.items()]
    matches = sum(n.matches - b.matches for b, n in pairs)
    if not matches:
        return None

    def mean(field: str) -> float:
        return sum(_sum(n, field) - _sum(b, field) for b, n in pairs) / matches

    return Decided(matches, mean("log_loss"), mean("baseline"), mean("coin"))


def _sum(tally: Tally, field: str) -> float:
    return float(getattr(tally, field)) * tally.matches


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a finished replay; `latency` is of the balls that came at a steady pace."""

    title: str
    matches: int
    balls: int
    refused: Mapping[str, int]
    balls_per_second: float
    latency: Latency | None
    scores: Scores


def table(summary: Summary) -> Table:
    """Return the summary as a table."""
    scores, shown = summary.scores, Table(title=Text(summary.title), show_header=False)
    shown.add_row("matches", f"{summary.matches:,}")
    shown.add_row("balls forecast", f"{summary.balls:,}")
    for reason, count in Counter(summary.refused).most_common(REASONS_SHOWN):
        shown.add_row("messages refused", Text(f"{count:,}: {printable(reason)}"))
    shown.add_row("balls a second, at full speed", f"{summary.balls_per_second:,.0f}")
    if late := summary.latency:
        percentiles = f"p50 {late.p50:.0f} ms, p95 {late.p95:.0f} ms, p99 {late.p99:.0f} ms"
        shown.add_row(f"latency, {late.count:,} balls at a steady pace", percentiles)
    shown.add_row(f"log loss, {scores.matches} decided matches", _interval(scores.log_loss))
    shown.add_row("    of the run rate alone", _interval(scores.baseline))
    shown.add_row("    of a coin", f"{scores.coin:.3f}")
    shown.add_row("    Overcast less the run rate", _interval(scores.lead, sign="+"))
    off = scores.error
    error = f"off by {off.value:.1f} runs on average" if off else "none was completed"
    shown.add_row(f"projected total, {scores.totals} innings", error)
    return shown


def _interval(estimate: Estimate | None, sign: str = "") -> str:
    if estimate is None:
        return "none was decided"
    value, low, high = (f"{number:{sign}.3f}" for number in estimate)
    return Text(f"{value}  [{low}, {high}]").plain


def honesty(labels: Collection[Label], trained: Mapping[str, Trained]) -> str:
    """Say what the models had learned before they forecast these matches."""
    scored = {label.key for label in labels}
    known = ", ".join(
        f"{key} of {trained[key].matches:,} matches to {trained[key].last}"
        for key in sorted(scored & trained.keys())
    )
    older = sum(label.date <= trained[label.key].last for label in labels if label.key in trained)
    lower = "Lower is better; the intervals are 95 %, by resampling matches."
    if not known:
        return lower
    if not older:
        return f"{lower} The models had learned none of these matches, and none later: {known}."
    return (
        f"{lower} With hindsight: {older:,} of these {len(labels):,} answers are older than what "
        f"the models had learned ({known}), which may have learned the very match."
    )
