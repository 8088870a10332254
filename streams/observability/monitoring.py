"""What a worker is looked after by, in one place: health, gauges, lag, and the port they are on."""

import logging

from prometheus_client import REGISTRY

from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.follower import Following
from streams.kafka.lag import LagMonitor
from streams.kafka.topics import DRIFT, METRICS
from streams.models.registry import InstalledModels
from streams.observability.endpoint import MetricsEndpoint, expose
from streams.observability.liveness import Liveness
from streams.observability.model_gauges import ModelGauges
from streams.observability.quality_gauges import QualityGauges
from streams.settings import Settings


class CountedErrors(logging.Handler):
    """Counts what aiokafka reports: Faust's consumer tells of its errors in the log only."""

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        del record
        KAFKA_ERRORS.labels("consumer").inc()


class Monitoring:
    """Cost nothing where nobody looks: without a metrics port no thread is started."""

    def __init__(self, settings: Settings, models: InstalledModels) -> None:
        self.vitals = Liveness(settings)
        self._settings = settings
        self._models = models
        self._lag = LagMonitor(settings)
        self._exposition: MetricsEndpoint | None = None
        self._following: Following | None = None
        self._errors = CountedErrors(logging.WARNING)

    def expose(self) -> None:
        """Answers on the metrics port from now on; not ready yet."""
        health = self.vitals.health(self._models, self._lag)
        self._exposition = expose(self._settings, health)

    def start(self) -> None:
        """Begins to look, once the topics are there."""
        if self._exposition is None:
            return
        REGISTRY.register(ModelGauges(self._models))
        logging.getLogger("aiokafka").addHandler(self._errors)
        standing = QualityGauges()
        heard = ((METRICS, standing.scored), (DRIFT, standing.decided))
        self._following = Following(self._settings, *heard)
        self._following.start()
        self._lag.start()

    def stop(self) -> None:
        """Ends the threads; the port is the last to go."""
        logging.getLogger("aiokafka").removeHandler(self._errors)
        if self._following is not None:
            self._following.stop()
        self._lag.stop()
        if self._exposition is not None:
            self._exposition.stop()
