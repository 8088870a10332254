"""Labels of the right types that must not be learned: each fault by its reason."""

from dataclasses import replace

import pytest
from msgspec import structs

from features.catalogue import NAMES
from learning.labels import Question
from learning.model.snapshot import blank
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from learning.training.label_checks import wrong
from producers.simulator import season

MATCH = next(iter(season(1, seed=7)))
LABELS = list(replayed_labels(steps(MATCH.fixture, MATCH.facts), Forecaster(blank("t20-male"))))
TOTAL = LABELS[0]


def _asked(**changes: object) -> tuple[Question, ...]:
    return (structs.replace(TOTAL.questions[0], **changes), *TOTAL.questions[1:])


def test_what_a_match_answers_can_be_learned() -> None:
    assert len(LABELS) == 2
    assert [wrong(label) for label in LABELS] == ["", ""]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"key": "tests-male"}, "no model 'tests-male'"),
        ({"task": "toss"}, "no task 'toss'"),
        ({"truth": 1e308}, "total cannot have been"),
        ({"truth": -1.0}, "total cannot have been"),
        ({"task": "win", "truth": 0.5}, "win cannot have been 0.5"),
        ({"batting_first": "nobody"}, "does not play"),
        ({"codes": (0, 10**6)}, "out of range"),
        ({"codes": (-1,)}, "out of range"),
        ({"duels": (1, 2)}, "2 duels of"),
        ({"duels": (64**2, *TOTAL.duels[1:])}, "a duel is out of range"),
        ({"questions": _asked(inputs=(1.0,))}, f"1 inputs where {len(NAMES)} are due"),
        ({"questions": _asked(innings=2)}, "a question of innings 2"),
        ({"questions": _asked(spread=float("inf"))}, "not finite"),
    ],
)
def test_a_label_that_cannot_be_is_refused_with_its_reason(
    change: dict[str, object], reason: str
) -> None:
    assert reason in wrong(replace(TOTAL, **change))
