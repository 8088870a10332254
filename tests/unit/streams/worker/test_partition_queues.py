"""Partitions side by side: each in order, and nothing in hand when they are taken away."""

import asyncio
from threading import Barrier

import pytest

from streams.worker import partition_queues as module
from streams.worker.partition_queues import (
    AHEAD,
    PartitionQueues,
)
from tests.support.partition_queues import (
    SECONDS,
    Acked,
    Held,
    Processing,
    played,
    queues_of,
    until,
)


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
