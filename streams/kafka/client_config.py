"""The configuration that all our Kafka clients share."""

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from streams.addresses import bootstrap_servers

Setting = str | int | float | bool

ANSWER_SECONDS = 10.0
RECONNECT_MS = 500  # librdkafka's 10 s would come on top of a broker's restart
LARGEST_ANSWER = 1 << 30  # bytes: a batch that is larger than librdkafka's 100 MB stops no reader
CRITICAL = 2  # of syslog's levels: librdkafka's retries are no news, its errors come as exceptions


# Ends of partitions include what an open transaction holds back: it is still to be worked on.
TO_THE_END: dict[str, Setting] = {"isolation.level": "read_uncommitted"}


def client(kafka: str, **more: Setting) -> dict[str, Setting]:
    """The base of a confluent-kafka client's configuration."""
    return {
        "bootstrap.servers": ",".join(bootstrap_servers(kafka)),
        "log_level": CRITICAL,
        "reconnect.backoff.max.ms": RECONNECT_MS,
        **more,
    }


ONE_A_BATCH: dict[str, Setting] = {"batch.num.messages": 1}  # none is refused for another's size
READING: dict[str, Setting] = {
    "enable.auto.commit": False,
    "receive.message.max.bytes": LARGEST_ANSWER,
}


def reader(kafka: str, name: str, **more: Setting) -> dict[str, Setting]:
    """The same of a consumer of assigned partitions; it must name a group, but joins none."""
    return client(kafka, **READING | {"group.id": name} | more)


def await_answer(kafka: str) -> None:
    """Return when Kafka answers; if it does not, raise KafkaException with advice."""
    try:
        AdminClient(client(kafka)).list_topics(timeout=ANSWER_SECONDS)
    except KafkaException as error:
        raise KafkaException(
            f"no Kafka answers at {kafka}. Start one with 'overcast up', or name yours with "
            "--kafka or OVERCAST_KAFKA."
        ) from error
