"""The agent that scores the answers and learns them."""

import faust

from streams import topics
from streams.agents.batches import attach
from streams.learning_desk import LearningDesk
from streams.settings import Settings
from streams.vitals import Vitals


def learn_labels(app: faust.App, settings: Settings, desk: LearningDesk, vitals: Vitals) -> None:
    """Attaches it: `cricket.labels` to `cricket.metrics` and `cricket.models`."""
    attach(app, topics.real_name(topics.LABELS, settings), "learn_labels", desk, vitals)
