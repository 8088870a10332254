"""`overcast promote`, `rollback`, `freeze`, `unfreeze`: an operator's orders to the learner.

An order goes to `cricket.orders`, signed with `operator_key` if there is one. A worker checks it,
and copies it into the log of labels; the learner follows it at that place, also when it reads the
log again, and publishes the outcome on `cricket.drift`. The commands wait for it: they exit 0 if
the order was carried out, 1 if it was refused, 2 if no answer came.
"""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from consumers.orders import WAIT_SECONDS
from overcast.commands import options

if TYPE_CHECKING:
    from learning.contest.orders import Order

Key = Annotated[
    str,
    typer.Argument(help="Model key, such as t20-male.", autocompletion=options.model_keys),
]
Reason = Annotated[str, typer.Option(help="The reason, which is kept with the decision.")]
Wait = Annotated[
    float, typer.Option(min=0, help="Seconds to wait for the learner's answer; 0: not at all.")
]
Operator = Annotated[str, typer.Option(help="Who gives the order; default: your login name.")]


def promote(
    key: Key,
    challenger: Annotated[str, typer.Argument(help="Its name, as `overcast history` shows it.")],
    reason: Reason = "by hand",
    operator: Operator = "",
    wait: Wait = WAIT_SECONDS,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Serve a challenger now, whatever the evidence; the old champion goes on probation."""
    _send(_order("promote", key, reason, operator, challenger), kafka, topic_prefix, wait)


def rollback(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    wait: Wait = WAIT_SECONDS,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Serve the former champion again, while it is on probation."""
    _send(_order("rollback", key, reason, operator), kafka, topic_prefix, wait)


def freeze(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    wait: Wait = WAIT_SECONDS,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Publish and promote nothing until `overcast unfreeze`; learning continues."""
    _send(_order("freeze", key, reason, operator), kafka, topic_prefix, wait)


def unfreeze(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    wait: Wait = WAIT_SECONDS,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Publish and promote again."""
    _send(_order("unfreeze", key, reason, operator), kafka, topic_prefix, wait)


def keygen(
    operator: Annotated[
        str, typer.Option(help="Make the keys of an operator's orders, under this name.")
    ] = "",
) -> None:
    """Make a key pair for signed snapshots, or for an operator's orders; nothing is stored."""
    from streams.models.signing import new_keys
    from streams.settings import named_keys

    private, public = new_keys()
    if operator:
        named_keys(f"{operator}={public}")
        lines = {
            f"OVERCAST_OPERATOR_KEY={private}": "of this operator, and of nobody else",
            f"OVERCAST_OPERATOR_KEYS={operator}={public}": "of the workers; others after commas",
        }
    else:
        lines = {
            f"OVERCAST_SIGNING_KEY={private}": "of the workers: they learn too",
            f"OVERCAST_TRUSTED_KEYS={public}": "of all who install snapshots",
        }
    for line, owner in lines.items():
        Console().print(f"{line}  # {owner}", highlight=False, soft_wrap=True)


def _order(action: str, key: str, reason: str, operator: str, challenger: str = "") -> "Order":
    from consumers.orders import give

    giver = operator or getpass.getuser()
    return give.new_order(action, key, operator=giver, reason=reason, challenger=challenger)


def _send(order: "Order", kafka: str | None, topic_prefix: str | None, wait: float) -> None:
    """Send an order and show the learner's answer; exit 1 if it refuses."""
    from consumers.decision_words import entry
    from consumers.orders import give
    from learning.contest.decisions import OrderRefused
    from overcast.commands.cluster import partitions_of
    from streams.kafka.topics import DRIFT, ORDERS

    settings = options.settings(kafka, None, topic_prefix)
    for topic in (ORDERS, DRIFT):
        partitions_of(topic, settings)
    if not wait:
        give.send(order, settings)
        sys.stdout.write(f"{order.action} {order.model_key}: order sent\n")
        return
    answer = give.give(order, settings, wait)
    if answer is None:
        raise ValueError(
            f"{order.action} {order.model_key}: the order is in the log, but no learner has "
            f"answered within {wait:g} s. Is a worker running? `overcast history "
            f"{order.model_key}` shows the answer when there is one."
        )
    for line in entry(answer):
        Console().print(line, highlight=False, soft_wrap=True)
    if isinstance(answer, OrderRefused):
        raise typer.Exit(1)
