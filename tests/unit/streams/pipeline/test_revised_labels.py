"""Corrections after the answers are in; models, memory and restarts."""

from dataclasses import replace
from itertools import groupby

import msgspec
import pytest

from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.messages.predictions import PredictionMessage, Waiting
from streams.pipeline.advance import advance
from streams.pipeline.canonical import corrected
from streams.pipeline.effects import Effects
from streams.pipeline.match_record import decode_record, encode_record
from tests.support.feeds import (
    BALLS,
    ENDED,
    EVENTS,
    FAR,
    after,
    cancelled,
    made,
    revised,
    swapped,
    told,
)
from tests.support.matches import log_of, messages, models, served, short_match


def labels(effects: Effects) -> list[tuple[str, int, int | None, bool]]:
    return [(m.label.task, m.revision, m.supersedes, m.withdrawn) for m in effects.labels]


def test_a_correction_after_the_end_revises_the_labels() -> None:
    effects = told(revised(BALLS[5], runs=6), live=after(*EVENTS))
    assert ("total", 1, 0, False) in labels(effects)
    runs = sum(b.fact.total for b in BALLS if b.fact.innings == 0) - BALLS[5].fact.runs + 6
    total = next(m for m in effects.labels if m.label.task == "total")
    assert total.label.truth == runs


def test_a_correction_that_moves_no_answer_sends_no_label() -> None:
    last = BALLS[-1]
    effects = told(revised(last, bowler="somebody else"), live=after(*EVENTS))
    assert effects.labels == []


def test_a_cancelled_end_withdraws_the_answer() -> None:
    effects = told(cancelled(ENDED), live=after(*EVENTS))
    assert labels(effects) == [("win", 1, 0, True)]
    again = told(revised(ENDED, 2), live=effects.records)
    assert labels(again) == [("win", 2, 1, False)]


def test_an_answer_that_moves_to_another_place_is_still_known_as_sent() -> None:
    later = msgspec.structs.replace(ENDED, rank=1)
    moved = told(later, cancelled(ENDED), live=after(*EVENTS))
    assert labels(moved) == []
    assert labels(told(cancelled(later), live=moved.records)) == [("win", 1, 0, True)]


def test_the_labels_of_a_log_as_they_stand_are_the_corrected_ones() -> None:
    effects = told(*EVENTS, revised(BALLS[5], runs=6))
    expected = told(*swapped(BALLS[5], revised(BALLS[5], runs=6)))
    assert [m.label for m in corrected(effects.labels)] == [m.label for m in expected.labels]
    assert corrected(told(*EVENTS, cancelled(ENDED)).labels) == [
        m for m in told(*EVENTS).labels if m.label.task == "total"
    ]


# Models, memory and restarts


def renamed(version: str) -> dict[str, Forecaster]:
    snapshot = replace(load_starter()["t20-male"], version=version)
    return {"t20-male": Forecaster(snapshot, served().engine)}


def test_a_correction_is_answered_by_the_installed_model_and_names_it() -> None:
    live = after(*EVENTS[:30])
    effects = advance(live, log_of([revised(BALLS[20], runs=6)], FAR), renamed("newer"))
    assert {p.model for p in made(effects)} == {"newer"}
    assert {p.history for p in made(effects)} == {made(told(*EVENTS[:30]))[0].history}
    memory, before = effects.records["m"].memory, live["m"].memory
    assert memory is not None
    assert before is not None
    assert memory.context == before.context
    assert memory.questions[0] == before.questions[0]


@pytest.mark.parametrize("version", ["installed", "newer"])
def test_a_correction_needs_no_checkpoint(version: str) -> None:
    season_long = messages(short_match("m", "1.4" * 30, "1.2" * 30))
    amended = revised(season_long[70], runs=6)
    live = after(*season_long)
    assert live["m"].checkpoints
    restarted = {"m": decode_record(encode_record(live["m"]))}
    assert not restarted["m"].checkpoints
    serving = models() if version == "installed" else renamed(version)
    one, other = (advance(kept, log_of([amended], FAR), serving) for kept in (live, restarted))
    assert (one.predictions, one.labels) == (other.predictions, other.labels)
    assert encode_record(one.records["m"]) == encode_record(other.records["m"])


def test_revisions_of_a_ball_follow_each_other_without_gaps() -> None:
    corrections = [revised(BALLS[n], r, runs=(n + r) % 5) for r in (1, 2) for n in (4, 9, 2)]
    said = told(*EVENTS[:25], *corrections).predictions
    by_place = groupby(sorted(said, key=_place), key=lambda p: (p.seq, p.rank))
    for _, revisions in by_place:
        found = [(p.revision, p.supersedes) for p in revisions if not isinstance(p, Waiting)]
        assert found == [(n, n - 1 if n else None) for n in range(len(found))]


def _place(said: PredictionMessage) -> tuple[int, int, int]:
    return said.seq, said.rank, getattr(said, "revision", 0)


def test_a_book_that_is_full_refuses_new_messages_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.pipeline.advance.LONGEST_LOG", 20)
    effects = told(*EVENTS[:21], revised(BALLS[5], runs=6))
    assert [letter.reason for letter in effects.dead_letters] == [
        "too many messages: the match has 20"
    ]
    assert made(effects)[-1].revision == 1


def test_a_ball_in_order_plays_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr("streams.pipeline.match_player.rewound", never)
    assert len(made(told(*EVENTS))) == len(BALLS)
