"""What a worker needs before it starts: ports, Kafka, Redis, topics, rights.

Each lack is one sentence.

Later it waits for servers that go away. At its start a wrong address is more likely, and whoever
started it wants to be told; a container's manager starts it again.
"""

import socket
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from features.store_probe import unusable
from streams.kafka.client_config import await_answer, reader
from streams.kafka.partitions import match_answers
from streams.kafka.topics import BALLS, create_topics, real_name
from streams.rights.acls import lacking
from streams.rights.roles import WORKER
from streams.settings import Settings

ANSWER_SECONDS = 10.0  # Redis may still be loading its data
RETRY_SECONDS = 0.2
GROUP_SECONDS = 1.0  # Kafka's refusal is not in the answer: it is looked for as often


def check(settings: Settings) -> None:
    """Return if a worker can start; else OSError, KafkaException or ValueError with advice."""
    if settings.metrics_port:
        port_is_free(settings.metrics_host, settings.metrics_port, "OVERCAST_METRICS_PORT")
    if settings.worker_port:
        port_is_free("127.0.0.1", settings.worker_port, "OVERCAST_WORKER_PORT")
    await_answer(settings.kafka_access)
    _await_redis(settings)
    create_topics(settings)
    match_answers(settings)
    _has_rights(settings)


def _has_rights(settings: Settings) -> None:
    """Return if this client may read, write and join what it must; else KafkaException."""
    lacks = lacking(settings, WORKER)
    if not _may_see_group(settings):
        lacks.append(f"Read on group {settings.group}")
    if lacks:
        raise KafkaException(
            f"a worker at {settings.kafka} needs rights that {settings.kafka_user or 'it'} does "
            f"not have: {', '.join(lacks)}. 'overcast acls --role worker' prints all of them"
        )


def _may_see_group(settings: Settings) -> bool:
    """False if Kafka refuses the group: Faust's client would wait for it without a word.

    A coordinator that does not answer yet refuses nothing.
    """
    consumer = Consumer(reader(settings.kafka_access, settings.group))
    place = TopicPartition(real_name(BALLS, settings), 0)
    deadline = time.monotonic() + ANSWER_SECONDS
    try:
        while time.monotonic() < deadline:
            try:
                consumer.committed([place], timeout=GROUP_SECONDS)
            except KafkaException:
                answer = consumer.poll(0)
                error = None if answer is None else answer.error()
                if error is not None and error.code() == KafkaError.GROUP_AUTHORIZATION_FAILED:
                    return False
            else:
                return True
    finally:
        consumer.close()
    return True


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
