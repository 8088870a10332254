"""The agent that answers every ball."""

import faust

from streams import topics
from streams.agents.batches import attach
from streams.desk import BallsDesk
from streams.settings import Settings
from streams.vitals import Vitals


def forecast_balls(app: faust.App, settings: Settings, desk: BallsDesk, vitals: Vitals) -> None:
    """Attaches it: `cricket.balls` to `cricket.predictions`, `cricket.labels`, dead letters."""
    attach(app, topics.real_name(topics.BALLS, settings), "forecast_balls", desk, vitals)
