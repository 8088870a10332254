"""Forecasts and official results as messages of `cricket.predictions`."""

from cricket.official_result import official_result
from cricket.state import MatchState
from cricket.targets import par_score, targets_if_lost
from learning.serving.forecaster import Forecast, Forecaster
from streams.messages.card import card, commentary
from streams.messages.events import BallBowled, MatchEnded, MatchEvent
from streams.messages.predictions import (
    Chase,
    DuckworthLewis,
    Gap,
    MatchResult,
    Prediction,
    Total,
    Why,
    Win,
)
from streams.messages.source import Source
from streams.pipeline.match_log import MatchLog, find
from streams.pipeline.match_record import MatchRecord

OVERS_LOST = (1, 2, 3, 5, 10, 15, 20, 25)


def prediction(
    record: MatchRecord, event: BallBowled, forecast: Forecast, model: Forecaster, source: Source
) -> Prediction:
    """The prediction after a ball that led to `record`, as revision 0."""
    state, memory = record.state, record.memory
    innings = state.current if state else None
    assert state is not None
    assert innings is not None
    assert memory is not None
    fixture, gaps = state.fixture, _before(record.missing, event.seq)
    return Prediction(
        match_id=event.match_id,
        seq=event.seq,
        rank=event.rank,
        at=event.at,
        model_key=record.model_key,
        model=model.version,
        history=memory.context.history,
        history_to=memory.context.history_to,
        features=model.feature_version,
        source=source,
        event=fixture.event,
        date=fixture.date,
        teams=fixture.teams,
        ball=commentary(fixture, event.fact),
        card=card(state, innings, event.fact),
        win=Win(forecast.win, forecast.tie, forecast.lose),
        win_added=forecast.win_added,
        leverage=forecast.leverage,
        total=total(forecast),
        next_ball=forecast.next_ball,
        innings_over=innings.over_reason,
        missing=len(gaps),
        waiting=gaps[0] if gaps else None,
        drawn=memory.context.draw if record.predicted == 1 else None,
        delivery=event.fact,
        fixture=fixture if record.predicted == 1 else None,
        chase=Chase(*forecast.chase) if forecast.chase else None,
        duckworth_lewis=_duckworth_lewis(state) if forecast.chase else None,
        log_digest=record.log_digest,
        why=Why(*model.why(memory, state, forecast)) if model.explaining else None,
    )


def _duckworth_lewis(state: MatchState) -> DuckworthLewis | None:
    par = par_score(state)
    return None if par is None else DuckworthLewis(par, targets_if_lost(state, OVERS_LOST))


def match_result(record: MatchRecord, event: MatchEvent, source: Source) -> MatchResult:
    """The result of a match that `event` ended, as revision 0."""
    official = official_result(record.state) if record.state else None
    assert record.state is not None
    assert official is not None
    fixture = record.state.fixture
    return MatchResult(
        match_id=event.match_id,
        seq=event.seq,
        rank=event.rank,
        at=event.at,
        source=source,
        event=fixture.event,
        date=fixture.date,
        teams=fixture.teams,
        result=official.result,
        winner=official.winner,
        by=official.by,
        method=official.method,
        tie_break=official.tie_break,
        text=official.text,
        log_digest=record.log_digest,
    )


def ending(record: MatchRecord, log: MatchLog) -> int | None:
    """The index of the entry that ended the match; None while the match goes on."""
    if not record.has_ended:
        return None
    played = log[: find(log, (record.seq + 1, 0))]
    ends = (i for i, entry in enumerate(played) if isinstance(entry.event, MatchEnded))
    return max((index for index in ends if not log[index].refused), default=None)


def _before(missing: tuple[Gap, ...], seq: int) -> tuple[Gap, ...]:
    """The gaps before a message in the order of play."""
    return tuple(gap for gap in missing if gap.seq < seq) if missing else ()


def total(forecast: Forecast) -> Total:
    """The projected total with its quantiles."""
    f = forecast
    return Total(f.total_mean, f.q10, f.q25, f.q50, f.q75, f.q90)
