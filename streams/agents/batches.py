"""How an agent of batches is attached: the part that all agents share."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import faust
from faust.types import EventT, StreamT

from streams import logs
from streams.desk import Record
from streams.fatal import ends_the_process
from streams.vitals import Vitals

Ack = Callable[[EventT], Awaitable[object]]


class Desk(Protocol):
    """What does the work of one topic; a partition's batches come one after the other."""

    def reassigned(self) -> None:
        """Partitions may have moved: forget what is remembered of them."""

    def handle(self, records: Sequence[Record]) -> object:
        """Does all effects of a batch of one partition; an exception ends the process."""


class Lanes:
    """The batches that a desk has in hand: one a partition, in a few threads.

    Threads keep the event loop free for heartbeats and the other agent, and while one partition
    waits for Kafka or Redis the next is worked on. Whoever takes partitions away waits for what
    is in hand: two workers must never be at one partition.
    """

    def __init__(self, name: str, vitals: Vitals, lanes: int) -> None:
        self._name = name
        self._vitals = vitals
        self._threads = ThreadPoolExecutor(lanes, thread_name_prefix=name)
        self._in_hand: dict[int, asyncio.Task[None]] = {}

    async def take(self, desk: Desk, event: EventT, ack: Ack) -> None:
        """Returns when the batch is in hand; it is acknowledged when it is done."""
        partition = event.message.partition
        before = self._in_hand.get(partition)
        if before is not None:
            await asyncio.wait([before])
        work = self._worked(desk, event, ack)
        self._in_hand[partition] = asyncio.get_running_loop().create_task(work)

    async def _worked(self, desk: Desk, event: EventT, ack: Ack) -> None:
        """Finished even if its agent is cancelled."""
        loop, here = asyncio.get_running_loop(), contextvars.copy_context()
        with ends_the_process(self._name):
            await loop.run_in_executor(self._threads, here.run, self._handle, desk, event.value)
            await ack(event)

    def _handle(self, desk: Desk, records: Sequence[Record]) -> None:
        place = _place(records)
        with logs.about(**place), self._vitals.in_hand(f"{self._name} {place['partition']}"):
            desk.handle(records)

    async def finished(self, *_: object, **__: object) -> None:
        """Returns when nothing is in hand: a handler of Faust's signals."""
        if self._in_hand:
            await asyncio.wait(self._in_hand.values())


def attach(  # noqa: PLR0913, PLR0917  what is attached, to what
    app: faust.App, topic_name: str, name: str, desk: Desk, vitals: Vitals, lanes: int
) -> None:
    """Attaches an agent whose event is a batch; `lanes` are in hand at once.

    A partition's batches are acknowledged in order: the transport's offsets rest on it.
    """
    topic = app.topic(topic_name, key_serializer="raw", value_serializer="raw")
    working, generation = Lanes(name, vitals, lanes), -1

    async def agent(batches: StreamT[Sequence[Record]]) -> None:
        nonlocal generation
        stream = batches.noack()
        async for event in stream.events():
            if generation != app.consumer_generation_id:
                await working.finished()
                generation = app.consumer_generation_id
                desk.reassigned()
            await working.take(desk, event, stream.ack)

    app.agent(topic, name=name, concurrency=1)(agent)
    # Both are sent when the flow has been stopped and what was buffered is thrown away.
    app.on_partitions_revoked.connect(working.finished)
    app.on_before_shutdown.connect(working.finished)


def _place(records: Sequence[Record]) -> dict[str, object]:
    """Where a batch lies, for the log; a line about one message names that one's offset."""
    first, last = records[0], records[-1]
    where = {"topic": first.topic, "partition": first.partition}
    return {**where, "offset": first.offset, "last_offset": last.offset}
