"""What a client of Kafka does not know yet is waited for, whoever says so: broker or librdkafka."""

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from consumers.audit.consumer_group import WorkerGroup
from streams.access import KafkaAccess
from streams.kafka import errors, follower
from streams.kafka.errors import COMING, OWN, is_coming, when_it_comes
from streams.kafka.follower import Follower
from streams.kafka.log_reader import LogReader, bounds
from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer
from streams.kafka.topics import BALLS
from streams.settings import Settings

UNKNOWN_PARTITION, UNKNOWN_TOPIC = -190, -188
PLACE = TopicPartition("cricket.balls", 0)
DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED
ALL = sorted(COMING)


def failure(code: int) -> KafkaException:
    return KafkaException(KafkaError(code))


class Message(SimpleNamespace):
    """As Kafka's clients give it."""

    def error(self) -> KafkaError | None:
        return None if self.code is None else KafkaError(self.code)

    def offset(self) -> int:
        return int(self.at)


class Client:
    """Fails once for each of these codes, whatever it is asked."""

    def __init__(self, *codes: int) -> None:
        self._codes = list(codes)
        self._at = 0
        self.produced: list[Any] = []

    def _fail(self) -> None:
        if self._codes:
            raise failure(self._codes.pop(0))

    def get_watermark_offsets(self, *_: Any, **__: Any) -> tuple[int, int]:
        self._fail()
        return 0, 2

    def list_topics(self, name: str, **_: Any) -> Any:
        self._fail()
        error = KafkaError(self._codes.pop()) if self._codes else None
        return SimpleNamespace(topics={name: SimpleNamespace(error=error, partitions={0: None})})

    def produce(self, *message: Any, **_: Any) -> None:
        self._fail()
        self.produced.append(message)

    def poll(self, _: float) -> Any:
        if self._codes:
            return Message(code=self._codes.pop(0))
        self._at += 1
        return Message(code=None, at=self._at - 1)

    def committed(self, places: Any, **_: Any) -> Any:
        self._fail()
        return [TopicPartition(p.topic, p.partition, 2) for p in places]

    def assign(self, _: Any) -> None: ...

    def unassign(self) -> None: ...

    def flush(self, _: float) -> int:
        return 0

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, which take no time here."""
    made: list[float] = []
    monkeypatch.setattr(errors.time, "sleep", made.append)
    return made


def test_librdkafkas_own_codes_are_among_those_that_are_waited_for() -> None:
    assert {UNKNOWN_PARTITION, UNKNOWN_TOPIC} <= OWN <= COMING
    assert all(is_coming(failure(code)) for code in COMING)
    assert not is_coming(failure(DENIED))
    assert not is_coming(KafkaException("advice, and no code"))


@pytest.mark.parametrize("code", ALL)
def test_the_ends_of_a_partition_are_asked_for_until_they_are_known(code: int) -> None:
    client: Any = Client(code, code)
    assert bounds(client, PLACE) == (0, 2)


def test_what_will_never_come_is_raised_at_once(pauses: list[float]) -> None:
    client: Any = Client(DENIED)
    with pytest.raises(KafkaException):
        bounds(client, PLACE)
    assert pauses == []


def test_nothing_is_waited_for_longer_than_was_asked() -> None:
    client = Client(*[UNKNOWN_PARTITION] * 9)
    with pytest.raises(KafkaException):
        when_it_comes(client.get_watermark_offsets, -1.0)


@pytest.mark.parametrize("code", ALL)
def test_a_log_is_read_on_past_what_is_not_known_yet(code: int) -> None:
    client: Any = Client(code)
    reader = LogReader(KafkaAccess("nowhere:1"))
    reader._idle.append(client)  # noqa: SLF001
    assert [message.offset() for message in reader.read("t", 0, 0, 2)] == [0, 1]


@pytest.mark.parametrize("code", ALL)
def test_a_follower_waits_for_a_topic_that_was_just_created(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "Consumer", lambda _: Client(code))
    with Follower(Settings(), BALLS) as followed:
        assert followed.poll(0.0) is not None


@pytest.mark.parametrize("code", sorted(OWN))
def test_a_follower_goes_on_after_what_only_librdkafka_does_not_know(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    monkeypatch.setattr(follower, "Consumer", lambda _: client)
    with Follower(Settings(), BALLS) as followed:
        client._codes = [code]  # noqa: SLF001
        assert followed.poll(0.0) is None
        assert followed.poll(0.0) is not None


def test_a_message_is_queued_once_its_partition_is_known() -> None:
    client = Client(UNKNOWN_PARTITION, UNKNOWN_TOPIC)
    producer = Producer(KafkaAccess("nowhere:1"))
    vars(producer)["_producer"] = client
    client.poll = lambda _: 0  # type: ignore[method-assign]
    producer.write([Outgoing("t", b"k", b"v", 3)])
    assert [message[:2] for message in client.produced] == [("t", b"v")]


@pytest.mark.parametrize("code", ALL)
def test_a_group_of_which_nothing_is_known_yet_is_not_done(code: int) -> None:
    group = WorkerGroup(Settings(partitions=1))
    vars(group)["_consumer"] = Client(code)
    assert not group.done()
    assert group.done()
