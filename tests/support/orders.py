"""Operators' orders as a worker copies them into the label log."""

from itertools import count
from typing import Any

from msgspec import structs

from learning.contest.orders import CheckedOrder, Order

NEXT = count(1)


def new_order(action: str, model_key: str, **fields: Any) -> Order:
    """An order with an id that no other has."""
    number = next(NEXT)
    given = {"at": number, "operator": "asha", "reason": "a rehearsal"} | fields
    return Order(id=str(number), model_key=model_key, action=action, **given)


def checked(action: str, model_key: str, at: int = 0, **fields: Any) -> CheckedOrder:
    """An order that nobody had to prove, from a place of its own."""
    order = new_order(action, model_key, **fields)
    place = f"cricket.orders/0@{order.id} of a-log"
    return CheckedOrder(order=order, place=place, at=at or order.at)


def again(order: CheckedOrder, **changes: Any) -> CheckedOrder:
    """The order with other fields, such as another place."""
    return structs.replace(order, **changes)
