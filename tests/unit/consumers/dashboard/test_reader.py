"""The thread that reads the topics: batches, Kafka's errors, the way back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from confluent_kafka import KafkaException

from consumers.dashboard import reader
from consumers.dashboard.content.state import PageMessage
from consumers.dashboard.reader import TopicReader
from streams.settings import Settings
from tests.support.dashboard_messages import SAID, heard

SETTINGS = Settings(topic_prefix="t.")


@dataclass
class Stored:
    """A message as confluent-kafka gives it."""

    heard: PageMessage

    def topic(self) -> str:
        return f"t.cricket.{self.heard.topic}"

    def partition(self) -> int:
        return self.heard.partition

    def offset(self) -> int:
        return self.heard.offset

    def timestamp(self) -> tuple[int, int]:
        return (2, self.heard.at)

    def value(self) -> bytes:
        return self.heard.value


@dataclass
class Log:
    """A tail of a log, in place of Kafka's; an exception in it is raised once."""

    entries: Iterator[Any]

    def poll(self, seconds: float) -> Stored | None:
        assert seconds >= 0.0
        entry = next(self.entries, None)
        if isinstance(entry, KafkaException):
            raise entry
        return Stored(entry) if entry else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        pass


@dataclass
class Page:
    """The live page's end of the thread; it ends the thread when it is live with all it expects."""

    expects: int
    batches: list[list[PageMessage]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    thread: TopicReader | None = None

    def take(self, batch: list[PageMessage]) -> None:
        self.batches.append(batch)

    @property
    def feed(self) -> str:
        return self.states[-1]

    @feed.setter
    def feed(self, state: str) -> None:
        self.states.append(state)
        if state == "live" and sum(map(len, self.batches)) >= self.expects:
            assert self.thread is not None
            self.thread._ended.set()  # noqa: SLF001


def read(monkeypatch: pytest.MonkeyPatch, expects: int, *logs: list[Any]) -> Page:
    """What the page gets of logs, each of which is read after an error of the one before."""
    left = iter(logs)
    monkeypatch.setattr(reader, "Follower", lambda *_: Log(iter(next(left))))
    monkeypatch.setattr(reader.topics, "create_topics", lambda *_: [])
    monkeypatch.setattr(reader, "RETRY_SECONDS", 0.0)
    page = Page(expects)
    page.thread = TopicReader(SETTINGS, page)  # type: ignore[arg-type]
    page.thread.run()
    return page


def test_what_is_there_comes_in_batches_and_then_the_page_is_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = heard(SAID[:7])
    monkeypatch.setattr(reader, "MOST", 3)
    page = read(monkeypatch, 7, told)
    assert [message for batch in page.batches for message in batch] == told
    assert max(map(len, page.batches)) == 3
    assert page.states == ["live"]


def test_a_kafka_that_fails_is_said_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told = heard(SAID[:4])
    lost = [*told[:2], None, None, KafkaException("gone")]
    page = read(monkeypatch, 6, lost, told)
    assert page.states[-2:] == ["unreachable", "live"]
    assert [m.offset for batch in page.batches for m in batch] == [0, 1, 0, 1, 2, 3]
