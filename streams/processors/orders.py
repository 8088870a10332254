"""A worker's processor of `cricket.orders`: checks who gave an order, and copies it to its learner.

Every order gets an answer on `cricket.drift`, also one that is refused here. A copy that is written
twice is answered once: the learner knows the place of an order (ADR-23).
"""

import logging
from collections.abc import Sequence

import msgspec

from learning.contest.orders import CheckedOrder, Order
from learning.keys import KEYS
from streams.kafka import topics
from streams.kafka.message import Outgoing
from streams.kafka.record import Record
from streams.kafka.topics import label_partition, real_name
from streams.messages import labels, orders
from streams.models.order_signatures import NotProvenError, Operators, OrderLog, belated
from streams.observability import counters
from streams.processors import outgoing
from streams.processors.services import Services

log = logging.getLogger(__name__)


class OrderProcessor:
    """Copies orders to the label partitions of their models, as they were proven."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._operators = Operators.of(services.settings)
        self._labels = real_name(topics.LABELS, services.settings)
        self._orders = real_name(topics.ORDERS, services.settings)

    def give_up(self) -> None:
        """A batch is copied at once: there is nothing to interrupt."""

    def reassigned(self) -> None:
        """Nothing is kept of a partition."""

    def ready(self, partition: int) -> bool:
        """The log of orders can always be read."""
        del partition
        return True

    def handle(self, records: Sequence[Record]) -> int:
        """Copy a batch; return how many orders were in it."""
        order_log = OrderLog(self._orders, self._services.log_reader.topic_id(self._orders))
        checked = [each for record in records if (each := self._checked(record, order_log))]
        partitions = len(self._services.log_reader.partitions(self._labels)) if checked else 0
        copies = [self._copy(each, partitions) for each in checked]
        outgoing.write(self._services.producer, copies, self._services.limits)
        counters.count_orders(checked, unreadable=len(records) - len(checked))
        return len(checked)

    def _checked(self, record: Record, order_log: OrderLog) -> CheckedOrder | None:
        """The order of a message with what was proven; None if it is none."""
        value, where = record.value or b"", f"{record.topic}/{record.partition}@{record.offset}"
        try:
            order = orders.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.error("%s: no order: %s", where, error, extra={"offset": record.offset})  # noqa: TRY400  the text says it all
            return None
        if order.model_key not in KEYS:
            log.error("%s: an order for no model, %.100s", where, order.model_key)
            return None
        proof, refused = self._judged(record, order, order_log)
        place = f"{where} of {order_log.id}"
        return CheckedOrder(
            order=order, place=place, at=record.timestamp, proof=proof, refused=refused
        )

    def _judged(self, record: Record, order: Order, order_log: OrderLog) -> tuple[str, str]:
        """What proves who gave an order, and why it is refused; both in words."""
        signature = dict(record.headers).get(orders.SIGNATURE, b"")
        try:
            proof = self._operators.proof(order, record.value or b"", signature, order_log)
        except NotProvenError as error:
            return "", str(error)
        return proof, belated(order, record.timestamp)

    def _copy(self, checked: CheckedOrder, partitions: int) -> Outgoing:
        key = checked.order.model_key
        partition = label_partition(key, partitions)
        return Outgoing(self._labels, key.encode(), labels.encode(checked), partition)
