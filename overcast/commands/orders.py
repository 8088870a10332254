"""`overcast promote`, `rollback`, `freeze`, `unfreeze`: an operator's orders to the learner.

An order goes into the log of labels: the learner follows it at that place, also when it reads the
log again, and publishes the outcome on `cricket.drift`.
"""

import getpass
import time
from typing import Annotated
from uuid import uuid4

import typer
from confluent_kafka.admin import AdminClient
from rich.console import Console

from learning.contest.decisions import Order
from learning.keys import KEYS
from overcast.commands import options
from streams.kafka.client_config import client
from streams.kafka.producer import Producer
from streams.kafka.topics import LABELS, label_partition, real_name
from streams.messages.labels import encode
from streams.models.signing import new_keys
from streams.settings import Settings

Key = Annotated[str, typer.Argument(help="Model key, such as t20-male.")]
Reason = Annotated[str, typer.Option(help="The reason, which is kept with the decision.")]
Operator = Annotated[str, typer.Option(help="Who gives the order; default: your login name.")]


def promote(
    key: Key,
    challenger: Annotated[str, typer.Argument(help="Its name, as `overcast history` shows it.")],
    reason: Reason = "by hand",
    operator: Operator = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Serve a challenger now, whatever the evidence; the old champion goes on probation."""
    _send(_order("promote", key, reason, operator, challenger), kafka, topic_prefix)


def rollback(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Serve the former champion again, while it is on probation."""
    _send(_order("rollback", key, reason, operator), kafka, topic_prefix)


def freeze(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Publish and promote nothing until `overcast unfreeze`; learning continues."""
    _send(_order("freeze", key, reason, operator), kafka, topic_prefix)


def unfreeze(
    key: Key,
    reason: Reason = "by hand",
    operator: Operator = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Publish and promote again."""
    _send(_order("unfreeze", key, reason, operator), kafka, topic_prefix)


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


def _partitions(settings: Settings) -> int:
    """Return how many partitions the topic of labels has; ValueError if it does not exist.

    An order must lie where the model's learner reads, whatever this shell's settings say.
    """
    topic = real_name(LABELS, settings)
    metadata = AdminClient(client(settings.kafka)).list_topics(topic, timeout=10.0).topics[topic]
    if not metadata.partitions:
        raise ValueError(f"{topic} does not exist: start a worker first, or see --topic-prefix")
    return len(metadata.partitions)


def _send(order: Order, kafka: str | None, topic_prefix: str | None) -> None:
    settings, key = options.settings(kafka, None, topic_prefix), order.model_key
    partition = label_partition(key, _partitions(settings))
    with Producer(settings.kafka) as producer:
        topic = real_name(LABELS, settings)
        producer.send(topic, key.encode(), encode(order), partition=partition)
    sent = f"{order.action} {key}: order sent; `overcast history {key}` shows the learner's answer"
    Console().print(sent, highlight=False)
