"""Effects as messages that their topics take: whatever a feed sends, none may stop a partition.

A dead letter holds as much of its original as there is room for. A prediction that is too large
becomes a dead letter, a label leaves its match out, a snapshot becomes a pointer into the store.
What cannot be made to fit is withheld, counted and logged.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer, TooLargeError
from streams.kafka.size_limits import SizeLimits, largest_size, likely_size
from streams.messages.dead_letters import LONGEST_COPY, LONGEST_KEY, DeadLetter, headers
from streams.messages.labels import LabelMessage
from streams.messages.labels import encode as encode_label
from streams.messages.predictions import PredictionMessage
from streams.observability import counters
from streams.pipeline.effects import Received

SHORTEST_REASON = 60  # bytes, of a letter that has hardly any room
PREDICTIONS_INDEX = 1_000_000  # above the letters of one message: indices of its predictions

Sendable = tuple[PredictionMessage, Outgoing]

log = logging.getLogger(__name__)


def letter(refused: DeadLetter, topic: str, partition: int, limit: int) -> Outgoing:
    """A dead letter with as much of the original as fits into `limit` bytes, headers included."""
    key = refused.key and refused.key[:LONGEST_KEY]
    bare = Outgoing(topic, key, None, partition, [*headers(refused)])
    if largest_size(bare) > limit:
        bare = Outgoing(topic, None, None, partition, [*headers(refused, SHORTEST_REASON)])
    room = min(max(limit - largest_size(bare), 0), LONGEST_COPY)
    return bare._replace(value=refused.value and refused.value[:room])


def label(message: LabelMessage, topic: str, partition: int) -> Outgoing:
    """A label; where it is too large, without its match, which challengers then do not play."""
    key, bare = message.label.key.encode(), msgspec.structs.replace(message, match=b"")
    smaller = Outgoing(topic, key, encode_label(bare), partition) if message.match else None
    return Outgoing(topic, key, encode_label(message), partition, smaller=smaller)


def too_large(
    predictions: Iterable[Sendable],
    batch: Sequence[Received],
    limits: SizeLimits,
) -> Iterator[DeadLetter]:
    """The dead letters of predictions that cannot be published: the messages they were made from.

    They depend on nothing but the batch and the limit, so that they can be made again.
    """
    originals = {received.source.offset: received for received in batch}
    earlier: Counter[int] = Counter()
    for prediction, message in predictions:
        if limits.fits(message):
            continue
        source, limit = prediction.source, limits.of(message.topic)
        original = originals.get(source.offset)
        size = likely_size(message)
        yield DeadLetter(
            key=original.key if original else prediction.match_id.encode(),
            value=original.value if original else None,
            reason=f"too large: its prediction has {size} bytes, {message.topic} takes {limit}",
            source=source,
            index=PREDICTIONS_INDEX + earlier[source.offset],
        )
        earlier[source.offset] += 1


def fitted(messages: Iterable[Outgoing], limits: SizeLimits) -> list[Outgoing]:
    """The messages as their topics take them; those that none takes are withheld."""
    return [fitting for message in messages if (fitting := _fitted(message, limits)) is not None]


def write(producer: Producer, messages: Iterable[Outgoing], limits: SizeLimits) -> None:
    """Write messages as their topics take them.

    If a topic takes less than was thought, all are written again: whoever reads them must know
    those that come a second time.
    """
    while fitting := fitted(messages, limits):
        try:
            producer.write(fitting)
        except TooLargeError as error:
            limits.lower(error.topic, error.size)
        else:
            return


def _fitted(message: Outgoing, limits: SizeLimits) -> Outgoing | None:
    candidate: Outgoing | None = message
    while candidate is not None and not limits.fits(candidate):
        candidate = candidate.smaller
    if candidate is not message:
        size, limit = likely_size(message), limits.of(message.topic)
        done = "withheld" if candidate is None else "sent without its largest part"
        log.error("%s takes %s bytes: a message of %s is %s", message.topic, limit, size, done)
        counters.count_too_large(sent=candidate is not None)
    return candidate
