"""How large a message may be: what each topic takes, as Kafka states it, and what a message needs.

Kafka compares its limit with a batch as it was compressed. Whatever a feed sends, no message that
follows from it may be refused: that would stop its partition for ever.
"""

import logging
from collections.abc import Iterable
from functools import cached_property
from threading import Lock

import cramjam
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigEntry, ConfigResource
from confluent_kafka.admin._resource import ResourceType

from streams.access import KafkaAccess
from streams.kafka.client_config import ANSWER_SECONDS, client
from streams.kafka.message import Outgoing
from streams.kafka.topics import LARGEST_MESSAGE

USUAL_LIMIT = 1_048_588  # Kafka's default: of topics whose configuration may not be asked for
BATCH_OVERHEAD = 61 + 40  # bytes of a batch's head and, at most, of its only record's
HEADER_OVERHEAD = 10  # at most, of one header
LOWERED = 0.75  # of what was refused: few steps, and little is given away

log = logging.getLogger(__name__)


class SizeLimits:
    """The limits of topics; without a Kafka to ask, its defaults.

    A topic may refuse what its stated limit allows: it compresses anew, its limit was lowered, or
    nobody but its owner may ask for it. What was refused lowers the limit of this process.
    """

    def __init__(self, access: KafkaAccess | None = None) -> None:
        self._access = access
        self._stated: dict[str, int] = {}
        self._lowered: dict[str, int] = {}
        self._lock = Lock()

    @cached_property
    def _admin(self) -> AdminClient:
        """The client, which connects when it is first needed."""
        assert self._access is not None, "`ask` asks nobody without it"
        return AdminClient(client(self._access))

    def ask(self, topics: Iterable[str]) -> None:
        """Ask Kafka for the limits of these topics; what it does not say stays as it was."""
        if self._access is None:
            return
        wanted = [ConfigResource(ResourceType.TOPIC, name) for name in topics]
        answers = self._admin.describe_configs(wanted, request_timeout=ANSWER_SECONDS)
        for resource, answer in answers.items():
            try:
                entry: ConfigEntry = answer.result()["max.message.bytes"]
                self._stated[str(resource.name)] = int(str(entry.value))
            except (KafkaException, KeyError, ValueError) as error:
                log.info("the largest message of %s is not known: %s", resource.name, error)

    def of(self, topic: str) -> int:
        """The largest batch that a topic takes, in bytes."""
        stated = self._stated.get(topic, USUAL_LIMIT)
        return min(stated, self._lowered.get(topic, stated), LARGEST_MESSAGE)

    def lower(self, topic: str, size: int) -> None:
        """Note that a topic refused a batch of this size."""
        with self._lock:
            self._lowered[topic] = int(min(self.of(topic), size) * LOWERED)
        log.warning("%s refused %s bytes; it gets at most %s", topic, size, self._lowered[topic])

    def fits(self, message: Outgoing) -> bool:
        """Whether a message's topic takes it."""
        limit, most = self.of(message.topic), largest_size(message)
        return most <= limit or (most <= LARGEST_MESSAGE and likely_size(message) <= limit)


def largest_size(message: Outgoing) -> int:
    """What a message takes at most, as a batch of its own."""
    headers = message.headers or ()
    named = sum(len(name) + len(value or b"") + HEADER_OVERHEAD for name, value in headers)
    return BATCH_OVERHEAD + len(message.key or b"") + len(message.value or b"") + named


def likely_size(message: Outgoing) -> int:
    """What a message takes compressed, to some bytes; our producers all use Zstandard."""
    value = message.value or b""
    saved = len(value) - len(cramjam.zstd.compress(value)) if value else 0
    return largest_size(message) - max(saved, 0)
