"""Publishes the effects of one partition's batches, each message once.

Messages that an interrupted run has sent already are left out.
"""

from collections.abc import Iterator, Sequence

from streams.kafka import topics
from streams.kafka.fenced_producer import ExclusiveProducer
from streams.kafka.log_identity import PartitionIdentity
from streams.kafka.message import Outgoing
from streams.kafka.topics import label_partition, real_name
from streams.messages.dead_letters import DeadLetter
from streams.messages.predictions import PredictionMessage, encode
from streams.observability.tracing import BatchTrace
from streams.pipeline.effects import Effects, Received
from streams.processors import outgoing
from streams.processors.published import (
    Position,
    Progress,
    log_changed,
    of_dead_letter,
    of_prediction,
    progress,
)
from streams.processors.services import Services


class Publisher:
    """Publishes what follows from one partition of `cricket.balls`.

    Predictions and dead letters go to the partition of their own topic that has the same number,
    in the order of their sources, and those of one source in the order of play. So the last ones
    there show how far an earlier owner of the partition got: their positions are `predicted` and
    `refused`. Nothing up to them is sent again, and only the newest owner of the partition can send
    (ADR-15). Labels follow to their model's partition; the learner knows a repeated one by its
    source.
    """

    def __init__(
        self,
        services: Services,
        partition: int,
        producer: ExclusiveProducer,
        predicted: Progress,
        refused: Progress,
    ) -> None:
        self._services = services
        self._partition = partition
        self._producer = producer
        self._predicted = predicted.position
        self._refused = refused.position
        self.log_changed = log_changed((predicted, refused))
        settings, labels = services.settings, real_name(topics.LABELS, services.settings)
        self._label_partitions = len(services.log_reader.partitions(labels))
        self._predictions = real_name(topics.PREDICTIONS, settings)
        self._labels = labels
        self._dead_letters = real_name(topics.DEAD_LETTERS, settings)

    @property
    def answered_through(self) -> int:
        """The offset of the last message that is known to have been answered; -1 if none is."""
        return max(self._predicted[0], self._refused[0])

    def answered_from(self, offset: int) -> Iterator[bytes]:
        """The predictions made from messages at or after an offset, the last one first."""
        log_reader = self._services.log_reader
        for message in log_reader.read_backwards(self._predictions, self._partition):
            published = of_prediction(message)
            if published is not None:
                if published.position[0] < offset:
                    return
                yield message.value() or b""

    def send(
        self, effects: Effects, batch: Sequence[Received] = (), trace: BatchTrace | None = None
    ) -> None:
        """Send predictions and dead letters that have not been sent; `flush` waits for them.

        `batch` are the messages that led to the effects. What had been sent before is taken out of
        `effects`, which then count what is sent.
        """
        predictions = [(p, self._prediction(p, trace)) for p in effects.predictions]
        if not all(self._services.limits.fits(message) for _, message in predictions):
            predictions = self._refuse_too_large(effects, predictions, batch)
        predictions = [(p, message) for p, message in predictions if self._is_new(p)]
        effects.predictions = [prediction for prediction, _ in predictions]
        effects.dead_letters = [d for d in effects.dead_letters if _position(d) > self._refused]
        for _, message in predictions:
            self._send(message)
        for letter in effects.dead_letters:
            self._send_letter(letter)
        self._producer.send_off()

    def _is_new(self, message: PredictionMessage) -> bool:
        return (message.source.offset, message.seq, message.rank) > self._predicted

    def flush(self, effects: Effects) -> None:
        """Return when Kafka has written all that was sent, and then the labels too."""
        if effects.predictions or effects.dead_letters:
            self._producer.flush()
        labels = [
            outgoing.label(m, self._labels, label_partition(m.label.key, self._label_partitions))
            for m in effects.labels
        ]
        outgoing.write(self._services.producer, labels, self._services.limits)

    def close(self) -> None:
        """Close the connections of the claimed producer."""
        self._producer.close()

    def _refuse_too_large(
        self, effects: Effects, predictions: Sequence[outgoing.Sendable], batch: Sequence[Received]
    ) -> list[outgoing.Sendable]:
        """Turn predictions that their topic does not take into dead letters; return the others."""
        limits = self._services.limits
        effects.dead_letters += outgoing.too_large(predictions, batch, limits)
        effects.dead_letters.sort(key=_position)
        fitting = [sendable for sendable in predictions if limits.fits(sendable[1])]
        effects.predictions[:] = [prediction for prediction, _ in fitting]
        return fitting

    def _prediction(self, message: PredictionMessage, trace: BatchTrace | None) -> Outgoing:
        headers = None if trace is None else trace.headers(message)
        key = message.match_id.encode()
        return Outgoing(self._predictions, key, encode(message), self._partition, headers)

    def _send_letter(self, refused: DeadLetter) -> None:
        limits = self._services.limits
        limit = limits.of(self._dead_letters)
        message = outgoing.letter(refused, self._dead_letters, self._partition, limit)
        for fitting in outgoing.fitted([message], limits):
            self._send(fitting)

    def _send(self, message: Outgoing) -> None:
        self._producer.send(
            message.topic,
            message.key,
            message.value,
            partition=message.partition,
            headers=message.headers,
        )


def _position(letter: DeadLetter) -> Position:
    return letter.source.offset, letter.index, 0


def claim_publisher(services: Services, partition: int) -> Publisher:
    """Claim a partition's output, and find out how far an earlier owner had answered."""
    settings, log_reader = services.settings, services.log_reader
    predictions = real_name(topics.PREDICTIONS, settings)
    dead_letters = real_name(topics.DEAD_LETTERS, settings)
    balls = real_name(topics.BALLS, settings)
    name = f"{settings.group}/{balls}/{partition}"
    outputs = [(topic, partition) for topic in (predictions, dead_letters)]
    services.limits.ask([predictions, dead_letters, real_name(topics.LABELS, settings)])
    producer = services.claim_producer(name, outputs)
    identity = PartitionIdentity(log_reader, balls, partition)
    predicted = progress(log_reader.read_backwards(predictions, partition), of_prediction, identity)
    refused = progress(log_reader.read_backwards(dead_letters, partition), of_dead_letter, identity)
    return Publisher(services, partition, producer, predicted, refused)
