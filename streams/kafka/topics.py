"""The topics as data: they are created from it, and their documentation is made from it.

A learner publishes in transactions: its readers set `read_committed` (ADR-14).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from streams.kafka.client_config import ANSWER_SECONDS, await_answer, client
from streams.settings import Settings

LARGEST_MESSAGE = 8 * 1024 * 1024  # bytes: room for a model snapshot
DAY_MS = 86_400_000
NO_RIGHT = (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.CLUSTER_AUTHORIZATION_FAILED)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `partitions` 0 means as many as the match topics have."""

    name: str
    key: str
    holds: str
    writer: str
    readers: str
    partitions: int = 0
    config: dict[str, str] = field(default_factory=dict, hash=False)


APPEND_TIME = {"message.timestamp.type": "LogAppendTime"}  # latency is measured append to append
LARGE = {"max.message.bytes": str(LARGEST_MESSAGE)}
KEPT = {"retention.ms": str(30 * DAY_MS)}

BALLS = Topic(
    "cricket.balls",
    "match id",
    "match started, innings opened, ball bowled, target revised, player replaced, innings closed, "
    "innings reopened, match ended; a higher revision amends a message or cancels it",
    "a feed, such as `overcast replay`",
    "workers",
    config={**APPEND_TIME, **KEPT, **LARGE},
)
PREDICTIONS = Topic(
    "cricket.predictions",
    "match id",
    "one forecast per ball and revision, with the scorecard it was made from; the official result "
    "of each match; withdrawals; waits",
    "workers",
    "dashboards, downstream teams",
    config={**APPEND_TIME, **KEPT},
)
ORDERS = Topic(
    "cricket.orders",
    "model key",
    "operators' orders to the learner, each signed by the one who gives it",
    "operators",
    "workers",
    partitions=1,  # some hundred small messages a year
    config={**APPEND_TIME, **KEPT},
)
LABELS = Topic(
    "cricket.labels",
    "model key",
    "answered questions: features and forecasts as asked, and the answer; revised if corrected; "
    "operators' orders, as checked by a worker",
    "workers",
    "the learner",
    config={**APPEND_TIME, **KEPT},
)
METRICS = Topic(
    "cricket.metrics",
    "model key",
    "prequential scores of each model, all and over a window, beside their baselines",
    "the learner",
    "dashboards, operators",
    config={**APPEND_TIME, **KEPT},
)
MODELS = Topic(
    "cricket.models",
    "model key",
    "model snapshots with digest and training position",
    "the learner",
    "workers",
    partitions=1,
    # kept as long as the predictions that name it, so that these can be made again
    config={"cleanup.policy": "compact", "min.compaction.lag.ms": str(30 * DAY_MS), **LARGE},
)
DRIFT = Topic(
    "cricket.drift",
    "model key",
    "alarms, challengers raised, promoted, retired or rolled back, and operators' orders",
    "the learner",
    "dashboards, operators",
    partitions=1,
    # a model's whole story: some hundred small messages a year, never deleted
    config={**APPEND_TIME, "retention.ms": "-1"},
)
CONTESTS = Topic(
    "cricket.contests",
    "model key",
    "a learner's whole state: champion, challengers, what the detectors were told, positions",
    "the learner",
    "the next learner",
    partitions=1,
    # small segments, soon compacted: a learner that starts reads what is there
    config={"cleanup.policy": "compact", "segment.bytes": str(64 << 20), **LARGE},
)
DEAD_LETTERS = Topic(
    "cricket.dead-letters",
    "as received",
    "messages that could not be read or broke a law, up to 64 KiB of each; reason, origin, length "
    "and digest in headers",
    "workers",
    "operators",
    config={**APPEND_TIME, **KEPT, **LARGE},
)
TOPICS = (BALLS, PREDICTIONS, ORDERS, LABELS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS)
CONTRACTED = tuple(t for t in TOPICS if t is not CONTESTS)  # CONTESTS is internal to the learner


def real_name(topic: Topic, settings: Settings) -> str:
    """The topic's name in this cluster."""
    return settings.topic_prefix + topic.name


def label_partition(model_key: str, partitions: int) -> int:
    """Which of the partitions of `cricket.labels` holds a model's labels: it has one learner."""
    return crc32(model_key.encode()) % partitions


def create_topics(settings: Settings, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Create the missing topics and return their names; an existing one is left as it is.

    Where none is missing, no right to create is needed; where one is and this client may not create
    it, KafkaException says so. `streams.kafka.partitions.match_answers` sees to it that they go
    together.
    """
    await_answer(settings.kafka_access)
    admin = AdminClient(client(settings.kafka_access))
    there = admin.list_topics(timeout=ANSWER_SECONDS).topics
    named = {real_name(topic, settings): topic for topic in topics}
    wanted = [_new_topic(n, topic, settings) for n, topic in named.items() if n not in there]
    if not wanted:
        return []
    creations = admin.create_topics(wanted, operation_timeout=30.0)
    # Wait for all before raising: a client that is dropped before its answers come hangs.
    errors = {name: future.exception() for name, future in creations.items()}
    for name, error in errors.items():
        if error is not None and _code(error) != KafkaError.TOPIC_ALREADY_EXISTS:
            raise _advised(name, error)
    return [name for name, error in errors.items() if error is None]


def _code(error: BaseException) -> int | None:
    reason = error.args[0] if isinstance(error, KafkaException) else None
    return reason.code() if isinstance(reason, KafkaError) else None


def _advised(name: str, error: BaseException) -> BaseException:
    if _code(error) not in NO_RIGHT:
        return error
    return KafkaException(
        f"{name} is not there, or this client may not see it, and it may not create it "
        f"({error.args[0].str()}): run 'overcast topics --create' as an administrator, or give the "
        "rights that 'overcast acls' prints"
    )


def _new_topic(name: str, topic: Topic, settings: Settings) -> NewTopic:
    return NewTopic(
        name,
        num_partitions=topic.partitions or settings.partitions,
        replication_factor=settings.replication,
        config=topic.config,
    )
