"""How an agent of batches is attached: the part that all agents share."""

import asyncio
import contextvars
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import faust
from faust.types import StreamT

from streams import logs
from streams.desk import Record
from streams.fatal import ends_the_process
from streams.vitals import Vitals


class Desk(Protocol):
    """What does the work of one topic; it is called from one thread only."""

    def reassigned(self) -> None:
        """Partitions may have moved: forget what is remembered of them."""

    def handle(self, records: Sequence[Record]) -> object:
        """Does all effects of a batch of one partition; an exception ends the process."""


class Turn:
    """A desk's batch in hand, worked on in a thread of its own.

    The thread keeps the event loop free for heartbeats and the other agent. Whoever takes a
    partition away waits for the batch in hand: two workers must never be at one partition.
    """

    def __init__(self, name: str, vitals: Vitals) -> None:
        self._name = name
        self._vitals = vitals
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._working: asyncio.Future[object] | None = None

    async def take(self, desk: Desk, records: Sequence[Record]) -> None:
        """Returns when the batch is done; it is finished even if its agent is cancelled."""
        loop = asyncio.get_running_loop()
        here = contextvars.copy_context()  # what log lines are about
        self._working = loop.run_in_executor(self._thread, here.run, self._handle, desk, records)
        await asyncio.shield(self._working)

    def _handle(self, desk: Desk, records: Sequence[Record]) -> object:
        with self._vitals.in_hand(self._name):
            return desk.handle(records)

    async def finished(self, *_: object, **__: object) -> None:
        """Returns when nothing is in hand: a handler of Faust's signals."""
        if self._working is not None:
            await asyncio.wait([self._working])


def attach(app: faust.App, topic_name: str, name: str, desk: Desk, vitals: Vitals) -> None:
    """Attaches an agent whose event is a batch.

    One batch at a time and acknowledged in order: the transport's offsets rest on it.
    """
    topic = app.topic(topic_name, key_serializer="raw", value_serializer="raw")
    turn, generation = Turn(name, vitals), -1

    async def agent(batches: StreamT[Sequence[Record]]) -> None:
        nonlocal generation
        async for records in batches:
            if generation != app.consumer_generation_id:
                generation = app.consumer_generation_id
                desk.reassigned()
            with logs.about(**_place(records)), ends_the_process(topic_name):
                await turn.take(desk, records)

    app.agent(topic, name=name, concurrency=1)(agent)
    # Both are sent when the flow has been stopped and what was buffered is thrown away.
    app.on_partitions_revoked.connect(turn.finished)
    app.on_before_shutdown.connect(turn.finished)


def _place(records: Sequence[Record]) -> dict[str, object]:
    """Where a batch lies, for the log; a line about one message names that one's offset."""
    first, last = records[0], records[-1]
    where = {"topic": first.topic, "partition": first.partition}
    return {**where, "offset": first.offset, "last_offset": last.offset}
