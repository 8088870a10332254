"""Processors that note what they are given, for tests of the queues before them."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from threading import Event
from types import SimpleNamespace
from typing import Any

from streams.kafka.record import Record
from streams.observability.liveness import Liveness
from streams.settings import Settings
from streams.worker.partition_queues import Fetched, PartitionQueues

SECONDS = 300.0  # nothing here takes so long: whatever does will never end


def record(partition: int, offset: int) -> Any:
    return SimpleNamespace(topic="balls", partition=partition, offset=offset)


class Processing:
    """Notes what it is given; what each batch does is told from outside."""

    def __init__(self, work: Callable[[], object] = lambda: None) -> None:
        self.done: dict[int, list[list[int]]] = {}
        self.forgot = self.told_to_give_up = 0
        self._work = work

    def give_up(self) -> None:
        self.told_to_give_up += 1

    def reassigned(self) -> None:
        self.forgot += 1

    def ready(self, partition: int) -> bool:
        del partition
        return True

    def handle(self, records: Sequence[Record]) -> None:
        partition = records[0].partition
        self._work()
        self.done.setdefault(partition, []).append([r.offset for r in records])


class Held(Processing):
    """Works on a batch only when it is let go."""

    def __init__(self) -> None:
        super().__init__(self._hold)
        self.begun, self.let_go = Event(), Event()

    def _hold(self) -> None:
        self.begun.set()
        assert self.let_go.wait(SECONDS)


class Acked:
    """The offsets that were acknowledged, in order."""

    def __init__(self) -> None:
        self.offsets: list[tuple[int, int]] = []

    def fetched(self, partition: int, *offsets: int) -> Fetched:
        async def ack() -> None:
            self.offsets.append((partition, offsets[-1]))

        return Fetched([record(partition, offset) for offset in offsets], ack, self.owned)

    async def owned(self) -> bool:
        return True


def queues_of(processing: Processing, most: int = 4) -> PartitionQueues:
    return PartitionQueues("test", processing, Liveness(Settings()), most)


def played(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(story, SECONDS))


async def until(true: Callable[[], object]) -> None:
    while not true():  # noqa: ASYNC110  what the queues have done, and they tell nobody
        await asyncio.sleep(0)
