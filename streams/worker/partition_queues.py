"""A desk's batches in hand: one of each partition at a time, those of different partitions at once.

While one partition waits for Kafka or Redis, another computes (`streams.turns`). What comes for a
partition meanwhile makes its next batch: the busier, the larger, and a batch costs one transaction.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from streams.kafka.record import Record
from streams.observability import logs
from streams.observability.liveness import Liveness
from streams.worker.fatal import ends_the_process

AHEAD = 4  # fetches of a partition that wait while its batch is in hand; then its agent waits
ASK_SECONDS = 0.2


class Processor(Protocol):
    """What does the work of one topic; each partition's batches come one after the other."""

    def reassigned(self) -> None:
        """Partitions may have moved: forget what is remembered of them."""

    def handle(self, records: Sequence[Record]) -> object:
        """Does all effects of a batch of one partition; an exception ends the process."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records of one partition, how they are acknowledged, and whether they are ours to do."""

    records: Sequence[Record]
    ack: Callable[[], Awaitable[object]]
    ours: Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class PartitionQueue:
    """One partition's batches: those that wait, and whoever works on the one before.

    Its desk claims the partition with the first batch, and the newest claim wins. So the group is
    asked before it: who was frozen since it was given the partition would take it from whoever
    has it now.
    """

    ours: bool = False
    waiting: list[Fetched] = field(default_factory=list)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    working: asyncio.Task[None] | None = None


class PartitionQueues:
    """Works on `most` partitions' batches at once, each in a thread.

    Threads keep the event loop free for heartbeats and the other agent. Whoever takes partitions
    away waits for the batches in hand: two workers must never be at one partition.
    """

    def __init__(self, name: str, desk: Processor, vitals: Liveness, most: int) -> None:
        self.name = name
        self._desk = desk
        self._vitals = vitals
        self._threads = ThreadPoolExecutor(most, thread_name_prefix=name)
        self._lanes: dict[int, PartitionQueue] = {}

    async def put(self, fetched: Fetched) -> None:
        """Takes a batch; waits while its partition has enough before it."""
        partition = fetched.records[0].partition
        lane = self._lanes.setdefault(partition, PartitionQueue())
        while len(lane.waiting) >= AHEAD:
            lane.room.clear()
            await lane.room.wait()
        if self._lanes.get(partition) is not lane:
            return  # given up meanwhile: not acknowledged, so whoever owns it next is told it
        lane.waiting.append(fetched)
        if lane.working is None:
            lane.working = asyncio.create_task(self._work_off(lane))

    async def _work_off(self, lane: PartitionQueue) -> None:
        """The lane's batches in order, each acknowledged when it is done."""
        while lane.waiting and not lane.ours:
            lane.ours = await lane.waiting[0].ours()
            if not lane.ours:
                await asyncio.sleep(ASK_SECONDS)
        while lane.waiting:
            batch, lane.waiting = lane.waiting, []
            lane.room.set()
            records = [record for fetched in batch for record in fetched.records]
            with logs.about(**_place(records)), ends_the_process(self.name):
                await self._take(records)
                for fetched in batch:
                    await fetched.ack()
        lane.working = None

    async def _take(self, records: Sequence[Record]) -> None:
        here = contextvars.copy_context()  # what log lines are about
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, here.run, self._handle, records)

    def _handle(self, records: Sequence[Record]) -> object:
        with self._vitals.in_hand(f"{self.name} {records[0].partition}"):
            return self._desk.handle(records)

    async def finished(self, *_: object, **__: object) -> None:
        """Returns when nothing is in hand or remembered: a handler of Faust's signals.

        What waits is given up. Faust throws away what it had buffered, and begins again where
        the last acknowledged batch ended.
        """
        lanes, self._lanes = self._lanes, {}
        for lane in lanes.values():
            lane.waiting.clear()
            lane.room.set()
        if working := [lane.working for lane in lanes.values() if lane.working is not None]:
            await asyncio.wait(working)
        self._desk.reassigned()


def _place(records: Sequence[Record]) -> dict[str, object]:
    """Where a batch lies, for the log; a line about one message names that one's offset."""
    first, last = records[0], records[-1]
    where = {"topic": first.topic, "partition": first.partition}
    return {**where, "offset": first.offset, "last_offset": last.offset}
