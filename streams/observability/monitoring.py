"""All monitoring of a worker in one place: health, gauges, lag, and the port that shows them."""

import logging

from prometheus_client import REGISTRY

from streams.kafka.errors import KAFKA_ERRORS
from streams.kafka.follower import FollowerThread
from streams.kafka.lag import LagMonitor
from streams.kafka.topics import DRIFT, METRICS
from streams.models.registry import InstalledModels
from streams.observability.endpoint import MetricsEndpoint, expose
from streams.observability.liveness import Liveness
from streams.observability.model_gauges import ModelGauges
from streams.observability.quality_gauges import QualityGauges
from streams.settings import Settings


class CountedErrors(logging.Handler):
    """Counts errors that aiokafka logs: Faust's consumer reports them in no other way."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one more error."""
        del record
        KAFKA_ERRORS.labels("consumer").inc()


class Monitoring:
    """Starts and stops the monitoring; without a metrics port no thread is started."""

    def __init__(self, settings: Settings, models: InstalledModels) -> None:
        self.liveness = Liveness(settings)
        self._settings = settings
        self._models = models
        self._lag = LagMonitor(settings)
        self._endpoint: MetricsEndpoint | None = None
        self._follower: FollowerThread | None = None
        self._errors = CountedErrors(logging.WARNING)

    def expose(self) -> None:
        """Answer on the metrics port from now on; the worker is not ready yet."""
        health = self.liveness.health(self._models, self._lag)
        self._endpoint = expose(self._settings, health)

    def start(self) -> None:
        """Begin to read metrics and lag, once the topics are there."""
        if self._endpoint is None:
            return
        REGISTRY.register(ModelGauges(self._models))
        logging.getLogger("aiokafka").addHandler(self._errors)
        gauges = QualityGauges()
        handlers = {METRICS: gauges.show_metrics, DRIFT: gauges.show_decision}
        self._follower = FollowerThread(self._settings, handlers)
        self._follower.start()
        self._lag.start()

    def stop(self) -> None:
        """End the threads; the port is closed last."""
        logging.getLogger("aiokafka").removeHandler(self._errors)
        if self._follower is not None:
            self._follower.stop()
        self._lag.stop()
        if self._endpoint is not None:
            self._endpoint.stop()
