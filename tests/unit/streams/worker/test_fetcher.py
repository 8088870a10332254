"""The fetching client says which of its partitions are not connected."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from faust.types import TP

from streams.access import KafkaAccess
from streams.worker.fetcher import Fetcher


@pytest.fixture
def fetcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    """One that has been assigned three partitions of two topics, and connects to nothing."""
    made = Fetcher(KafkaAccess("nowhere:1"), "g", 10)
    places = {TP("b", 0): None, TP("b", 1): 5, TP("l", 1): 0}
    monkeypatch.setattr("streams.worker.fetcher.Consumer", lambda _: Unconnected())
    made.begin(places)
    yield made
    made.close()


class Unconnected:
    """A consumer that takes an assignment, and knows of no commit."""

    def assign(self, places: list[TopicPartition]) -> None:
        assert places is not None

    def committed(self, places: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        """An answer that says to ask again."""
        del places, timeout
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))  # noqa: SLF001

    def close(self) -> None:
        """There is nothing to close."""


def told(fetcher: Fetcher, topic: str, *brokers: tuple[str, list[int]]) -> None:
    """The statistics of a topic's client: each broker with its partitions."""
    statistics: dict[str, Any] = {
        f"h:{number}/{number}": {
            "name": "h",
            "state": state,
            "toppars": {f"{topic}-{p}": {"topic": topic, "partition": p} for p in partitions},
        }
        for number, (state, partitions) in enumerate(brokers)
    }
    text = json.dumps({"name": "rdkafka#1", "brokers": statistics, "topics": {}})
    fetcher._fetcher(topic)._note_connected(text)  # noqa: SLF001


def test_all_is_unconnected_until_a_broker_is(fetcher: Fetcher) -> None:
    assert fetcher.unconnected() == "not connected to the brokers of b/0, b/1, l/1"
    told(fetcher, "b", ("UP", [0]), ("TRY_CONNECT", [1]))
    told(fetcher, "l", ("UP", [1]))
    assert fetcher.unconnected() == "not connected to the brokers of b/1"
    told(fetcher, "b", ("UP", [0]), ("UP", [1]))
    assert fetcher.unconnected() == ""


def test_a_connection_that_is_lost_is_noticed(fetcher: Fetcher) -> None:
    told(fetcher, "b", ("UP", [0, 1]))
    told(fetcher, "l", ("UP", [1]))
    told(fetcher, "b", ("DOWN", [0, 1]))
    assert fetcher.unconnected() == "not connected to the brokers of b/0, b/1"


def test_a_bootstrap_connection_fetches_nothing(fetcher: Fetcher) -> None:
    told(fetcher, "l", ("UP", []))
    assert "l/1" in fetcher.unconnected()


def test_who_has_no_partitions_needs_no_connection(fetcher: Fetcher) -> None:
    fetcher.begin({})
    assert fetcher.unconnected() == ""
