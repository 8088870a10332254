"""A worker ends when its topic was made again."""

import asyncio
from collections.abc import Iterator

from streams.kafka.log_reader import LogReader
from streams.worker.fatal import EXIT_CODE
from streams.worker.log_watch import watch


class Ids(LogReader):
    """The ids that a topic has one after the other."""

    def __init__(self, *ids: str) -> None:
        self._rest: Iterator[str] = iter(ids)

    def topic_id(self, topic: str) -> str:
        assert topic == "t"
        return "first"

    def topic_id_now(self, topic: str) -> str:
        assert topic == "t"
        return next(self._rest)


def test_a_topic_with_another_id_ends_the_process() -> None:
    """But not one that is gone, or of which Kafka tells nothing."""
    ends: list[int] = []
    asyncio.run(watch(Ids("first", "", "first", "second", "never asked"), ["t"], ends.append, 0.0))
    assert ends == [EXIT_CODE]
