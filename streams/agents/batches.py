"""How an agent of batches is attached: the part that all agents share."""

from collections.abc import Sequence
from functools import partial
from typing import cast

import faust
from faust.types import StreamT

from streams.agents.lanes import Fetched, Lanes
from streams.desk import Record
from streams.transport import BatchConsumer


def attach(app: faust.App, topic_name: str, lanes: Lanes) -> None:
    """Attaches an agent whose event is a batch.

    A partition's batches are acknowledged in order: the transport's offsets rest on it.
    """
    topic = app.topic(topic_name, key_serializer="raw", value_serializer="raw")

    async def agent(stream: StreamT[Sequence[Record]]) -> None:
        mine = stream.noack()
        async for event in mine.events():
            consumer = cast("BatchConsumer", app.consumer)
            await lanes.put(Fetched(event.value, partial(mine.ack, event), consumer.is_member))

    app.agent(topic, name=lanes.name, concurrency=1)(agent)
    # Both are sent when the flow has been stopped and what was buffered is thrown away.
    app.on_partitions_revoked.connect(lanes.finished)
    app.on_before_shutdown.connect(lanes.finished)
