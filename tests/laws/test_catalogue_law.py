"""Law of the inputs: in every match that is played they lie where the catalogue says."""

from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cricket.cricsheet import RecordedMatch
from features.catalogue import CATALOGUE
from learning.labels import Question
from learning.starter import load_starter
from producers.recorded import ShippedShelf, shipped_match
from producers.simulator import season
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from tests.support.matches import MARKS, log_of, messages, short_match

marks = st.text(MARKS, max_size=14)


@cache
def models() -> InstalledModels:
    """All shipped models, each built when the first match needs it."""
    return InstalledModels(load_starter())


def questions(match: RecordedMatch) -> list[Question]:
    """What was asked of the match, as far as its end answered it."""
    labels = advance({}, log_of(messages(match)), models()).labels
    return [question for message in labels for question in message.label.questions]


def outside(asked: Iterable[Question]) -> list[tuple[str, float]]:
    """The inputs that are out of their range, by feature."""
    return [
        (feature.name, value)
        for question in asked
        for feature, value in zip(CATALOGUE, question.inputs, strict=True)
        if not feature.low <= value <= feature.high
    ]


@given(marks, marks)
@settings(deadline=None, max_examples=40)
def test_inputs_lie_in_their_ranges_however_a_short_match_goes(first: str, second: str) -> None:
    assert outside(questions(short_match("m", first, second))) == []


@pytest.mark.parametrize("match_id", [listed.id for listed in ShippedShelf().listed()])
def test_inputs_of_a_recorded_match_lie_in_their_ranges(match_id: str) -> None:
    assert outside(questions(shipped_match(match_id))) == []


@pytest.mark.parametrize("match_type", ["T20", "ODI"])
@pytest.mark.parametrize("scoring", [-0.8, 0.0, 0.8])
def test_inputs_of_a_simulated_match_lie_in_their_ranges(match_type: str, scoring: float) -> None:
    for match in season(2, seed=7, match_type=match_type, scoring=scoring):
        asked = questions(match)
        assert asked
        assert outside(asked) == []
