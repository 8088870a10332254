"""`overcast promote`, `rollback`, `freeze`, `unfreeze`: an operator's orders to the learner.

An order goes into the log of labels: the learner follows it at that place, also when it reads the
log again, and publishes the outcome on `cricket.drift`. The commands wait for it: they exit 0 if
the order was carried out, 1 if the learner refused it, 2 if no answer came.
"""

import getpass
import sys
import time
from typing import Annotated
from uuid import uuid4

import msgspec
import typer
from rich.console import Console

from learning.contest.decisions import AnyDecision, Cause, Order, OrderRefused
from learning.keys import KEYS
from overcast.commands import options
from overcast.commands.cluster import partitions_of
from overcast.commands.history import entry
from streams.kafka.follower import Follower, end
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.topics import DRIFT, LABELS, label_partition, real_name
from streams.messages import decisions
from streams.messages.labels import encode
from streams.models.signing import new_keys
from streams.settings import Settings

WAIT_SECONDS = 30.0  # a learner answers within a second, unless it has labels to catch up with
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


def keygen() -> None:
    """Make a key pair for signed snapshots; nothing is stored."""
    private, public = new_keys()
    console = Console()
    console.print(
        f"OVERCAST_SIGNING_KEY={private}   # of the workers: they learn too", highlight=False
    )
    console.print(
        f"OVERCAST_TRUSTED_KEYS={public}  # of all who install snapshots", highlight=False
    )


def _order(action: str, key: str, reason: str, operator: str, challenger: str = "") -> Order:
    if key not in KEYS:
        raise ValueError(f"no model {key!r}; there are {', '.join(KEYS)}")
    return Order(
        id=uuid4().hex,
        model_key=key,
        action=action,
        at=time.time_ns() // 1_000_000,
        operator=operator or getpass.getuser(),
        reason=reason,
        challenger=challenger,
    )


def _send(order: Order, kafka: str | None, topic_prefix: str | None, wait: float) -> None:
    """Send an order and show the learner's answer; exit 1 if it refuses."""
    settings = options.settings(kafka, None, topic_prefix)
    partitions_of(DRIFT, settings)
    with Follower(settings, DRIFT, start=end) as follower:  # before the order: no answer is missed
        place = _placed(order, settings)
        if not wait:
            sys.stdout.write(f"{order.action} {order.model_key}: order sent\n")
            return
        answer = _answer(follower, place, time.monotonic() + wait)
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


def _placed(order: Order, settings: Settings) -> Cause:
    """Send an order; return its place in the log of labels, which its answer will name.

    It must lie where the model's learner reads: Kafka is asked how many partitions there are.
    """
    key, topic = order.model_key, real_name(LABELS, settings)
    partition = label_partition(key, partitions_of(LABELS, settings))
    log = LogReader(settings.kafka_access)
    before = log.end(topic, partition)
    with Producer(settings.kafka_access) as producer:
        producer.send(topic, key.encode(), encode(order), partition=partition)
    for message in log.read(topic, partition, before, log.end(topic, partition)):
        if message.value() == encode(order):
            return Cause(topic, partition, message.offset() or 0)
    raise ValueError(f"the order is not in {topic}/{partition}, where it was written: try again")


def _answer(follower: Follower, place: Cause, deadline: float) -> AnyDecision | None:
    """Return the decision that follows from an order; None if none comes in time."""
    for message in follower.until(lambda: time.monotonic() > deadline):
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not a decision
        if decision.cause == place:
            return decision
    return None
