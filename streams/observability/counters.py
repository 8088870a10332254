"""The counters that a process shows to Prometheus.

Their names are a contract with ops/prometheus and ops/grafana.

Labels are bounded: partitions, model keys, reasons and the like; never a match, a player or a
ball (a test reads the whole registry). What a ball passes on its way is counted once a
batch. Times are exported as timestamps, from which an expression takes the age, so that a process
that hangs cannot show a young one.
"""

from collections.abc import Iterable, Sequence

from prometheus_client import Counter, Gauge, Histogram

from learning.contest.orders import CheckedOrder
from streams.kafka.record import Record
from streams.messages.events import BallBowled
from streams.messages.predictions import Prediction, Waiting, Withdrawal
from streams.pipeline.effects import Effects, Received
from streams.pipeline.learn import LearnEffects

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
REASONS = {
    "unreadable",
    "unknown match",
    "against the laws",
    "started twice",
    "out of sequence",
    "too many messages",
    "too large",
    "unsupported format",
}

RECEIVED = Counter("overcast_received_messages", "Messages read from cricket.balls")
RECEIVED_BALLS = Counter(
    "overcast_received_balls", "Balls among them, amended and repeated ones too"
)
PUBLISHED_PREDICTIONS = Counter(
    "overcast_predictions", "Forecasts acknowledged on cricket.predictions"
)
REVISED = Counter("overcast_revised_predictions", "Forecasts that a correction took back")
WAITS = Counter("overcast_waits", "Times that a match began to wait for a message")
HEALED = Counter("overcast_healed_messages", "Dead letters that were played after all")
REPEATED = Counter("overcast_repeated_messages", "Messages that had been absorbed before")
REFUSED_MESSAGES = Counter("overcast_dead_letters", "Messages refused", ["reason"])
PUBLISHED_LABELS = Counter(
    "overcast_labels", "Answers sent to cricket.labels", ["model_key", "task"]
)
BATCH = Histogram("overcast_batch_seconds", "Time a batch of balls took", buckets=BUCKETS)
LATENCY = Histogram(
    "overcast_prediction_latency_seconds",
    "From the append of a ball (Kafka's clock) to its acknowledged prediction (this machine's)",
    buckets=BUCKETS,
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
TOO_LARGE = Counter(
    "overcast_too_large_messages",
    "Messages larger than their topic takes: sent `cut`, or `withheld`",
    ["outcome"],
)
ORDERS = Counter(
    "overcast_orders",
    "Messages of cricket.orders: `passed` on to their learners, `refused`, or `unreadable`",
    ["outcome"],
)
REDIS_ERRORS = Counter("overcast_redis_errors", "Calls of Redis that failed, retried ones too")
EVICTED = Counter("overcast_evicted_matches", "Matches that Redis had lost, restored from the log")
MAY_EVICT = Gauge(
    "overcast_redis_may_evict", "Whether Redis throws keys away when full (maxmemory-policy)"
)
FED = Counter("overcast_fed_messages", "Messages that a feed sent to cricket.balls")
ARCHIVED = Counter("overcast_archived_messages", "Messages written to Parquet", ["topic"])
for _reason in (*REASONS, "other"):
    REFUSED_MESSAGES.labels(_reason)
for _outcome in ("cut", "withheld"):
    TOO_LARGE.labels(_outcome)
for _outcome in ("passed", "refused", "unreadable"):
    ORDERS.labels(_outcome)


def count_received(batch: Iterable[Received]) -> None:
    """Count the messages that came."""
    kinds = [type(message.event) for message in batch]
    RECEIVED.inc(len(kinds))
    RECEIVED_BALLS.inc(kinds.count(BallBowled))


def count_batch(
    effects: Effects, partition: int, records: Sequence[Record], seconds: float, now: float
) -> None:
    """Count what a batch of balls did, when all of it is acknowledged; `now` in Unix seconds."""
    BATCH.observe(seconds)
    OFFSET.labels(partition).set(records[-1].offset)
    messages = effects.predictions
    predictions = [message for message in messages if isinstance(message, Prediction)]
    PUBLISHED_PREDICTIONS.inc(len(predictions))
    revised = (m.supersedes for m in messages if isinstance(m, Prediction | Withdrawal))
    REVISED.inc(sum(superseded is not None for superseded in revised))
    WAITS.inc(sum(isinstance(message, Waiting) for message in messages))
    HEALED.inc(effects.healed)
    REPEATED.inc(effects.repeated)
    if effects.records:
        FEATURES_WRITTEN.labels(partition).set(now)
    for letter in effects.dead_letters:
        REFUSED_MESSAGES.labels(kind(letter.reason)).inc()
    for message in effects.labels:
        PUBLISHED_LABELS.labels(message.label.key, message.label.task).inc()
    appended = {record.offset: record.timestamp / 1_000 for record in records}
    for offset in (prediction.source.offset for prediction in predictions):
        if offset in appended:
            LATENCY.observe(max(now - appended[offset], 0.0))


def count_learned(effects: LearnEffects) -> None:
    """Count the labels that were learned, and those that were corrected too late."""
    for key, count in effects.learned.items():
        LEARNED.labels(key).inc(count)
    for key, count in effects.revised.items():
        UNLEARNED.labels(key).inc(count)


def count_orders(checked: Iterable[CheckedOrder], unreadable: int) -> None:
    """Count the orders that were copied to their learners, and what was none."""
    for each in checked:
        ORDERS.labels("refused" if each.refused else "passed").inc()
    ORDERS.labels("unreadable").inc(unreadable)


def count_too_large(*, sent: bool) -> None:
    """Count a message that was not sent as a whole, or not at all."""
    TOO_LARGE.labels("cut" if sent else "withheld").inc()


def count_redis_error() -> None:
    """Count a call that Redis did not answer."""
    REDIS_ERRORS.inc()


def kind(reason: str) -> str:
    """The kind of a dead letter's reason: one of REASONS, else "other"."""
    named = reason.partition(":")[0]
    return named if named in REASONS else "other"
