"""How messages leave for Kafka."""

import pytest

from streams.access import KafkaAccess
from streams.kafka.client_config import ONE_A_BATCH
from streams.kafka.producer import Producer, TransactionalProducer


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
