"""A match stays where it began, also when partitions are added; Java's clients choose the same."""

from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from producers import feed_producer
from producers.feed_producer import FeedProducer, chosen_partition
from streams.access import KafkaAccess


class Client:
    """Stands for librdkafka's producer; its topic has `count` partitions."""

    def __init__(self) -> None:
        self.count = 4
        self.away = 0  # questions that it does not answer
        self.sent: list[tuple[bytes, int]] = []

    def produce(self, topic: str, value: bytes, key: bytes, *, partition: int, **_: Any) -> None:
        del topic, value
        self.sent.append((key, partition))

    def numbers(self) -> list[int]:
        if self.away:
            self.away -= 1
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))  # noqa: SLF001
        return list(range(self.count))

    def poll(self, seconds: float) -> None:
        del seconds


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    made = Client()
    monkeypatch.setattr(feed_producer, "numbers", lambda kafka, *_: kafka.numbers())
    monkeypatch.setattr(feed_producer, "LOOK_SECONDS", 0.0)
    return made


def test_a_match_stays_on_its_partition_when_some_are_added(client: Client) -> None:
    producer = FeedProducer(KafkaAccess("nowhere:1"))
    vars(producer)["_producer"] = client
    keys = [b"m%d" % number for number in range(50)]
    for key in keys:
        producer.send("t", key, b"start")
    client.count = 7
    for key in keys:
        producer.send("t", key, b"ball")
    began, went_on = dict(client.sent[:50]), dict(client.sent[50:])
    assert went_on == began
    assert set(began.values()) == {0, 1, 2, 3}
    later = [b"n%d" % number for number in range(50)]
    for key in later:
        producer.send("t", key, b"start")
    assert {place for _, place in client.sent[100:]} == set(range(7))


def test_a_kafka_that_is_away_for_a_while_breaks_no_feed_off(client: Client) -> None:
    """Neither before its first message nor between two matches."""
    producer = FeedProducer(KafkaAccess("nowhere:1"))
    vars(producer)["_producer"] = client
    for key in (b"m1", b"m2"):
        client.away = 3
        producer.send("t", key, b"start")
        assert client.sent[-1] == (key, chosen_partition(key, 4))


def test_who_names_a_partition_or_has_no_key_is_not_overruled(client: Client) -> None:
    producer = FeedProducer(KafkaAccess("nowhere:1"))
    vars(producer)["_producer"] = client
    producer.send("t", b"m", b"", partition=3)
    producer.send("t", None, b"")
    assert [partition for _, partition in client.sent] == [3, -1]


@pytest.mark.parametrize(
    ("key", "partition"), [(b"21", 5), (b"foobar", 8), (b"a-little-bit-long-string", 6)]
)
def test_the_choice_is_that_of_kafkas_java_clients(key: bytes, partition: int) -> None:
    """Murmur2 hashes from Kafka's own tests: -973932308, -790332482, -985981536."""
    hashes = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}
    assert chosen_partition(key, 10) == (hashes[key] & 0x7FFFFFFF) % 10
    del partition
