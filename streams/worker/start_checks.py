"""What a worker needs before it starts: its ports, Kafka, Redis. Each lack is one sentence.

Later it waits for servers that go away. At its start a wrong address is more likely, and whoever
started it wants to be told; a container's manager starts it again.
"""

import socket
import time

from features.store_probe import unusable
from streams.kafka.client_config import await_answer
from streams.settings import Settings

ANSWER_SECONDS = 10.0  # Redis may still be loading its data
RETRY_SECONDS = 0.2


def check(settings: Settings) -> None:
    """Return if a worker can start; else OSError, KafkaException or ValueError with advice."""
    if settings.metrics_port:
        port_is_free(settings.metrics_host, settings.metrics_port, "OVERCAST_METRICS_PORT")
    if settings.worker_port:
        port_is_free("127.0.0.1", settings.worker_port, "OVERCAST_WORKER_PORT")
    await_answer(settings.kafka_access)
    _await_redis(settings)


def port_is_free(host: str, port: int, setting: str) -> None:
    """Return if a port can be listened on; else OSError that names the setting of another."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise OSError(
            f"cannot listen on {host}:{port}: {error.strerror}. End what listens there, or choose "
            f"another port with {setting}."
        ) from error


def _await_redis(settings: Settings) -> None:
    url, prefix = settings.redis_url, settings.topic_prefix
    deadline = time.monotonic() + ANSWER_SECONDS
    try:
        while reason := unusable(url, prefix, ()):
            if time.monotonic() > deadline:
                raise OSError(
                    f"{reason}. Start one with 'overcast up', or name yours with --redis or "
                    "OVERCAST_REDIS."
                )
            time.sleep(RETRY_SECONDS)
    except ValueError as error:  # no URL
        raise ValueError(f"OVERCAST_REDIS, or --redis: {error}") from error
