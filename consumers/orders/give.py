"""Gives an operator's order and waits for the learner's answer.

The order goes to `cricket.orders`, signed if there is an `operator_key`. A worker checks it and
copies it to the learner, whose decision names the order on `cricket.drift`.
"""

import time
from uuid import uuid4

import msgspec

from consumers.orders import WAIT_SECONDS
from learning.contest.decisions import AnyDecision
from learning.contest.orders import Order
from learning.keys import KEYS
from streams.kafka.follower import Follower, end
from streams.kafka.log_reader import LogReader
from streams.kafka.message import Headers
from streams.kafka.producer import Producer
from streams.kafka.topics import DRIFT, ORDERS, real_name
from streams.messages import decisions, orders
from streams.models.order_signatures import OrderLog, sign
from streams.settings import Settings

ACTIONS = ("promote", "rollback", "freeze", "unfreeze")


def new_order(action: str, model_key: str, **fields: str) -> Order:
    """A new order, given now, with an id of its own.

    `fields` are the others of an order: operator, reason, challenger, via. ValueError if there is
    no such model or action.
    """
    if model_key not in KEYS:
        raise ValueError(f"no model {model_key!r}; there are {', '.join(KEYS)}")
    if action not in ACTIONS:
        raise ValueError(f"no action {action!r}; there are {', '.join(ACTIONS)}")
    now = time.time_ns() // 1_000_000
    return Order(id=uuid4().hex, model_key=model_key, action=action, at=now, **fields)


def send(order: Order, settings: Settings) -> None:
    """Write an order to the log of orders; it is there when this returns."""
    topic = real_name(ORDERS, settings)
    value = orders.encode(order)
    if len(value) > orders.LARGEST:
        raise ValueError(f"the order has {len(value)} bytes, {orders.LARGEST} at most: say less")
    order_log = OrderLog(topic, LogReader(settings.kafka_access).topic_id(topic))
    signature = sign(value, order_log, settings)
    headers: Headers | None = [(orders.SIGNATURE, signature)] if signature else None
    with Producer(settings.kafka_access) as producer:
        producer.send(topic, order.model_key.encode(), value, headers=headers)


def give(order: Order, settings: Settings, wait: float = WAIT_SECONDS) -> AnyDecision | None:
    """Send an order; return the learner's answer, None if none comes within `wait` seconds."""
    with Follower(settings, DRIFT, start=end) as follower:  # before the order: no answer is missed
        send(order, settings)
        return _answer(follower, order, time.monotonic() + wait)


def _answer(follower: Follower, order: Order, deadline: float) -> AnyDecision | None:
    for message in follower.until(lambda: time.monotonic() > deadline):
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not a decision
        if decision.order_id == order.id:
            return decision
    return None
