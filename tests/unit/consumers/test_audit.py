"""The audit of a log: one prediction a ball, one result of each match that has ended."""

import msgspec
import pytest

from consumers.audit import latency, one_prediction
from consumers.audit.one_prediction import Audit, audit
from cricket.facts import InningsReopened
from streams.messages.events import MatchEvent, encode, event_of
from streams.messages.predictions import MatchResult, PredictionMessage
from streams.messages.predictions import encode as encode_said
from streams.settings import Settings
from tests.support.feeds import ENDED, EVENTS, revised
from tests.support.kept_log import OnePartition
from tests.support.matches import forecasts, log_of, run

ONE = Settings(partitions=1)
GOES_ON = event_of("m", ENDED.seq + 1, 0, InningsReopened(1))


def log_with(balls: list[MatchEvent], said: list[PredictionMessage]) -> OnePartition:
    """Topics from memory, in place of Kafka's."""
    topics = {
        "cricket.balls": [encode(event) for event in balls],
        "cricket.predictions": [encode_said(message) for message in said],
    }
    return OnePartition(topics, step=1_000)


def audited(
    monkeypatch: pytest.MonkeyPatch, balls: list[MatchEvent], said: list[PredictionMessage]
) -> Audit:
    monkeypatch.setattr(one_prediction, "LogReader", log_with(balls, said))
    return audit(ONE)


def test_a_result_is_no_prediction_and_each_ended_match_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = run(log_of(EVENTS)).predictions
    report = audited(monkeypatch, EVENTS, said)
    assert (report.faults, report.predictions, report.results) == ([], len(said) - 1, 1)


def test_a_result_that_is_missing_or_told_twice_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    *balls, result = run(log_of(EVENTS)).predictions
    assert isinstance(result, MatchResult)
    assert audited(monkeypatch, EVENTS, balls).faults == ["partition 0: 0 results of m"]
    twice = msgspec.structs.replace(result, seq=result.seq + 1)
    faults = audited(monkeypatch, EVENTS, [*balls, result, twice]).faults
    assert faults == ["partition 0: 2 results of m"]


def test_a_result_before_the_end_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    *balls, result = run(log_of(EVENTS)).predictions
    early = msgspec.structs.replace(result, source=balls[-1].source)
    faults = audited(monkeypatch, EVENTS[:-1], [*balls, early]).faults
    assert faults == ["partition 0: 1 results of m"]


def test_answers_to_another_log_are_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """They were appended at other times, or at offsets that the log does not have."""
    said = run(log_of(EVENTS)).predictions
    before = [
        msgspec.structs.replace(p, source=msgspec.structs.replace(p.source, appended=7_000_001))
        for p in said
    ]
    report = audited(monkeypatch, EVENTS, [*before, *said])
    assert (report.faults, report.elsewhere) == ([], len(before))
    assert audited(monkeypatch, EVENTS[:-1], said).elsewhere == 1


def test_results_that_were_revised_or_withdrawn_are_no_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for log in ([*EVENTS, GOES_ON], [*EVENTS, revised(ENDED, winner="Blues")]):
        report = audited(monkeypatch, log, run(log_of(log)).predictions)
        assert report.faults == []
        assert report.results == (GOES_ON not in log)


def test_a_ball_that_is_missing_or_told_twice_is_still_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = run(log_of(EVENTS)).predictions
    assert audited(monkeypatch, EVENTS, said[1:]).faults
    assert audited(monkeypatch, EVENTS, [said[0], *said]).faults


def test_latency_is_that_of_predictions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    effects = run(log_of(EVENTS))
    monkeypatch.setattr(latency, "LogReader", log_with(EVENTS, effects.predictions))
    assert len(latency.latencies(ONE)) == len(forecasts(effects)) == len(effects.predictions) - 1
