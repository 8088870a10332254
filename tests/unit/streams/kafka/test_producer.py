"""How messages leave for Kafka."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from streams.access import KafkaAccess
from streams.kafka.client_config import ONE_A_BATCH
from streams.kafka.errors import fences
from streams.kafka.message import Outgoing
from streams.kafka.producer import DeliveryError, FencedError, Producer, TransactionalProducer


@pytest.mark.parametrize(
    "producer",
    [
        Producer(KafkaAccess("h:1")),
        Producer(KafkaAccess("h:1"), more=ONE_A_BATCH),
        TransactionalProducer(KafkaAccess("h:1"), "a name"),
    ],
    ids=["of a feed", "of a worker", "of a learner"],
)
def test_no_batch_overtakes_the_first_of_a_new_partition(producer: Producer) -> None:
    """A partition that takes the second batch first drops the first and says that it is written.

    It takes thousands of new topics to see it happen: what prevents it is asserted instead.
    """
    assert producer._settings["max.in.flight.requests.per.connection"] == 1  # noqa: SLF001
    assert producer._settings["enable.idempotence"] is True  # noqa: SLF001


class Ended:
    """confluent-kafka's client after a fatal error: it says why, or not at all."""

    def __init__(self, reason: KafkaError | None) -> None:
        self._reason = reason

    def flush(self, _: float) -> int:
        raise SystemError("returned NULL") from (self._reason and KafkaException(self._reason))

    def begin_transaction(self) -> None: ...

    def produce(self, *_: object, **__: object) -> None: ...

    def poll(self, _: float) -> int:
        return 0


def ended(producer: Producer, reason: KafkaError | None) -> Producer:
    """A producer with a message on its way that has ended."""
    vars(producer)["_producer"] = Ended(reason)
    producer.send("t", b"k", b"v")
    return producer


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED), "CLUSTER_AUTHORIZATION_FAILED"),
        (None, "cluster authorization failed\\? 'overcast acls' prints the rights"),
    ],
)
def test_a_producer_that_may_write_nothing_says_so(reason: KafkaError | None, words: str) -> None:
    with pytest.raises(DeliveryError, match=words):
        ended(Producer(KafkaAccess("h:1")), reason).flush()
    with pytest.raises(DeliveryError, match=words):
        ended(Producer(KafkaAccess("h:1")), reason).write([Outgoing("t", b"k", b"v")])


def test_a_claimant_that_has_ended_was_replaced() -> None:
    with pytest.raises(FencedError, match="a name: the producer has ended"):
        ended(TransactionalProducer(KafkaAccess("h:1"), "a name"), None).flush()


@pytest.mark.parametrize(
    ("code", "fenced"),
    [
        (KafkaError._FENCED, True),  # noqa: SLF001  confluent's public constant
        (KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, False),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, False),
    ],
)
def test_a_missing_right_is_no_other_claimant(code: int, *, fenced: bool) -> None:
    assert fences(KafkaError(code, "why", True)) is fenced  # noqa: FBT003  fatal
    assert not fences(KafkaError(code, "why", False))  # noqa: FBT003
