"""Sends a batch's effects, each once: what an interrupted run had sent is left out."""

from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec
from confluent_kafka import Message

from streams.kafka import topics
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Headers, Producer
from streams.kafka.topics import label_partition, real_name
from streams.messages.dead_letters import DeadLetter, index_of, origin, refused_offset
from streams.messages.labels import encode as encode_label
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.observability.tracing import BatchTrace
from streams.pipeline.effects import Effects
from streams.settings import Settings

NOTHING_SENT = (-1, 0, 0)


class _Sent(msgspec.Struct):
    """The part of a message that says what it was made from, and which place it is about."""

    source: Source
    seq: int = 0
    rank: int = 0


Sending = tuple[int, int, int]  # offset of the source, then what tells its messages apart in order

_SENT = msgspec.json.Decoder(_Sent)


class Ways(Protocol):
    """What a posting needs: for labels, for what only one may send, and to look at the log."""

    @property
    def outbox(self) -> Producer:
        """Anybody's."""

    @property
    def claim(self) -> ClaimProducer:
        """Makes a way out that one owner has at a time."""

    @property
    def journal(self) -> LogReader:
        """The log."""


class Publisher:
    """The way out of one partition of `cricket.balls`.

    Predictions and dead letters go to the partition of their own topic that has the same number,
    in the order of their sources, and those of one source in the order of play. So the last one
    there tells how far an earlier owner of the partition came: it is read once, and what comes from
    before it is not sent again, and only the newest owner of the partition can send (ADR-15).
    Labels follow to their model's partition; the learner knows a repeated one by its source.
    """

    def __init__(self, settings: Settings, ways: Ways, partition: int) -> None:
        self._settings = settings
        self._outbox = ways.outbox
        self._partition = partition
        self._predictions = real_name(topics.PREDICTIONS, settings)
        self._labels = real_name(topics.LABELS, settings)
        self._dead_letters = real_name(topics.DEAD_LETTERS, settings)
        name = f"{settings.group}/{real_name(topics.BALLS, settings)}/{partition}"
        places = [(topic, partition) for topic in (self._predictions, self._dead_letters)]
        self._claimed = ways.claim(name, places)
        self._journal = ways.journal
        self._predicted = self._through(self._predictions, _predicted)
        self._refused = self._through(self._dead_letters, _refused)

    @property
    def told(self) -> int:
        """The offset of the last message that is known to have been answered; -1 if none is."""
        return max(self._predicted[0], self._refused[0])

    def _through(self, topic: str, sending: Callable[[Message], Sending]) -> Sending:
        """How far the partition's messages have theirs on a topic."""
        found = map(sending, self._journal.backwards(topic, self._partition))
        return next((sent for sent in found if sent != NOTHING_SENT), NOTHING_SENT)

    def answered_from(self, offset: int) -> Iterator[bytes]:
        """The predictions that were made from messages since an offset, the last first."""
        for message in self._journal.backwards(self._predictions, self._partition):
            sent = _predicted(message)
            if sent != NOTHING_SENT:
                if sent[0] < offset:
                    return
                yield message.value() or b""

    def post(self, effects: Effects, trace: BatchTrace | None = None) -> None:
        """Sends what has not been sent; it is written when `flush` returns."""
        for made in effects.predictions:
            if (made.source.offset, made.seq, made.rank) > self._predicted:
                key = made.match_id.encode()
                headers = None if trace is None else trace.headers(made)
                self._claimed.send(
                    self._predictions,
                    key,
                    encode(made),
                    partition=self._partition,
                    headers=headers,
                )
        for letter in effects.dead_letters:
            if (letter.source.offset, letter.index, 0) > self._refused:
                self._send_dead_letter(letter)
        self._claimed.send_off()

    def flush(self, effects: Effects) -> None:
        """Returns when Kafka has written all that was posted, and then the labels too."""
        if effects.predictions or effects.dead_letters:
            self._claimed.flush()
        for answered in effects.labels:
            model = answered.label.key
            to = label_partition(model, self._settings)
            self._outbox.send(self._labels, model.encode(), encode_label(answered), partition=to)
        if effects.labels:
            self._outbox.flush()

    def close(self) -> None:
        """Lets the way out go."""
        self._claimed.close()

    def _send_dead_letter(self, letter: DeadLetter) -> None:
        headers: Headers = [
            ("reason", letter.reason.encode()),
            ("origin", origin(letter.source)),
            ("index", str(letter.index).encode()),
        ]
        self._claimed.send(
            self._dead_letters,
            letter.key,
            letter.value,
            partition=self._partition,
            headers=headers,
        )


def _predicted(message: Message) -> Sending:
    """What a prediction was made from; NOTHING_SENT for what somebody else put there."""
    try:
        sent = _SENT.decode(message.value() or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return NOTHING_SENT
    return sent.source.offset, sent.seq, sent.rank


def _refused(letter: Message) -> Sending:
    offset = refused_offset(letter)
    return (offset, index_of(letter), 0) if offset >= 0 else NOTHING_SENT
