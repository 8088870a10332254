"""What a process tells Prometheus; the names are a contract with ops/prometheus and ops/grafana.

Labels are bounded: partitions, model keys, reasons and the like; never a match, a player or a
ball (a test reads the whole registry). What is counted on the way of a ball is counted by the
batch. Times are exported as timestamps, from which an expression takes the age, so that a process
that hangs cannot show a young one.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics

from streams.messages.dead_letters import DeadLetter
from streams.messages.events import BallBowled
from streams.messages.predictions import Prediction, Waiting
from streams.observability.batch_histogram import BatchHistogram
from streams.pipeline.effects import Effects, Received

# a second series for each counter: nobody asks when it was made
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

LATE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
REASONS = {
    "unreadable",
    "unknown match",
    "against the laws",
    "started twice",
    "out of sequence",
    "too many messages",
    "unsupported format",
}

RECEIVED = Counter("overcast_received_messages", "Messages read from cricket.balls")
BALLS = Counter("overcast_received_balls", "Balls among them, amended and repeated ones too")
PREDICTIONS = Counter("overcast_predictions", "Forecasts acknowledged on cricket.predictions")
REVISED = Counter("overcast_revised_predictions", "Forecasts that a correction took back")
WAITS = Counter("overcast_waits", "Times that a match began to wait for a message")
HEALED = Counter("overcast_healed_messages", "Dead letters that were played after all")
REPEATED = Counter("overcast_repeated_messages", "Messages that had been absorbed before")
DEAD_LETTERS = Counter("overcast_dead_letters", "Messages refused", ["reason"])
LABELS = Counter("overcast_labels", "Answers sent to cricket.labels", ["model_key", "task"])
BATCH = Histogram("overcast_batch_seconds", "Time a batch of balls took", buckets=LATE)
LATENCY = BatchHistogram(
    "overcast_prediction_latency_seconds",
    "From the append of a ball (Kafka's clock) to its acknowledged prediction (this machine's)",
    LATE,
)
OFFSET = Gauge("overcast_handled_offset", "Last offset worked on, cricket.balls", ["partition"])
FEATURES_WRITTEN = Gauge(
    "overcast_features_written_timestamp_seconds",
    "When live features of a partition were last written to Redis",
    ["partition"],
)
LEARNED = Counter("overcast_learned_labels", "Answers learned", ["model_key"])
UNLEARNED = Counter(
    "overcast_revised_labels", "Answers corrected after they were learned", ["model_key"]
)
REDIS_ERRORS = Counter("overcast_redis_errors", "Calls of Redis that failed, retried ones too")
FED = Counter("overcast_fed_messages", "Messages that a feed sent to cricket.balls")
ARCHIVED = Counter("overcast_archived_messages", "Messages written to Parquet", ["topic"])
for _reason in (*REASONS, "other"):
    DEAD_LETTERS.labels(_reason)
REGISTRY.register(LATENCY)


class Appended(Protocol):
    """A record that knows when Kafka took it, in milliseconds since 1970."""

    offset: int
    timestamp: int


def received(batch: Iterable[Received]) -> None:
    """Counts what came."""
    kinds = [type(message.event) for message in batch]
    RECEIVED.inc(len(kinds))
    BALLS.inc(kinds.count(BallBowled))


def worked(
    effects: Effects, partition: int, records: Sequence[Appended], seconds: float, now: float
) -> None:
    """Counts what a batch of balls did, when all of it is acknowledged; `now` in Unix seconds."""
    BATCH.observe(seconds)
    OFFSET.labels(partition).set(records[-1].offset)
    made = [said for said in effects.predictions if isinstance(said, Prediction)]
    PREDICTIONS.inc(len(made))
    REVISED.inc(sum(getattr(said, "supersedes", None) is not None for said in effects.predictions))
    WAITS.inc(sum(isinstance(said, Waiting) for said in effects.predictions))
    HEALED.inc(effects.healed)
    REPEATED.inc(effects.repeated)
    if effects.records:
        FEATURES_WRITTEN.labels(partition).set(now)
    _refused(effects.dead_letters)
    for answered in effects.labels:
        LABELS.labels(answered.label.key, answered.label.task).inc()
    appended = {record.offset: record.timestamp / 1_000 for record in records}
    sources = (said.source.offset for said in made)
    LATENCY.observe([max(now - appended[offset], 0.0) for offset in sources if offset in appended])


def _refused(letters: Iterable[DeadLetter]) -> None:
    for letter in letters:
        DEAD_LETTERS.labels(kind(letter.reason)).inc()


def redis_failed() -> None:
    """Counts a call that Redis did not answer."""
    REDIS_ERRORS.inc()


def kind(reason: str) -> str:
    """The kind of a dead letter's reason: one of REASONS, else "other"."""
    found = reason.partition(":")[0]
    return found if found in REASONS else "other"
