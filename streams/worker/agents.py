"""The Faust agents: each takes the batches of one topic to the processor that works on them."""

from collections.abc import Sequence
from functools import partial
from typing import cast

import faust
from faust.types import StreamT

from streams.kafka.record import Record
from streams.kafka.topics import BALLS, LABELS, ORDERS, real_name
from streams.observability.liveness import Liveness
from streams.processors.balls import BallProcessor
from streams.processors.labels import LabelProcessor
from streams.processors.orders import OrderProcessor
from streams.settings import Settings
from streams.worker.partition_queues import Fetched, PartitionQueues
from streams.worker.transport import BatchConsumer

BALLS_AT_ONCE = 8  # partitions that wait for Kafka and Redis side by side
ORDERS_AT_ONCE = 1
LABELS_AT_ONCE = 1  # the learner mostly computes: side by side nothing is gained


def forecast_balls(
    app: faust.App, settings: Settings, processor: BallProcessor, liveness: Liveness
) -> None:
    """Attach the agent of `cricket.balls`, which answers every ball."""
    queues = PartitionQueues("forecast_balls", processor, liveness, BALLS_AT_ONCE)
    attach(app, real_name(BALLS, settings), queues)


def learn_labels(
    app: faust.App, settings: Settings, processor: LabelProcessor, liveness: Liveness
) -> None:
    """Attach the agent of `cricket.labels`, which scores the answers and learns them."""
    queues = PartitionQueues("learn_labels", processor, liveness, LABELS_AT_ONCE)
    attach(app, real_name(LABELS, settings), queues)


def check_orders(
    app: faust.App, settings: Settings, processor: OrderProcessor, liveness: Liveness
) -> None:
    """Attach the agent of `cricket.orders`, which checks who gave an order."""
    queues = PartitionQueues("check_orders", processor, liveness, ORDERS_AT_ONCE)
    attach(app, real_name(ORDERS, settings), queues)


def attach(app: faust.App, topic_name: str, queues: PartitionQueues) -> None:
    """Attach an agent whose event is a batch.

    A partition's batches are acknowledged in order, as the transport's offsets require.
    """
    topic = app.topic(topic_name, key_serializer="raw", value_serializer="raw")

    async def agent(stream: StreamT[Sequence[Record]]) -> None:
        batches = stream.noack()
        async for event in batches.events():
            consumer = cast("BatchConsumer", app.consumer)
            await queues.put(Fetched(event.value, partial(batches.ack, event), consumer.is_member))

    app.agent(topic, name=queues.name, concurrency=1)(agent)
    # Faust sends both after it has stopped the flow and thrown away what was buffered.
    app.on_partitions_revoked.connect(queues.drain)
    app.on_before_shutdown.connect(queues.drain)
