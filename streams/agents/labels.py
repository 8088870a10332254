"""The agent that scores the answers and learns them."""

import faust

from streams import topics
from streams.agents.batches import attach
from streams.agents.lanes import Lanes
from streams.learning_desk import LearningDesk
from streams.settings import Settings
from streams.vitals import Vitals

AT_ONCE = 1  # the learner computes: there is nothing to be gained side by side


def learn_labels(app: faust.App, settings: Settings, desk: LearningDesk, vitals: Vitals) -> None:
    """Attaches it: `cricket.labels` to `cricket.metrics` and `cricket.models`."""
    labels = topics.real_name(topics.LABELS, settings)
    attach(app, labels, Lanes("learn_labels", desk, vitals, AT_ONCE))
