"""Checks for labels that have the right types and must still not be learned."""

from math import isfinite

from features.catalogue import NAMES
from forecast.cells import cell_count
from forecast.engine import QUANTILES
from forecast.outcomes import OUTCOMES
from forecast.shape import SHAPES
from learning.keys import KEYS, format_name
from learning.labels import Label, Question
from learning.serving.matchups import PLACES

MOST_RUNS = 1_000.0  # twice the record of an innings of 50 overs
TASKS = ("total", "win", "result")


def wrong(label: Label) -> str:
    """Why a label cannot be learned; "" if it can."""
    if label.key not in KEYS:
        return f"no model {label.key!r}"
    if label.task not in TASKS:
        return f"no task {label.task!r}, there are {', '.join(TASKS)}"
    if label.batting_first not in label.teams:
        return f"{label.batting_first!r} bats first and does not play"
    if not _possible(label):
        return f"{label.task} cannot have been {label.truth}"
    return _wrong_balls(label) or next(filter(None, map(_wrong_question, label.questions)), "")


def _wrong_balls(label: Label) -> str:
    most = cell_count(SHAPES[format_name(label.key)], chase=label.task != "total") * len(OUTCOMES)
    if not all(0 <= code < most for code in label.codes):
        return "a ball's code is out of range"
    if len(label.duels) != len(label.codes):
        return f"{len(label.duels)} duels of {len(label.codes)} balls"
    within = all(0 <= number < PLACES**2 for number in label.duels)
    return "" if within else "a duel is out of range"


def _possible(label: Label) -> bool:
    if label.task == "total":
        return 0.0 <= label.truth <= MOST_RUNS
    return label.truth in ((0.0, 1.0) if label.task == "win" else (0.0, 0.5, 1.0))


def _wrong_question(question: Question) -> str:
    if len(question.inputs) != len(NAMES):
        return f"{len(question.inputs)} inputs where {len(NAMES)} are due"
    if question.innings not in {0, 1}:
        return f"a question of innings {question.innings}"
    q = question
    if len(q.quantiles) not in {0, len(QUANTILES)}:
        return f"{len(q.quantiles)} quantiles where {len(QUANTILES)} are due"
    answers = (q.rate, q.win, q.engine, q.baseline, q.total, q.engine_total, q.spread, *q.quantiles)
    return "" if all(map(isfinite, (*q.inputs, *answers))) else "a number is not finite"
