"""A worker ends when its topic was made again."""

import asyncio
from collections.abc import Iterator

import pytest

from streams.kafka.log_reader import LogReader
from streams.worker.fatal import EXIT_CODE
from streams.worker.log_watch import watch


class Ids(LogReader):
    """The ids that a topic has one after the other."""

    def __init__(self, first: str, *later: str) -> None:
        self._first = first
        self._rest: Iterator[str] = iter(later)

    def topic_id(self, topic: str) -> str:
        assert topic == "t"
        return self._first

    def topic_id_now(self, topic: str) -> str:
        assert topic == "t"
        for topic_id in self._rest:
            return topic_id
        raise EOFError


def test_a_topic_with_another_id_ends_the_process() -> None:
    """But not one that is gone, or of which Kafka tells nothing."""
    ends: list[int] = []
    ids = Ids("first", "first", "", "first", "second", "never asked")
    asyncio.run(watch(ids, ["t"], ends.append, 0.0))
    assert ends == [EXIT_CODE]


def test_a_topic_whose_id_was_not_known_ends_nothing() -> None:
    ends: list[int] = []
    with pytest.raises(EOFError):  # all ids were looked at
        asyncio.run(watch(Ids("", "one", "two"), ["t"], ends.append, 0.0))
    assert ends == []
