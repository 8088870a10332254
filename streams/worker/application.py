"""The Faust application, put together from its settings."""

import asyncio
from functools import partial
from typing import Any

import faust
from faust.assignor import PartitionAssignor
from faust.tables import TableManager
from faust.types import TP

from features.store import OnlineStore
from learning.starter import load_starter
from streams.kafka.fenced_producer import FencedProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.topics import create_topics
from streams.models.registry import InstalledModels
from streams.models.updates import ModelsFeed
from streams.observability import counters, logs
from streams.observability.monitoring import Monitoring
from streams.observability.tracing import tracing
from streams.processors.balls import BallProcessor
from streams.processors.labels import LabelProcessor
from streams.processors.services import Services
from streams.settings import Settings
from streams.worker import gc_tuning
from streams.worker.agents import forecast_balls, learn_labels

RECORDS_PER_FETCH = 2_000
BATCHES_AHEAD = 2  # while one is worked on; what comes meanwhile makes the next one larger

# After a kill the group waits for the dead member: 7-9 s with these, 60 s with Faust's defaults.
MEMBERSHIP = {
    "broker_session_timeout": 6.0,
    "broker_heartbeat_interval": 0.5,  # a member hears with it that the group is made anew
    "broker_rebalance_timeout": 10.0,
    "broker_request_timeout": 30.0,  # must not be below the session's
}


class Evenly(PartitionAssignor):
    """Deals partitions evenly, and leaves them where they are as far as that goes.

    Faust's keeps room for copies of tables, of which there are none: with it a third worker is
    given nothing of four partitions.
    """

    def __init__(self, app: faust.App, replicas: int = 0) -> None:
        del replicas
        super().__init__(app, replicas=0)


class NoTables(TableManager):
    """Begins at once: Faust's waits a second for tables to be added, and there are none."""

    async def on_start(self) -> None:
        """As Faust's, without the second."""
        await self._update_channels()
        await self.recovery.start()


class OvercastApp(faust.App):
    """Faust's application with Overcast's models beside it."""

    def __init__(
        self, settings: Settings, feed: ModelsFeed, instruments: Monitoring, **options: Any
    ) -> None:
        self._settings = settings
        self._feed = feed
        self._instruments = instruments
        super().__init__(settings.group, **options)
        self.on_partitions_assigned.connect(self._assigned)
        self.on_partitions_revoked.connect(self._revoked)

    async def on_first_start(self) -> None:
        """Makes the topics and installs the newest models before the first ball is fetched."""
        self.add_future(self._instruments.vitals.beat())
        self._instruments.expose()
        await asyncio.to_thread(create_topics, self._settings)
        self._instruments.start()
        await asyncio.to_thread(self._feed.start)
        gc_tuning.spare()
        await super().on_first_start()

    async def _assigned(self, _: object, assigned: set[TP], **__: object) -> None:
        self._instruments.vitals.assigned(assigned)

    async def _revoked(self, *_: object, **__: object) -> None:
        """All are given back when the group is made anew; an assignment follows."""
        self._instruments.vitals.assigned(())

    def _create_directories(self) -> None:
        """Makes none: Faust would leave a folder for tables, of which there are none, behind."""

    async def on_stop(self) -> None:
        """Ends the models' feed and the instruments with the worker."""
        self._feed.stop()
        await super().on_stop()
        await asyncio.to_thread(self._instruments.stop)


def faust_options(settings: Settings) -> dict[str, Any]:
    """Faust's own settings; each differs from its default for a reason given in ADR-2."""
    brokers = [
        f"streams.worker.batch_transport.batched://{server}" for server in settings.kafka.split(",")
    ]
    return {
        "broker": ";".join(brokers),
        "store": "memory://",
        "TableManager": NoTables,
        "PartitionAssignor": Evenly,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "consumer_auto_offset_reset": "earliest",
        "broker_max_poll_records": RECORDS_PER_FETCH,
        "broker_commit_interval": 1.0,
        "stream_buffer_maxsize": BATCHES_AHEAD,
        "stream_wait_empty": False,
        "web_enabled": settings.worker_port > 0,
        "web_port": settings.worker_port or 6066,
        "worker_redirect_stdouts": False,
        "logging_config": logs.config(settings),
        **MEMBERSHIP,
    }


def make_tools(settings: Settings) -> tuple[Services, InstalledModels]:
    """What the desks work with, and the models, which start as the shipped ones."""
    models = InstalledModels(load_starter())
    tools = Services(
        settings=settings,
        models=models,
        store=OnlineStore(
            settings.redis,
            settings.topic_prefix,
            settings.match_ttl,
            max(settings.stored_matches, settings.live_matches),  # memory holds no more than it
            counters.redis_failed,
        ),
        outbox=Producer(settings.kafka),
        claim=partial(FencedProducer, settings.kafka),
        journal=LogReader(settings.kafka),
        tracing=tracing(settings, "worker"),
    )
    return tools, models


def create_app(settings: Settings) -> OvercastApp:
    """The worker's application: both agents, their desks, the models."""
    tools, models = make_tools(settings)
    instruments = Monitoring(settings, models)
    app = OvercastApp(
        settings, ModelsFeed(settings, models), instruments, **faust_options(settings)
    )
    forecast_balls(app, settings, BallProcessor(tools), instruments.vitals)
    learn_labels(app, settings, LabelProcessor(tools, models), instruments.vitals)
    return app
