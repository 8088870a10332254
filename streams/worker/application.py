"""The Faust application, put together from its settings."""

import asyncio
import logging
from functools import partial
from typing import Any

import faust
from faust.assignor import PartitionAssignor
from faust.tables import TableManager
from faust.types import TP

from features.store import OnlineStore
from features.store_probe import may_evict
from learning.starter import load_starter
from streams.addresses import bootstrap_servers
from streams.kafka.client_config import ONE_A_BATCH
from streams.kafka.fenced_producer import claim_producer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.size_limits import SizeLimits
from streams.kafka.topics import BALLS, LABELS, ORDERS, real_name
from streams.models.registry import InstalledModels
from streams.models.updates import ModelsFeed
from streams.observability import counters, logs
from streams.observability.monitoring import Monitoring
from streams.observability.tracing import tracing
from streams.processors.balls import BallProcessor
from streams.processors.labels import LabelProcessor
from streams.processors.orders import OrderProcessor
from streams.processors.services import Services
from streams.settings import Settings
from streams.worker import gc_tuning, malloc_tuning
from streams.worker.agents import check_orders, forecast_balls, learn_labels
from streams.worker.credentials import credentials
from streams.worker.log_watch import watch
from streams.worker.start_checks import check

RECORDS_PER_FETCH = 2_000
BATCHES_AHEAD = 2  # that wait while one is worked on; later records make the next one larger

# After a kill the group waits for the dead member: 7-9 s with these, 60 s with Faust's defaults.
MEMBERSHIP = {
    "broker_session_timeout": 6.0,
    "broker_heartbeat_interval": 0.5,  # a member learns by it that the group rebalances
    "broker_rebalance_timeout": 20.0,  # only who answers heartbeats but does not join is waited for
    "broker_request_timeout": 30.0,  # must not be below the session's
}


METADATA_MS = 20_000  # after which a worker asks for partitions that were added; Faust: 5 minutes


log = logging.getLogger(__name__)


class EvenAssignor(PartitionAssignor):
    """Assigns partitions evenly, and leaves them where they are as far as it can.

    Faust's own assignor keeps room for copies of tables, of which there are none: with it a third
    worker is assigned none of four partitions.
    """

    def __init__(self, app: faust.App, replicas: int = 0) -> None:
        del replicas
        super().__init__(app, replicas=0)


class NoTables(TableManager):
    """Starts at once: Faust's own waits a second for tables to be added, and there are none."""

    async def on_start(self) -> None:
        """Start as Faust does, without the wait."""
        await self._update_channels()
        await self.recovery.start()


class OvercastApp(faust.App):
    """Faust's application with Overcast's models beside it."""

    def __init__(
        self, settings: Settings, feed: ModelsFeed, monitoring: Monitoring, **options: Any
    ) -> None:
        self._settings = settings
        self.kafka_access = settings.kafka_access  # of the transport's fetcher
        self._feed = feed
        self._monitoring = monitoring
        super().__init__(settings.group, **options)
        self.on_partitions_assigned.connect(self._assigned)
        self.on_partitions_revoked.connect(self._revoked)

    async def on_first_start(self) -> None:
        """Install the newest models before the first ball is fetched."""
        self.add_future(self._monitoring.liveness.beat())
        self._monitoring.expose()
        await asyncio.to_thread(_warn_of_eviction, self._settings)
        self.add_future(watch(LogReader(self._settings.kafka_access), self._read_topics()))
        self._monitoring.start()
        await asyncio.to_thread(self._feed.start)
        gc_tuning.tune()
        await super().on_first_start()

    def _read_topics(self) -> list[str]:
        return [real_name(topic, self._settings) for topic in (BALLS, ORDERS, LABELS)]

    async def _assigned(self, _: object, assigned: set[TP], **__: object) -> None:
        self._monitoring.liveness.fetching = self.consumer.unconnected
        self._monitoring.liveness.assigned(assigned)

    async def _revoked(self, *_: object, **__: object) -> None:
        """Own nothing while the group rebalances; an assignment follows."""
        self._monitoring.liveness.assigned(())

    def _create_directories(self) -> None:
        """Create none: Faust would leave a folder behind for tables, of which there are none."""

    async def on_stop(self) -> None:
        """End the models' feed and the monitoring with the worker."""
        self._feed.stop()
        await super().on_stop()
        await asyncio.to_thread(self._monitoring.stop)


def _warn_of_eviction(settings: Settings) -> None:
    """Say so if Redis may throw matches away, which are then restored from the log one by one."""
    policy = may_evict(settings.redis_url)
    counters.MAY_EVICT.set(bool(policy))
    if policy:
        log.warning("Redis may throw matches away: its maxmemory-policy is %s", policy)


def faust_options(settings: Settings) -> dict[str, Any]:
    """Faust's own settings; each differs from its default for a reason given in ADR-2.

    The transport's module is the scheme of a URL: its name may hold no underscore.
    """
    brokers = [
        f"streams.worker.transport.batched://{server}"
        for server in bootstrap_servers(settings.kafka)
    ]
    return {
        "broker": ";".join(brokers),
        "store": "memory://",
        "TableManager": NoTables,
        "PartitionAssignor": EvenAssignor,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "consumer_auto_offset_reset": "earliest",
        "broker_max_poll_records": RECORDS_PER_FETCH,
        "broker_commit_interval": 1.0,
        "consumer_metadata_max_age_ms": METADATA_MS,
        "stream_buffer_maxsize": BATCHES_AHEAD,
        "stream_wait_empty": False,
        "web_enabled": settings.worker_port > 0,
        "web_port": settings.worker_port or 6066,
        "worker_redirect_stdouts": False,
        "logging_config": logs.config(settings),
        **MEMBERSHIP,
        **_credentials(settings),
    }


def _credentials(settings: Settings) -> dict[str, Any]:
    """What Faust's own clients show; nothing of a plain Kafka."""
    found = credentials(settings.kafka_access)
    return {} if found is None else {"broker_credentials": found}


def make_services(settings: Settings, models: InstalledModels) -> Services:
    """The settings, models and clients that the processors of a worker share."""
    limits = SizeLimits(settings.kafka_access)
    return Services(
        settings=settings,
        models=models,
        store=OnlineStore(
            settings.redis_url,
            settings.topic_prefix,
            settings.match_ttl,
            max(
                settings.stored_matches, settings.live_matches
            ),  # Redis holds at least as many as memory
            counters.count_redis_error,
        ),
        producer=Producer(settings.kafka_access, more=ONE_A_BATCH),
        claim_producer=partial(claim_producer, settings.kafka_access, limits=limits),
        log_reader=LogReader(settings.kafka_access),
        limits=limits,
        tracing=tracing(settings, "worker"),
    )


def create_app(settings: Settings) -> OvercastApp:
    """The worker's application: its agents, their processors, the models."""
    models = InstalledModels(load_starter(), explaining=settings.explain)
    services = make_services(settings, models)
    monitoring = Monitoring(settings, models)
    app = OvercastApp(settings, ModelsFeed(settings, models), monitoring, **faust_options(settings))
    forecast_balls(app, settings, BallProcessor(services), monitoring.liveness)
    learn_labels(app, settings, LabelProcessor(services, models), monitoring.liveness)
    check_orders(app, settings, OrderProcessor(services), monitoring.liveness)
    return app


def run(settings: Settings, level: str) -> None:
    """Run a worker in this process until it is told to end; `level` is that of its log.

    It does not start without its ports and servers: see `start_checks`.
    """
    malloc_tuning.tune()
    check(settings)
    worker = faust.Worker(
        create_app(settings),
        loglevel=level,
        logging_config=logs.config(settings, level),
        redirect_stdouts=False,
    )
    worker.execute_from_commandline()
