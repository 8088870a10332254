"""A batch is worked on in parts, and given up between two when its partition is taken away."""

import asyncio
from collections.abc import Sequence

import pytest

from features.partition_lease import TakenError
from streams.kafka.producer import FencedError
from streams.kafka.record import Record
from streams.processors.interruption import GivenUpError
from streams.worker import fatal
from streams.worker.partition_queues import FIRST_PART, GROWTH, part_size
from tests.support.partition_queues import (
    SECONDS,
    Acked,
    Held,
    Processing,
    played,
    queues_of,
    until,
)


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
