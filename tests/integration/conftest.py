"""Real servers for the whole session, and a deployment of its own for each test."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.redis import RedisContainer

from overcast.embedded.servers import Addresses, running_servers
from streams.settings import Settings
from tests.integration.deployment import Deployment
from tests.support.parties import prepare


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """Kafka and Redis: embedded, or the official images with OVERCAST_TEST_CONTAINERS=1.

    With OVERCAST_TEST_SECURE=1 the embedded Kafka is that of `overcast up --secure`, and each party
    of a test has the rights of its role.
    """
    if os.environ.get("OVERCAST_TEST_CONTAINERS") == "1":
        yield from _containers()
    else:
        secure = os.environ.get("OVERCAST_TEST_SECURE") == "1"
        with running_servers(print, secure=secure) as found:
            yield found


@pytest.fixture(scope="module")
def secured() -> Iterator[Addresses]:
    """The servers of `overcast up --secure`, for tests of what is refused there."""
    with running_servers(print, secure=True) as found:
        yield found


def _containers() -> Iterator[Addresses]:
    image = "apache/kafka:4.1.0"
    with KafkaContainer(image).with_kraft() as kafka, RedisContainer("redis:8.2") as redis:
        url = f"redis://{redis.get_container_host_ip()}:{redis.get_exposed_port(6379)}/0"
        yield Addresses(kafka.get_bootstrap_server(), url)


@pytest.fixture
def settings(addresses: Addresses) -> Settings:
    """A deployment of its own: topics, group and keys that no other test has."""
    name = f"t{uuid4().hex[:8]}."
    made = Settings(
        **addresses.settings,
        topic_prefix=name,
        group=f"{name}workers",
        snapshot_every=5,
    )
    prepare(made)
    return made


@pytest.fixture
def deployment(settings: Settings, tmp_path: Path) -> Iterator[Deployment]:
    """Workers that are started and killed at will; none is left afterwards."""
    made = Deployment(settings, tmp_path)
    yield made
    made.stop()
