"""The signals that detectors watch: residuals and losses of answers, and the inputs themselves.

Values are in the signal's own unit. All are near zero on average while the model fits, whatever
the teams and the ground, since the model's own expectation is subtracted.
"""

from collections.abc import Iterator, Sequence
from math import log, sqrt
from typing import NamedTuple

from features.catalogue import NAMES
from features.effects import Effects
from learning.labels import Label, Question
from learning.model.prequential import SURE, loss, truth_of
from learning.training.learner import Learner

TILT, SCORE = NAMES.index("tilt_prior"), NAMES.index("score")
POWERPLAY = {"t20": 36, "odi": 60}  # balls after which the "inputs" signal is taken
DAY_SPREAD = 0.14  # standard deviation that the day adds to an innings' tilt: KINDS["day"]


class Signal(NamedTuple):
    """What a signal means, and the unit of its values."""

    name: str
    meaning: str
    unit: str


SIGNALS = {
    s.name: s
    for s in (
        Signal("level", "the balls' scoring over the level of when the watch began", "sd"),
        Signal("next_ball", "the balls' scoring beyond what was expected of them", "sd"),
        Signal("total", "the innings' total over the projection before its first ball", "runs"),
        Signal("total_loss", "the projected totals' log loss beyond their own spread", "nats"),
        Signal("win_loss", "the win chances' log loss beyond what they promised", "nats"),
        Signal("calibration", "wins of the side batting first over their chance", "share"),
        Signal("inputs", "projected over expected total after the powerplay", "sd"),
    )
}


class Value(NamedTuple):
    """One observation of a signal."""

    signal: str
    value: float


def values(label: Label, learner: Learner, reference: Effects) -> Iterator[Value]:
    """The observations that a label gives; the learner must not have learned it yet.

    `reference` are the effects that were known when the monitor began: a model that follows a
    change well hides it from all signals but "level", which is measured from these effects.
    """
    questions = label.questions
    if label.task == "total" and questions:
        yield Value("total", label.truth - questions[0].total)
        yield Value("total_loss", _excess_total(questions, label.truth))
        yield from _powerplay_score(label)
    if label.task == "win" and questions:
        yield Value("win_loss", _excess_win(label))
        yield Value("calibration", label.truth - questions[0].win)
    if label.codes and (first := _opening_question(label)) is not None:
        yield Value("next_ball", _deviation(learner.surprise(label, first.inputs[TILT])))
        yield Value("level", _deviation(learner.surprise_since(label, reference)))


def _deviation(surprise: tuple[float, float]) -> float:
    """A gradient in its standard deviations, to which the day's own conditions add."""
    gradient, curvature = surprise
    return gradient / max(sqrt(curvature + (curvature * DAY_SPREAD) ** 2), 1.0)


def _opening_question(label: Label) -> Question | None:
    """The question before the first ball of the innings whose balls the label holds."""
    number = 0 if label.task == "total" else 1
    return next((q for q in label.questions if q.innings == number), None)


def _powerplay_score(label: Label) -> Iterator[Value]:
    """The "inputs" signal: the projected over the expected total after the powerplay."""
    balls = POWERPLAY[label.key.partition("-")[0]]
    for question in label.questions:
        if question.balls == balls:
            yield Value("inputs", question.inputs[SCORE])


def total_loss(questions: Sequence[Question], total: float) -> float:
    """Mean log loss of the first innings' projected totals as normal distributions, in nats."""
    losses = [_normal_loss(q, total) for q in questions if q.innings == 0]
    return sum(losses) / len(losses) if losses else 0.0


def _normal_loss(question: Question, total: float) -> float:
    spread = max(question.spread, 1.0)
    return 0.5 * ((total - question.total) / spread) ** 2 + log(spread)


def win_loss(label: Label) -> float:
    """Mean log loss of the win chances, in nats."""
    losses = [loss(q.win, truth_of(q, label)) for q in label.questions]
    return sum(losses) / len(losses) if losses else 0.0


def _excess_total(questions: Sequence[Question], total: float) -> float:
    """The loss less what a projection with the right spread would have on average."""
    losses = [
        _normal_loss(q, total) - 0.5 - log(max(q.spread, 1.0)) for q in questions if q.innings == 0
    ]
    return sum(losses) / len(losses)


def _excess_win(label: Label) -> float:
    """The loss less what the chances themselves would have on average: their entropy."""
    return win_loss(label) - sum(_entropy(q.win) for q in label.questions) / len(label.questions)


def _entropy(chance: float) -> float:
    p = min(max(chance, SURE), 1.0 - SURE)
    return -p * log(p) - (1.0 - p) * log(1.0 - p)
