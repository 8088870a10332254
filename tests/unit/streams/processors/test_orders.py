"""A worker checks orders, and copies each to the learner of its model with what was proven."""

import logging
from dataclasses import dataclass, field
from typing import cast

import pytest
from msgspec import structs
from prometheus_client import REGISTRY

from features.store import OnlineStore
from learning.contest.orders import CheckedOrder, Order
from streams.kafka.topics import label_partition
from streams.messages.labels import decode_label_or_order
from streams.messages.orders import LARGEST, SIGNATURE, encode
from streams.models.order_signatures import LATEST_MS, OrderLog, sign
from streams.models.registry import InstalledModels
from streams.models.signing import new_keys
from streams.processors.orders import OrderProcessor
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions
from tests.support.matches import KEY
from tests.support.orders import new_order
from tests.support.recorder import Recorder

TOPIC, ID = "t.cricket.orders", "the-id"
OWN, PUBLIC = new_keys()


class OfOneId(FourPartitions):
    """A Kafka whose topics have one id."""

    def topic_id(self, topic: str) -> str:
        assert topic == TOPIC
        return ID


@dataclass
class Written:
    """An order in the log."""

    value: bytes | None
    offset: int = 17
    timestamp: int = 1
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    key: bytes | None = None
    topic: str = TOPIC
    partition: int = 0


def written(order: Order, key: str = "", later: int = 5) -> Written:
    value = encode(order)
    signature = sign(value, OrderLog(TOPIC, ID), Settings(operator_key=key))
    headers = [(SIGNATURE, signature)] if signature else []
    return Written(value, timestamp=order.at + later, headers=headers)


def copies(*records: Written, operators: str = "") -> list[CheckedOrder]:
    producer = Recorder()
    settings = Settings(topic_prefix="t.", partitions=4, operator_keys=operators)
    store = cast("OnlineStore", None)  # an order does not lie in Redis
    services = Services(
        settings,
        InstalledModels({}),
        store,
        producer,
        producer.claim,
        OfOneId(settings.kafka_access),
    )
    OrderProcessor(services).handle(records)
    for sent in producer.sent:
        assert (sent.to, sent.key_sent) == ("t.cricket.labels", KEY.encode())
        assert sent.partition == label_partition(KEY, 4)
    decoded = [decode_label_or_order(sent.value_sent or b"") for sent in producer.sent]
    return cast("list[CheckedOrder]", decoded)


def test_an_order_is_copied_with_its_place_and_the_time_that_kafka_gave_it() -> None:
    order = new_order("freeze", KEY)
    (copy,) = copies(written(order))
    place = f"{TOPIC}/0@17 of {ID}"
    assert copy == CheckedOrder(order=order, place=place, at=order.at + 5)


def test_a_signed_order_is_copied_with_its_proof() -> None:
    (copy,) = copies(written(new_order("freeze", KEY), OWN), operators=f"asha={PUBLIC}")
    assert (copy.proof, copy.refused) == (f"signed by asha, key {PUBLIC[:8]}", "")


@pytest.mark.parametrize("key", ["", new_keys()[0]], ids=["no key", "a wrong key"])
def test_what_nobody_is_proven_to_have_given_is_copied_as_refused(key: str) -> None:
    (copy,) = copies(written(new_order("freeze", KEY), key), operators=f"asha={PUBLIC}")
    assert copy.proof == ""
    assert "signed" in copy.refused


def test_an_order_that_comes_late_is_refused_with_or_without_a_key() -> None:
    for operators in ("", f"asha={PUBLIC}"):
        (copy,) = copies(written(new_order("freeze", KEY), OWN, LATEST_MS + 1), operators=operators)
        assert "give it again" in copy.refused


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xff",
        b"[" * 10_000,
        encode(new_order("freeze", KEY, reason="x" * LARGEST)),
        encode(new_order("freeze", "tests-male")),
        encode(structs.replace(new_order("freeze", KEY), model_key="x" * 9_000)),
    ],
)
def test_what_is_no_order_is_logged_and_counted_and_those_beside_it_are_copied(
    value: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    def unreadable() -> float:
        return REGISTRY.get_sample_value("overcast_orders_total", {"outcome": "unreadable"}) or 0

    before = unreadable()
    with caplog.at_level(logging.ERROR, "streams.processors.orders"):
        made = copies(written(new_order("freeze", KEY)), Written(value, 18))
    assert len(made) == 1
    (line,) = caplog.messages
    assert f"{TOPIC}/0@18" in line
    assert len(line) < 500
    assert unreadable() == before + 1
