"""The prediction message of a forecast, with the scorecard that it was made from."""

from learning.serving.forecaster import Forecast, Forecaster
from streams.messages.card import card, commentary
from streams.messages.events import BallBowled
from streams.messages.predictions import Chase, Gap, Prediction, Total, Win
from streams.messages.source import Source
from streams.pipeline.match_record import MatchRecord


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
    )


def _before(missing: tuple[Gap, ...], seq: int) -> tuple[Gap, ...]:
    """The gaps before a message in the order of play."""
    return tuple(gap for gap in missing if gap.seq < seq) if missing else ()


def total(forecast: Forecast) -> Total:
    """The projected total with its quantiles."""
    f = forecast
    return Total(f.total_mean, f.q10, f.q25, f.q50, f.q75, f.q90)
