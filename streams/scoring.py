"""A forecast as the message that is sent: who it is about, what the last ball did."""

from learning.forecaster import Forecast, Forecaster
from streams.card import card, commentary
from streams.events import BallBowled
from streams.predictions import Prediction, Source, Total, Win
from streams.records import MatchRecord


def prediction(
    record: MatchRecord, event: BallBowled, forecast: Forecast, model: Forecaster, source: Source
) -> Prediction:
    """The prediction after a ball that led to `record`."""
    state, memory = record.state, record.memory
    innings = state.current if state else None
    assert state is not None
    assert innings is not None
    assert memory is not None
    fixture = state.fixture
    return Prediction(
        match_id=event.match_id,
        seq=event.seq,
        revision=event.revision,
        at=event.at,
        model_key=record.model_key,
        model=model.version,
        history=memory.context.history,
        features=model.feature_version,
        source=source,
        event=fixture.event,
        date=fixture.date,
        teams=fixture.teams,
        ball=commentary(fixture, event.fact),
        card=card(state, innings),
        win=Win(forecast.win, forecast.tie, forecast.lose),
        win_added=forecast.win_added,
        total=total(forecast),
        next_ball=forecast.next_ball,
        innings_over=innings.over_reason,
        missing=len(record.missing),
        drawn=memory.context.draw if record.predicted == 1 else None,
    )


def total(forecast: Forecast) -> Total:
    """The projected total with its quantiles."""
    f = forecast
    return Total(f.total_mean, f.q10, f.q25, f.q50, f.q75, f.q90)
