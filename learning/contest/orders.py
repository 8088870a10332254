"""Operators' orders to a learner, each of which is followed once.

An order is given on `cricket.orders`. A worker checks who gave it and copies it into the label log,
where it has a place among the answers: a learner that reads that log again does the same again.
"""

from collections.abc import Mapping

import msgspec

from learning.contest.state import ChallengerState

KEPT = 1_000  # orders that a contest remembers


class Order(msgspec.Struct, frozen=True, tag_field="type", tag="order", kw_only=True):
    """An operator's order to the learner of a model.

    `action` is "promote" (with the challenger's version), "rollback", "freeze" or "unfreeze"; `at`
    is when it was given, in ms. `via` names the program that gave it for the operator and whose key
    signs it, such as the live page; "" if the operator's own does.
    """

    id: str
    model_key: str
    action: str
    at: int
    operator: str
    reason: str
    challenger: str = ""
    via: str = ""


class CheckedOrder(
    msgspec.Struct, frozen=True, tag_field="type", tag="checked_order", kw_only=True
):
    """An order as a worker has copied it from the log of orders into the label log.

    `place` is where it lies there and `at` when it was appended, in ms. `proof` says in words what
    proves who gave it, "" if nothing does; `refused` why it must not be followed, "" if it may be.
    """

    order: Order
    place: str
    at: int
    proof: str = ""
    refused: str = ""


def refusal(known: Mapping[str, str], checked: CheckedOrder) -> str:
    """Why an order must not be followed, "" if it may be; `known` are ids by place.

    Each order is followed once, however often it is written into the log of orders.
    """
    if not checked.refused and checked.order.id in known.values():
        return "it was given before: this is a copy"
    return checked.refused


def remembered(known: Mapping[str, str], checked: CheckedOrder, refused: str) -> dict[str, str]:
    """The last KEPT ids by place, with this order's, which is "" if it was refused."""
    followed = "" if refused else checked.order.id
    return dict([*known.items(), (checked.place, followed)][-KEPT:])


def is_meant(order: Order, challenger: ChallengerState) -> bool:
    """Whether an order is to let this challenger serve."""
    if order.action == "rollback":
        return challenger.on_probation
    return order.action == "promote" and order.challenger == challenger.name
