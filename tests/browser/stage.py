"""The live page as its viewers have it: a server process on a real Kafka, and a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from streams.kafka.producer import Producer
from streams.kafka.topics import PREDICTIONS, Topic, real_name
from streams.messages.predictions import PredictionMessage, encode
from streams.rights.roles import VIEWER, WORKER
from streams.settings import Settings
from streams.sign_in_settings import SignInSettings
from tests.support.parties import as_role

DEADLINE = 900.0  # seconds, of a busy machine; a condition that has not come by then never will
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIGN_IN = ("dashboard_token", *SignInSettings.model_fields)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]


def browser_path() -> str | None:
    """Where a Chromium is; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Returns as soon as the condition holds."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited {DEADLINE} s in vain for: {what}"
        time.sleep(0.05)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stage:
    """Topics and the page's server. `url` stays the same when the server is started again."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "dashboard.log"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and returns when it has read the topics."""
        names = ("kafka", "topic_prefix", "partitions", *SIGN_IN)
        environment = os.environ | as_role(self.settings, VIEWER).as_environment(names)
        command = [sys.executable, "-m", "overcast", "dashboard", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment
            )
        wait_for(self._healthy, f"the page to answer; it said: {self._log.read_text()[-2000:]}")

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Ends the server as an operator would; it must not be kept by those who watch."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(DEADLINE)
            self._server = None

    def tell(self, said: Iterable[PredictionMessage]) -> None:
        """Predictions on the topic, as a worker sends them."""
        topic = real_name(PREDICTIONS, self.settings)
        with Producer(as_role(self.settings, WORKER).kafka_access) as outbox:
            for message in said:
                outbox.send(topic, message.match_id.encode(), encode(message))

    def publish(self, topic: Topic, value: bytes) -> None:
        """A message on another topic, as the learner sends it."""
        with Producer(as_role(self.settings, WORKER).kafka_access) as outbox:
            outbox.send(real_name(topic, self.settings), b"t20-male", value)
