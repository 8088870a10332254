"""Errors that Kafka clients report: which of them pass by themselves, and how many there were."""

import re
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException
from prometheus_client import Counter

from streams.access import KafkaAccess, PasswordLogin, Tls, TokenLogin
from streams.addresses import shown

CLIENTS = ("consumer", "producer", "models feed", "following", "lag", "archive")
KAFKA_ERRORS = Counter("overcast_kafka_errors", "Errors that a Kafka client reported", ["client"])
for _client in CLIENTS:  # a series that begins with its first error is not seen to rise
    KAFKA_ERRORS.labels(_client)

_TLS = "SSL routines"  # in what a server answers after the handshake, as TLS 1.3 has it
_ADDRESS = re.compile(r"^\S+://\S+: ")
_STATE = re.compile(r" \(after \d+ms in state \w+(?:, \d+ identical error\(s\) suppressed)?\)$")
RETRY_SECONDS = 0.05
RIGHTS = "'overcast acls' prints the rights that each role needs"
OWN = frozenset(  # librdkafka's, given from what it knows so far, which may be old
    {
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001  confluent's public constants
        KafkaError._UNKNOWN_TOPIC,  # noqa: SLF001
        KafkaError._WAIT_CACHE,  # noqa: SLF001
        KafkaError._WAIT_COORD,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
    }
)
# A topic that was just created, a leader or a coordinator that is being chosen.
COMING = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError.OFFSET_NOT_AVAILABLE,
        *OWN,
    }
)

Answer = TypeVar("Answer")


def is_coming(error: KafkaException) -> bool:
    """Whether what Kafka does not know or have yet may come."""
    reason = error.args[0]
    return isinstance(reason, KafkaError) and reason.code() in COMING


def count(_: KafkaError) -> None:
    """Count a producer's error, from which librdkafka recovers by itself."""
    KAFKA_ERRORS.labels("producer").inc()


def fatal(error: SystemError) -> str:
    """What has ended a producer, where confluent-kafka 2.16 tells it: mostly it says no more.

    One that is not transactional ends if it may write no topic of the cluster.
    """
    reason = error.__cause__ or f"the producer has ended; cluster authorization failed? {RIGHTS}"
    return f"Kafka did not take a message: {reason}"


def lacks_right(error: KafkaError) -> bool:
    """Whether Kafka refuses what a client may not do."""
    return error.name().endswith("_AUTHORIZATION_FAILED")


def fences(error: KafkaError) -> bool:
    """Whether another has claimed a producer's name: a right that is missing is as fatal."""
    return error.fatal() and not lacks_right(error)


def refusal(access: KafkaAccess, errors: Sequence[KafkaError]) -> str:
    """Why a Kafka that is there does not let a client in, and what to check; "" if it is not that.

    A broker that is spoken to in another protocol than its own closes the connection without a
    word, of which librdkafka reports only that none is left.
    """
    server = f"Kafka at {access.servers}"
    for error in errors:
        if error.code() == KafkaError._AUTHENTICATION:  # noqa: SLF001  as above
            return f"{server} does not accept {_shown(access)}: {_reason(error)}."
        if error.code() == KafkaError._SSL or _TLS in error.str():  # noqa: SLF001
            return f"{server}: no TLS ({_reason(error)}). {_files(access.tls or Tls())}."
    if errors and {error.code() for error in errors} == {KafkaError._ALL_BROKERS_DOWN}:  # noqa: SLF001
        return (
            f"{server} closes connections by {access.protocol} without a word: set "
            "kafka_security_protocol to what it speaks there, or name another port."
        )
    return ""


def _shown(access: KafkaAccess) -> str:
    """What the client shows, without a secret."""
    match access.login:
        case PasswordLogin(mechanism, user):
            return f"user {user} ({mechanism}; kafka_user, kafka_password)"
        case TokenLogin(endpoint, client_id):
            return f"client {client_id} with a token of {shown(endpoint)} (kafka_oauth_…)"
        case None:
            return "a client that does not say who it is (kafka_sasl_mechanism)"


def _files(tls: Tls) -> str:
    trusted = f"kafka_ssl_ca {tls.ca}" if tls.ca else "kafka_ssl_ca (the system's authorities)"
    own = f"kafka_ssl_cert {tls.cert}" if tls.cert else "kafka_ssl_cert (none)"
    return f"Check {trusted} and {own}"


def _reason(error: KafkaError) -> str:
    """Librdkafka's own words, on one line, without its address and its state."""
    words = " ".join(error.str().split())
    return _STATE.sub("", _ADDRESS.sub("", words))


def when_it_comes(step: Callable[[], Answer], seconds: float) -> Answer:
    """What a step gives, taken again while its answer is still coming; then its KafkaException."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return step()
        except KafkaException as error:
            if not is_coming(error) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
