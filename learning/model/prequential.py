"""Prequential scores: every answer is scored before it is learned. A match is one unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log

from learning.labels import Label, Question

COIN = log(2.0)
WINDOW = 100  # matches
SURE = 1e-6  # chances are kept this far from 0 and 1 before their logarithm is taken


@dataclass(frozen=True, slots=True)
class Score:
    """Of one label: means over its questions; `error` in runs, losses in nats.

    `first` and `chase` are the system's log loss by innings. Of task "result" all is 0.
    """

    task: str
    questions: int = 0
    log_loss: float = 0.0
    first: float = 0.0
    chase: float = 0.0
    engine: float = 0.0
    baseline: float = 0.0
    brier: float = 0.0
    error: float = 0.0
    engine_error: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Means over matches: `matches` with a winner, `totals` with a first-innings total."""

    matches: int = 0
    log_loss: float = 0.0
    first: float = 0.0
    chase: float = 0.0
    engine: float = 0.0
    baseline: float = 0.0
    coin: float = COIN
    brier: float = 0.0
    totals: int = 0
    error: float = 0.0
    engine_error: float = 0.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Scores since the model's beginning and over the last WINDOW matches."""

    labels: int = 0
    overall: Tally = Tally()
    window: Tally = Tally()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the metrics are made from; part of the snapshot, so that they go on."""

    labels: int = 0
    overall: Tally = Tally()
    wins: tuple[Score, ...] = ()
    totals: tuple[Score, ...] = ()


_WIN_FIELDS = ("log_loss", "first", "chase", "engine", "baseline", "brier")


def score(label: Label) -> Score:
    """The score of the answers that were given when the label's questions were asked."""
    questions = label.questions
    if label.task == "result" or not questions:
        return Score(label.task)
    if label.task == "total":
        return Score(
            "total",
            len(questions),
            error=_mean(abs(q.total - label.truth) for q in questions),
            engine_error=_mean(abs(q.engine_total - label.truth) for q in questions),
        )
    answers = [truth_of(q, label) for q in questions]
    losses = [loss(q.win, y) for q, y in zip(questions, answers, strict=True)]
    return Score(
        "win",
        len(questions),
        log_loss=_mean(losses),
        first=_mean(v for v, q in zip(losses, questions, strict=True) if q.innings == 0),
        chase=_mean(v for v, q in zip(losses, questions, strict=True) if q.innings == 1),
        engine=_mean(loss(q.engine, y) for q, y in zip(questions, answers, strict=True)),
        baseline=_mean(loss(q.baseline, y) for q, y in zip(questions, answers, strict=True)),
        brier=_mean((q.win - y) ** 2 for q, y in zip(questions, answers, strict=True)),
    )


def truth_of(question: Question, label: Label) -> float:
    """1 if the side that was batting when the question was asked won, else 0."""
    return label.truth if question.innings == 0 else 1.0 - label.truth


def loss(chance: float, truth: float) -> float:
    """Log loss in nats."""
    chance = min(max(chance, SURE), 1.0 - SURE)
    return -log(chance if truth else 1.0 - chance)


def entered(ledger: Ledger, scored: Score) -> Ledger:
    """The ledger with one more score."""
    ledger = replace(ledger, labels=ledger.labels + 1)
    if not scored.questions:
        return ledger
    overall = _with(ledger.overall, scored)
    if scored.task == "win":
        return replace(ledger, overall=overall, wins=(*ledger.wins, scored)[-WINDOW:])
    return replace(ledger, overall=overall, totals=(*ledger.totals, scored)[-WINDOW:])


def metrics(ledger: Ledger) -> Metrics:
    """The metrics of a ledger: its running means and those of its window."""
    window = Tally()
    for scored in (*ledger.wins, *ledger.totals):
        window = _with(window, scored)
    return Metrics(ledger.labels, ledger.overall, window)


def _with(tally: Tally, scored: Score) -> Tally:
    """Running means moved by one match."""
    if scored.task == "total":
        n = tally.totals + 1
        fields: Sequence[str] = ("error", "engine_error")
        moved = replace(tally, totals=n)
    else:
        n = tally.matches + 1
        fields = _WIN_FIELDS
        moved = replace(tally, matches=n)
    steps = {f: getattr(tally, f) + (getattr(scored, f) - getattr(tally, f)) / n for f in fields}
    return replace(moved, **steps)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
