"""Partitions side by side: each in order, and nothing in hand when they are taken away."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any

import pytest

from features.partition_lease import TakenError
from streams.kafka.producer import FencedError
from streams.kafka.record import Record
from streams.observability.liveness import Liveness
from streams.processors.interruption import GivenUpError
from streams.settings import Settings
from streams.worker import fatal
from streams.worker import partition_queues as module
from streams.worker.partition_queues import (
    AHEAD,
    FIRST_PART,
    GROWTH,
    Fetched,
    PartitionQueues,
    part_size,
)

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


async def batches_of_two(processing: Processing) -> None:
    """A batch of each of two partitions, until both are acknowledged."""
    both, acked = queues_of(processing), Acked()
    await both.put(acked.fetched(0, 1))
    await both.put(acked.fetched(1, 1))
    await until(lambda: len(acked.offsets) == 2)


def test_partitions_are_worked_on_at_once() -> None:
    """Both batches wait for each other: one after the other they would never end."""
    together = Barrier(2)
    processing = Processing(lambda: together.wait(SECONDS))
    played(batches_of_two(processing))
    assert processing.done == {0: [[1]], 1: [[1]]}


def test_what_comes_while_a_batch_is_in_hand_is_the_next_batch() -> None:
    processing, acked = Held(), Acked()

    async def story() -> None:
        one = queues_of(processing)
        await one.put(acked.fetched(0, 1, 2))
        await asyncio.to_thread(processing.begun.wait, SECONDS)
        await one.put(acked.fetched(0, 3))
        await one.put(acked.fetched(0, 4, 5))
        assert acked.offsets == []
        processing.let_go.set()
        await until(lambda: len(acked.offsets) == 3)

    played(story())
    assert processing.done == {0: [[1, 2], [3, 4, 5]]}
    assert acked.offsets == [(0, 2), (0, 3), (0, 5)]


def test_a_large_batch_is_done_in_parts_and_acknowledged_when_all_of_it_is_done() -> None:
    processing, acked = Processing(), Acked()
    offsets = [*range(2 * FIRST_PART + 1)]

    async def story() -> None:
        await queues_of(processing).put(acked.fetched(0, *offsets))
        await until(lambda: acked.offsets)

    played(story())
    assert acked.offsets == [(0, offsets[-1])]
    first, *others = processing.done[0]
    assert len(first) == FIRST_PART
    assert sum(others, first) == offsets


def test_a_batch_that_is_taken_away_is_given_up_after_the_part_in_hand() -> None:
    processing, acked = Held(), Acked()

    async def story() -> None:
        one = queues_of(processing)
        await one.put(acked.fetched(0, *range(FIRST_PART + 1)))
        await asyncio.to_thread(processing.begun.wait, SECONDS)
        taken = asyncio.create_task(one.drain())
        await asyncio.sleep(0)
        processing.let_go.set()
        await taken

    played(story())
    assert processing.done == {0: [[*range(FIRST_PART)]]}
    assert acked.offsets == []
    assert processing.forgot == 1


class GivingUp(Held):
    """A recovery that is interrupted, or finds at its end that another worker has the partition."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def handle(self, records: Sequence[Record]) -> None:
        del records
        self._hold()
        raise self._error


@pytest.mark.parametrize("error", [GivenUpError("g"), FencedError("f"), TakenError("t")])
def test_a_part_that_ends_so_once_its_partition_is_taken_away_ends_no_process(
    error: Exception,
) -> None:
    processing, acked = GivingUp(error), Acked()

    async def story() -> None:
        one = queues_of(processing)
        await one.put(acked.fetched(0, 1))
        await asyncio.to_thread(processing.begun.wait, SECONDS)
        taken = asyncio.create_task(one.drain())
        await until(lambda: processing.told_to_give_up)
        processing.let_go.set()
        await taken

    played(story())
    assert acked.offsets == []
    assert processing.forgot == 1


def test_who_is_fenced_while_the_partition_is_its_own_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was frozen, and the group has given the partition to another without a word."""
    ended: list[int] = []
    monkeypatch.setattr(fatal, "end", ended.append)
    processing, acked = GivingUp(FencedError("f")), Acked()
    processing.let_go.set()

    async def story() -> None:
        await queues_of(processing).put(acked.fetched(0, 1))
        await until(lambda: ended)

    played(story())
    assert (ended, acked.offsets) == ([fatal.EXIT_CODE], [])


def test_a_part_is_what_takes_some_seconds_however_slow_or_fast_the_machine_is() -> None:
    assert part_size(500, 0.8) == 1_250
    assert part_size(500, 10.0) == 100
    assert part_size(50, 1_000.0) == 1
    assert part_size(500, 0.0) == GROWTH * 500


def test_a_partition_with_enough_before_it_makes_its_agent_wait() -> None:
    processing, acked = Held(), Acked()

    async def story() -> None:
        one = queues_of(processing)
        for offset in range(AHEAD + 1):
            await one.put(acked.fetched(0, offset))
            await until(processing.begun.is_set)
        late = asyncio.create_task(one.put(acked.fetched(0, AHEAD + 1)))
        await asyncio.sleep(0)
        assert not late.done()
        processing.let_go.set()
        await late
        await until(lambda: len(acked.offsets) == AHEAD + 2)

    played(story())
    assert [offset for batch in processing.done[0] for offset in batch] == list(range(AHEAD + 2))


def test_partitions_are_given_back_with_nothing_in_hand_and_nothing_left_over() -> None:
    """What was begun is finished and acknowledged; what waits is neither done nor acknowledged."""
    processing, acked = Held(), Acked()

    async def story() -> None:
        one = queues_of(processing)
        await one.put(acked.fetched(0, 1))
        await asyncio.to_thread(processing.begun.wait, SECONDS)
        for offset in range(2, AHEAD + 2):
            await one.put(acked.fetched(0, offset))
        late = asyncio.create_task(one.put(acked.fetched(0, 9)))
        await asyncio.sleep(0)
        given_back = asyncio.create_task(one.drain())
        await asyncio.sleep(0)
        assert not given_back.done()
        assert processing.forgot == 0
        processing.let_go.set()
        await given_back
        await late
        assert processing.forgot == 1

    played(story())
    assert processing.done == {0: [[1]]}
    assert acked.offsets == [(0, 1)]


class Replaced(Acked):
    """What a worker fetched that the group does not know any more, or does again."""

    def __init__(self) -> None:
        super().__init__()
        self.known, self.asked = False, 0

    async def owned(self) -> bool:
        self.asked += 1
        return self.known


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The group is asked again without a pause."""
    monkeypatch.setattr(module, "ASK_SECONDS", 0.0)


async def asked_once(processing: Processing, acked: Replaced) -> PartitionQueues:
    """Lanes with a batch for whose partition the group has been asked."""
    one = queues_of(processing)
    await one.put(acked.fetched(0, 1))
    await until(lambda: acked.asked)
    return one


@pytest.mark.usefixtures("at_once")
def test_who_was_replaced_claims_nothing_and_gives_up_what_it_had_fetched() -> None:
    processing, acked = Processing(), Replaced()

    async def story() -> None:
        one = await asked_once(processing, acked)
        await one.drain()

    played(story())
    assert (processing.done, acked.offsets) == ({}, [])


@pytest.mark.usefixtures("at_once")
def test_a_group_that_answers_late_is_waited_for_and_asked_once() -> None:
    processing, acked = Processing(), Replaced()

    async def story() -> None:
        one = await asked_once(processing, acked)
        acked.known = True
        await until(lambda: acked.offsets)
        await one.put(acked.fetched(0, 2))
        await until(lambda: len(acked.offsets) == 2)

    played(story())
    assert processing.done == {0: [[1], [2]]}
    assert acked.asked == 2
