"""Sends a batch's effects, each once: what an interrupted run had sent is left out."""

import msgspec
from confluent_kafka import Message

from streams import topics
from streams.journal import Journal
from streams.outbox import Headers, Outbox
from streams.predictions import DeadLetter, Source, encode
from streams.records import Effects
from streams.settings import Settings
from streams.topics import label_partition, real_name

NOTHING_SENT = -1


class _Sent(msgspec.Struct):
    """The part of a message that says what it was made from."""

    source: Source


_SENT = msgspec.json.Decoder(_Sent)


def origin(source: Source) -> bytes:
    """A source as the value of a header: topic/partition/offset."""
    return f"{source.topic}/{source.partition}/{source.offset}".encode()


class Posting:
    """The way out of one partition of `cricket.balls`.

    Predictions and dead letters go to the partition of their own topic that has the same number,
    in the order of their sources. So the last one there tells how far an earlier owner of the
    partition came: it is read once, and what comes from before it is not sent again. Labels go
    to their model's partition; the learner knows a repeated one by its source.
    """

    def __init__(
        self, settings: Settings, outbox: Outbox, journal: Journal, partition: int
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._partition = partition
        self._predictions = real_name(topics.PREDICTIONS, settings)
        self._labels = real_name(topics.LABELS, settings)
        self._dead_letters = real_name(topics.DEAD_LETTERS, settings)
        self._predicted = _predicted_through(journal, self._predictions, partition)
        self._refused = _refused_through(journal, self._dead_letters, partition)

    def post(self, effects: Effects) -> None:
        """Sends what has not been sent; returns when Kafka has written all of it."""
        send, partition = self._outbox.send, self._partition
        for made in effects.predictions:
            if made.source.offset > self._predicted:
                key = made.match_id.encode()
                send(self._predictions, key, encode(made), partition=partition)
        for answered in effects.labels:
            model = answered.label.key
            to = label_partition(model, self._settings)
            send(self._labels, model.encode(), encode(answered), partition=to)
        for letter in effects.dead_letters:
            if letter.source.offset > self._refused:
                self._send_dead_letter(letter)
        if effects.predictions or effects.labels or effects.dead_letters:
            self._outbox.flush()

    def _send_dead_letter(self, letter: DeadLetter) -> None:
        headers: Headers = [("reason", letter.reason.encode()), ("origin", origin(letter.source))]
        self._outbox.send(
            self._dead_letters,
            letter.key,
            letter.value,
            partition=self._partition,
            headers=headers,
        )


def _predicted_through(journal: Journal, topic: str, partition: int) -> int:
    """The offset up to which the partition's balls have their predictions."""
    found = map(_predicted_offset, journal.latest(topic, partition))
    return next((offset for offset in found if offset != NOTHING_SENT), NOTHING_SENT)


def _predicted_offset(message: Message) -> int:
    """The offset of the ball that a prediction answers; -1 for what somebody else put there."""
    try:
        return _SENT.decode(message.value() or b"").source.offset
    except (msgspec.DecodeError, UnicodeDecodeError):
        return NOTHING_SENT


def _refused_through(journal: Journal, topic: str, partition: int) -> int:
    """The offset up to which the partition's broken messages are dead letters."""
    found = map(refused_offset, journal.latest(topic, partition))
    return next((offset for offset in found if offset != NOTHING_SENT), NOTHING_SENT)


def reason_of(letter: Message) -> str:
    """Why a message was refused, as its dead letter says."""
    found = dict(letter.headers() or []).get("reason")
    return found.decode(errors="replace") if isinstance(found, bytes) else "no reason given"


def refused_offset(letter: Message) -> int:
    """The offset that a dead letter's message had on `cricket.balls`; -1 if it does not say."""
    found = dict(letter.headers() or []).get("origin")
    offset = found.rpartition(b"/")[2] if isinstance(found, bytes) else b""
    return int(offset) if offset.isdigit() else NOTHING_SENT
