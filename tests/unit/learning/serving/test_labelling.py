"""When labels come, and which: never a winner where there was none."""

import pytest

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, InningsClose, Outcome
from learning.labels import Label
from learning.model.snapshot import blank
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from producers.simulator import season

MATCH = next(iter(season(1, seed=5)))


@pytest.fixture(scope="module")
def forecaster() -> Forecaster:
    return Forecaster(blank("t20-male"))


def settled(forecaster: Forecaster, outcome: Outcome, match: RecordedMatch = MATCH) -> list[Label]:
    return list(replayed_labels(steps(match.fixture, (*match.facts[:-1], outcome)), forecaster))


def test_a_decided_match_answers_its_total_and_its_winner(forecaster: Forecaster) -> None:
    team = MATCH.fixture.teams[0]
    total, win = settled(forecaster, Outcome(team, "win"))
    first = [f for f in MATCH.facts if isinstance(f, Ball) and f.innings == 0]
    assert (total.task, total.truth) == ("total", sum(ball.total for ball in first))
    assert (win.task, win.truth) == ("win", 1.0)
    assert len(total.codes) == len(first)
    assert {q.innings for q in total.questions} == {0}
    assert {q.innings for q in win.questions} == {0, 1}


def test_a_question_is_asked_before_the_first_ball_and_after_each_over(
    forecaster: Forecaster,
) -> None:
    total, _ = settled(forecaster, Outcome(MATCH.fixture.teams[0], "win"))
    asked = [q.balls for q in total.questions]
    assert asked == list(range(0, 6 * len(asked), 6))
    assert 10 < len(asked) <= 20


def test_a_tie_has_no_winner_to_learn(forecaster: Forecaster) -> None:
    _, result = settled(forecaster, Outcome(None, "tie"))
    assert (result.task, result.truth, result.questions) == ("result", 0.5, ())
    _, result = settled(forecaster, Outcome(MATCH.fixture.teams[1], "tie"))
    assert (result.task, result.truth) == ("result", 0.5)


def test_a_match_under_duckworth_lewis_is_not_learned_as_an_undisturbed_one(
    forecaster: Forecaster,
) -> None:
    _, result = settled(forecaster, Outcome(MATCH.fixture.teams[0], "win", method="D/L"))
    assert (result.task, result.questions, result.codes) == ("result", (), ())


def test_no_result_answers_nothing_more(forecaster: Forecaster) -> None:
    assert [label.task for label in settled(forecaster, Outcome(None, "no result"))] == ["total"]


def test_an_innings_that_rain_ended_has_no_total(forecaster: Forecaster) -> None:
    cut = (*MATCH.facts[:60], InningsClose(0), Outcome(None, "no result"))
    assert list(replayed_labels(steps(MATCH.fixture, cut), forecaster)) == []
