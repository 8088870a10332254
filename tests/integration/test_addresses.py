"""A broker that listens on IPv6, named as people name brokers: everything is read and written."""

import socket
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from features.store_probe import unusable
from overcast.embedded import kafka, redis
from overcast.embedded.children import free_ports, spawn, stop
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.kafka.topics import create_topics
from streams.messages.events import BallBowled
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, Deployment, answers, wait_for
from tests.integration.test_observed import health, watched


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no ::1")
MATCH = list(timed_events(shipped_match("1426294")))


class Servers:
    """A Kafka and a Redis that listen on ::1."""

    def __init__(self, folder: Path) -> None:
        self.port, controller, self.store_port = free_ports(3)
        self._files = kafka.prepare(folder, self.port, controller, print)
        self._log = folder / "kafka.log"
        properties = folder / "server.properties"
        text = properties.read_text().replace("PLAINTEXT://127.0.0.1", "PLAINTEXT://[::1]")
        properties.write_text(text)
        assert spawn(self._files.format, self._log).wait(DEADLINE) == 0
        self.broker = self.start_broker()
        command = redis.command(self.store_port, str(folder))
        self.store = spawn([part.replace("127.0.0.1", "::1") for part in command], self._log)

    def start_broker(self) -> Popen[bytes]:
        """The broker as it was."""
        self.broker = spawn(self._files.run, self._log)
        return self.broker


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    made = Servers(tmp_path_factory.mktemp("ipv6"))
    yield made
    stop(made.broker)
    stop(made.store)


@pytest.fixture
def deployment(servers: Servers, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment that names its broker with blanks, twice and with a comma too many."""
    settings = watched(
        Settings(
            kafka=f"[::1]:{servers.port}, [::1]:{servers.port} ,",
            redis=f"redis://[::1]:{servers.store_port}/0",
            topic_prefix="six.",
            group="six",
            partitions=2,
        )
    )
    wait_for(lambda: unusable(settings.redis_url, "", [0]) == "", "Redis on ::1")
    wait_for(lambda: answers(settings), "Kafka on ::1")
    create_topics(settings)
    made = Deployment(settings, tmp_path)
    yield made
    made.stop()


def test_brokers_on_ipv6_are_read_and_written_and_readiness_knows_of_the_fetching_client(
    servers: Servers, deployment: Deployment
) -> None:
    settings = deployment.settings
    deployment.start()
    wait_for(lambda: health(settings, "ready") == (200, {}), "readiness", deployment.log)
    deployment.send(MATCH)
    deployment.settle()
    assert len(deployment.predictions()) == sum(isinstance(e, BallBowled) for e in MATCH)
    assert {label.match_id for label in deployment.labels()} == {"1426294"}

    stop(servers.broker)
    wait_for(lambda: "fetching" in health(settings, "ready")[1], "it to notice", deployment.log)
    assert "six.cricket.balls/0" in health(settings, "ready")[1]["fetching"]
    servers.start_broker()
    wait_for(lambda: health(settings, "ready") == (200, {}), "readiness", deployment.log)
