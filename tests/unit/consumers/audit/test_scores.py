"""How good a season's forecasts were: a match is one unit, and its interval is over matches."""

from dataclasses import replace
from math import log

import pytest

from consumers.audit.scores import Scores, newest, scores
from learning.labels import Label, Question
from learning.model.prequential import COIN
from streams.messages.labels import LabelMessage
from streams.messages.source import Source
from tests.support.orders import checked


def question(win: float, baseline: float, total: float = 150.0) -> Question:
    return Question(0, 6, (), 0.0, win, win, baseline, total, total, 10.0)


def label(task: str, truth: float, *questions: Question) -> Label:
    known = ("t20-male", task, truth, ("Reds", "Blues"), "Reds", "Cup", "Ground", "2024-05-07")
    return Label(*known, questions=questions)


def message(match_id: str, answer: Label, revision: int = 0, **more: bool) -> LabelMessage:
    place = {"source": Source("cricket.balls", 0, 1), "index": 0, "model": "m", "at": 0}
    return LabelMessage(match_id=match_id, label=answer, revision=revision, **place, **more)  # type: ignore[arg-type]


def test_every_match_counts_once_however_many_questions_it_was_asked() -> None:
    long = label("win", 1.0, *[question(0.8, 0.5)] * 20)
    short = label("win", 0.0, question(0.8, 0.5))
    found = scores([long, short])
    expected = (-log(0.8) - log(0.2)) / 2
    assert found.matches == 2
    assert found.log_loss is not None
    assert found.log_loss.value == pytest.approx(expected)
    assert (found.log_loss.low, found.log_loss.high) == pytest.approx((-log(0.8), -log(0.2)))
    assert found.baseline is not None
    assert found.baseline.value == pytest.approx(COIN)
    assert found.lead is not None
    assert found.lead.value == pytest.approx(expected - COIN)
    assert found.coin == COIN


def test_projected_totals_are_scored_in_runs_beside_the_winners() -> None:
    found = scores([label("total", 160.0, question(0.5, 0.5, 150.0)), label("result", 0.5)])
    assert (found.matches, found.totals) == (0, 1)
    assert found.error is not None
    assert found.error.value == 10.0
    assert found.log_loss is found.lead is None


def test_scores_of_nothing_are_none() -> None:
    assert scores([]) == Scores(0, None, None, None, 0, None)


def test_the_newest_revision_of_a_label_stands_and_what_was_withdrawn_does_not() -> None:
    first = label("win", 1.0, question(0.8, 0.5))
    order = checked("freeze", "t20-male")
    log = [
        message("a", first),
        order,
        message("b", first),
        message("a", replace(first, truth=0.0), revision=1),
        message("b", first, revision=1, withdrawn=True),
        message("c", first),
        message("a", first),  # comes again
    ]
    assert {m.match_id: m.label.truth for m in newest(log)} == {"a": 0.0, "c": 1.0}
