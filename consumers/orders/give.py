"""Giving an order: it goes into the log of labels, and the learner's answer names its place."""

import time
from uuid import uuid4

import msgspec

from learning.contest.decisions import AnyDecision, Cause, Order
from learning.keys import KEYS
from streams.kafka.follower import Follower, end
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.topics import DRIFT, LABELS, label_partition, real_name
from streams.messages import decisions
from streams.messages.labels import encode
from streams.settings import Settings

WAIT_SECONDS = 30.0  # a learner answers within a second, unless it has labels to catch up with


def new_order(action: str, key: str, reason: str, operator: str, challenger: str = "") -> Order:
    """An order of an operator; ValueError if there is no such model."""
    if key not in KEYS:
        raise ValueError(f"no model {key!r}; there are {', '.join(KEYS)}")
    return Order(
        id=uuid4().hex,
        model_key=key,
        action=action,
        at=time.time_ns() // 1_000_000,
        operator=operator,
        reason=reason,
        challenger=challenger,
    )


def give(order: Order, settings: Settings, seconds: float = WAIT_SECONDS) -> AnyDecision | None:
    """Send an order and wait for the learner's answer; None if none comes in time."""
    with Follower(settings, DRIFT, start=end) as follower:  # before the order: no answer is missed
        place = placed(order, settings)
        return answer(follower, place, time.monotonic() + seconds)


def placed(order: Order, settings: Settings) -> Cause:
    """Send an order; return its place in the log of labels, which its answer will name.

    It must lie where the model's learner reads: Kafka is asked how many partitions there are.
    """
    key, topic = order.model_key, real_name(LABELS, settings)
    log = LogReader(settings.kafka_access)
    partition = label_partition(key, len(log.partitions(topic)))
    before = log.end(topic, partition)
    with Producer(settings.kafka_access) as producer:
        producer.send(topic, key.encode(), encode(order), partition=partition)
    for message in log.read(topic, partition, before, log.end(topic, partition)):
        if message.value() == encode(order):
            return Cause(topic, partition, message.offset() or 0)
    raise ValueError(f"the order is not in {topic}/{partition}, where it was written: try again")


def answer(follower: Follower, place: Cause, deadline: float) -> AnyDecision | None:
    """Return the decision that follows from an order; None if none comes in time."""
    for message in follower.until(lambda: time.monotonic() > deadline):
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not a decision
        if decision.cause == place:
            return decision
    return None
