"""Kafka and Redis under attack. Kafka can be killed, filled up and started again where it was."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from overcast.embedded import kafka
from overcast.embedded.children import free_ports, spawn, stop
from streams.access import KafkaAccess
from streams.kafka.client_config import client
from tests.fire.network import Network
from tests.fire.stores import SINGLE, SeveralServers, SingleServer, Store

START_SECONDS = 60.0
LOOK_SECONDS = 0.05
UNLIMITED = (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY)

# The workers' listener is reached through the network between; ours is not.
LISTENERS = """
listeners=PLAINTEXT://127.0.0.1:{own},WORKERS://127.0.0.1:{behind},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{own},WORKERS://127.0.0.1:{before}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,WORKERS:PLAINTEXT
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""


class Servers:
    """One Kafka node and a Redis, with a network that can be slowed and cut before both.

    A Redis of several servers is reached past the network: its servers name their own addresses.
    """

    def __init__(self, folder: Path, store: str, prefix: str) -> None:
        own, controller, behind, before, redis_port, redis_before = free_ports(6)
        self.kafka = f"127.0.0.1:{own}"
        self.store: Store = (
            SingleServer(folder, redis_port, redis_before)
            if store == SINGLE
            else SeveralServers(store, folder, prefix)
        )
        self.kafka_for_workers = f"127.0.0.1:{before}"
        self.network = Network({before: behind, redis_before: redis_port})
        self._folder = folder
        self._files = kafka.prepare(folder / "kafka", own, controller, print)
        ports = {"own": own, "behind": behind, "controller": controller, "before": before}
        with (folder / "kafka" / "server.properties").open("a") as properties:
            properties.write(LISTENERS.format(**ports))
        self._kafka: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when both answer."""
        self.network.start()
        formatted = spawn(self._files.format, self._folder / "kafka.log")
        assert formatted.wait(START_SECONDS) == 0, self.said()
        self.store.start()
        self.start_kafka()

    def start_kafka(self) -> None:
        """Starts the broker in its folder, as it was left."""
        self._kafka = spawn(self._files.run, self._folder / "kafka.log")
        _await(self._kafka_answers, "Kafka", self.said)

    def kill_kafka(self) -> None:
        """`kill -9`."""
        _kill(self._kafka)

    def fill_disk(self) -> bool:
        """No file of the broker may grow any more; whether it gave up as it does on a full disk.

        The limit of the process stands for the disk: the same error from the same call, without
        mounting anything, so that no root is needed.
        """
        assert self._kafka is not None
        psutil.Process(self._kafka.pid).rlimit(psutil.RLIMIT_FSIZE, (4_096, psutil.RLIM_INFINITY))
        try:
            self._kafka.wait(START_SECONDS / 4)
        except subprocess.TimeoutExpired:
            psutil.Process(self._kafka.pid).rlimit(psutil.RLIMIT_FSIZE, UNLIMITED)
            return False
        return True

    def _kafka_answers(self) -> bool:
        try:
            admin = AdminClient(client(KafkaAccess(self.kafka), log_level=0))
            return bool(admin.list_topics(timeout=1).brokers)
        except KafkaException:
            return False

    def said(self) -> str:
        """The last words of both."""
        logs = (self._folder / f"{name}.log" for name in ("kafka", "redis"))
        return "\n".join(log.read_text()[-2_000:] for log in logs if log.exists())

    def stop(self) -> None:
        """Ends both, and the network."""
        self.store.stop()
        if self._kafka is not None:
            stop(self._kafka)
        self.network.stop()


def _await(answers: Callable[[], bool], who: str, said: Callable[[], str]) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers():
        assert time.monotonic() < end, f"{who} does not answer:\n{said()}"
        time.sleep(LOOK_SECONDS)


def _kill(child: subprocess.Popen[bytes] | None) -> None:
    assert child is not None
    child.kill()
    child.wait()
