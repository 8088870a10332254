"""The agent that answers every ball."""

import faust

from streams import topics
from streams.agents.batches import attach
from streams.agents.lanes import Lanes
from streams.desk import BallsDesk
from streams.settings import Settings
from streams.vitals import Vitals

AT_ONCE = 8  # partitions that wait for Kafka and Redis side by side


def forecast_balls(app: faust.App, settings: Settings, desk: BallsDesk, vitals: Vitals) -> None:
    """Attaches it: `cricket.balls` to `cricket.predictions`, `cricket.labels`, dead letters."""
    balls = topics.real_name(topics.BALLS, settings)
    attach(app, balls, Lanes("forecast_balls", desk, vitals, AT_ONCE))
