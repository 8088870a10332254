"""Queues of batches: one of each partition is worked on at a time, several partitions at once.

While one partition waits for Kafka or Redis, another computes. Records that come for a partition
meanwhile become its next batch: the busier it is, the larger are its batches, and each batch costs
one write.

On a machine that is slow a large batch would take longer than the group waits for its members: they
would be thrown out, one after the other, before any of them is done. So a batch is worked on in
parts that take about PART_SECONDS, and given up between two of them when the partition is taken
away, as is a recovery in its middle. What has been written by then is not written again.
"""

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from features.partition_lease import TakenError
from streams.kafka.producer import FencedError
from streams.kafka.record import Record
from streams.observability import logs
from streams.observability.liveness import Liveness
from streams.processors.interruption import GivenUpError
from streams.worker.fatal import ends_the_process

AHEAD = 4  # fetches of a partition that wait while its batch is in hand; then its agent waits
ASK_SECONDS = 0.2
PART_SECONDS = 2.0  # a tenth of what a rebalance waits (MEMBERSHIP)
FIRST_PART = 5  # records, before the speed is known; a label may take as long as a hundred balls
GROWTH = 4  # of a part beside the one before: a quick one may be followed by slow ones
# What a part may end with when its partition has been taken away, and perhaps claimed, meanwhile.
LOST = (GivenUpError, FencedError, TakenError)

log = logging.getLogger(__name__)


class Processor(Protocol):
    """Does the work of one topic; the batches of a partition come one after the other."""

    def give_up(self) -> None:
        """Give up what takes long, by GivenUpError: the partitions are being taken away."""

    def reassigned(self) -> None:
        """Forget all partitions: they may have moved to other workers."""

    def ready(self, partition: int) -> bool:
        """Whether a partition can be claimed now; if not, the reason has been logged."""

    def handle(self, records: Sequence[Record]) -> object:
        """Do all that follows from a batch of one partition; an exception ends the process."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records of one partition, with the calls that acknowledge them and ask who owns them."""

    records: Sequence[Record]
    ack: Callable[[], Awaitable[object]]
    owned: Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class PartitionQueue:
    """The batches of one partition that wait, and the task that works on the one before.

    The processor claims the partition with the first batch, and the newest claim wins. So the group
    is asked first whether this worker still owns it: otherwise a worker that was frozen since the
    assignment would take the partition from its present owner.
    """

    owned: bool = False
    given_up: bool = False
    part: int = FIRST_PART  # records of the next part
    waiting: list[Fetched] = field(default_factory=list)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    working: asyncio.Task[None] | None = None


class PartitionQueues:
    """Works on the batches of `most` partitions at once, each in a thread.

    Threads keep the event loop free for heartbeats and the other agent. Before partitions are taken
    away, the parts in hand are finished: two workers must never work on one partition.
    """

    def __init__(self, name: str, processor: Processor, liveness: Liveness, most: int) -> None:
        self.name = name
        self._processor = processor
        self._liveness = liveness
        self._threads = ThreadPoolExecutor(most, thread_name_prefix=name)
        self._queues: dict[int, PartitionQueue] = {}

    async def put(self, fetched: Fetched) -> None:
        """Queue a batch; wait while its partition's queue is full."""
        partition = fetched.records[0].partition
        queue = self._queues.setdefault(partition, PartitionQueue())
        while len(queue.waiting) >= AHEAD:
            queue.room.clear()
            await queue.room.wait()
        if queue.given_up:
            return  # given up meanwhile and not acknowledged, so that its next owner reads it again
        queue.waiting.append(fetched)
        if queue.working is None:
            queue.working = asyncio.create_task(self._work_off(queue))

    async def _work_off(self, queue: PartitionQueue) -> None:
        """Work on a queue's batches in order, and acknowledge each when it is done."""
        while queue.waiting and not queue.owned:
            queue.owned = await queue.waiting[0].owned() and await self._ready(queue)
            if not queue.owned:
                await asyncio.sleep(ASK_SECONDS)
        while queue.waiting:
            batch, queue.waiting = queue.waiting, []
            queue.room.set()
            records = [record for fetched in batch for record in fetched.records]
            with logs.about(**_place(records)), ends_the_process(self.name):
                if not await self._work_on(queue, records):
                    return  # not acknowledged, so that its next owner reads it again
                for fetched in batch:
                    await fetched.ack()
        queue.working = None

    async def _work_on(self, queue: PartitionQueue, records: Sequence[Record]) -> bool:
        """Work on a batch part by part; whether all of it was done before it was taken away."""
        done = 0
        while done < len(records) and not queue.given_up:
            part, began = records[done : done + queue.part], time.monotonic()
            try:
                await self._run_in_thread(part)
            except LOST as error:
                if not queue.given_up:
                    raise
                log.info("given up: %s", error)
                return False
            queue.part = part_size(len(part), time.monotonic() - began)
            done += len(part)
        return done == len(records)

    async def _ready(self, queue: PartitionQueue) -> bool:
        partition = queue.waiting[0].records[0].partition
        return await asyncio.to_thread(self._processor.ready, partition)

    async def _run_in_thread(self, records: Sequence[Record]) -> None:
        context = contextvars.copy_context()  # the fields of log lines
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, context.run, self._handle, records)

    def _handle(self, records: Sequence[Record]) -> object:
        with self._liveness.in_hand(f"{self.name} {records[0].partition}"):
            return self._processor.handle(records)

    async def drain(self, *_: object, **__: object) -> None:
        """Wait for the parts in hand, then forget everything; a handler of Faust's signals.

        What waits is given up. Faust throws away what it had buffered, and begins again
        where the last acknowledged batch ended.
        """
        queues, self._queues = self._queues, {}
        for queue in queues.values():
            queue.given_up = True
            queue.waiting.clear()
            queue.room.set()
        self._processor.give_up()
        if working := [queue.working for queue in queues.values() if queue.working is not None]:
            await asyncio.wait(working)
        self._processor.reassigned()


def part_size(records: int, seconds: float) -> int:
    """How many records take about PART_SECONDS, when these took so many seconds; one at least."""
    fitting = int(records * PART_SECONDS / max(seconds, 1e-3))
    return max(1, min(fitting, GROWTH * records))


def _place(records: Sequence[Record]) -> dict[str, object]:
    """Where a batch lies, as fields of log lines; a line about one message names its own offset."""
    first, last = records[0], records[-1]
    where = {"topic": first.topic, "partition": first.partition}
    return {**where, "offset": first.offset, "last_offset": last.offset}
