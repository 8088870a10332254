"""What the group has not worked on is counted, whether its transaction has ended or not."""

import pytest
from confluent_kafka import Producer

from streams.kafka.client_config import client
from streams.kafka.lag import LAG, LagMonitor
from streams.kafka.topics import BALLS, real_name
from streams.settings import Settings
from tests.integration.deployment import wait_for


def shown(partition: int) -> float:
    return float(LAG.labels(BALLS.name, partition)._value.get())  # noqa: SLF001


@pytest.mark.parametrize("ends", ["open", "committed"])
def test_lag_counts_what_an_open_transaction_holds_back(settings: Settings, ends: str) -> None:
    LAG.labels(BALLS.name, 1).set(0)
    feed = Producer(client(settings.kafka_access) | {"transactional.id": f"{settings.group}/feed"})
    feed.init_transactions(30.0)
    feed.begin_transaction()
    for _ in range(25):
        feed.produce(real_name(BALLS, settings), b"x", b"m", partition=1)
    feed.flush(30.0)
    if ends == "committed":
        feed.commit_transaction(30.0)
    monitor = LagMonitor(settings)
    monitor.start()
    try:
        wait_for(lambda: shown(1) >= 25, "a lag of 25 messages")
    finally:
        monitor.stop()
        if ends == "open":
            feed.abort_transaction(30.0)
