"""What all our Kafka clients have in common."""

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

Setting = str | int | float | bool

ANSWER_SECONDS = 10.0
RECONNECT_MS = 500  # librdkafka's 10 s would come on top of a broker's restart
CRITICAL = 2  # syslog's level: librdkafka's retries are not news, its errors come as exceptions


def client(kafka: str, **more: Setting) -> dict[str, Setting]:
    """The base of a confluent-kafka client's configuration."""
    return {
        "bootstrap.servers": kafka,
        "log_level": CRITICAL,
        "reconnect.backoff.max.ms": RECONNECT_MS,
        **more,
    }


def reader(kafka: str, name: str, **more: Setting) -> dict[str, Setting]:
    """A consumer that reads assigned partitions; its group is required, never joined."""
    return client(kafka, **{"group.id": name, "enable.auto.commit": False, **more})


def await_answer(kafka: str) -> None:
    """Returns when Kafka answers; KafkaException, with what to do, if it does not soon."""
    try:
        AdminClient(client(kafka)).list_topics(timeout=ANSWER_SECONDS)
    except KafkaException as error:
        raise KafkaException(
            f"no Kafka answers at {kafka}. Start one with 'overcast up', or name yours with "
            "--kafka or OVERCAST_KAFKA."
        ) from error
