"""What a command must know of the cluster before it reads or writes there."""

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from streams.kafka.client_config import await_answer, client
from streams.kafka.partitions import numbers
from streams.kafka.topics import Topic, real_name
from streams.settings import Settings


def partitions_of(topic: Topic, settings: Settings) -> int:
    """Return how many partitions a topic has; ValueError with advice if it is not there."""
    await_answer(settings.kafka_access)
    name = real_name(topic, settings)
    try:
        return len(numbers(AdminClient(client(settings.kafka_access)), name))
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:  # no right to see it, perhaps
            raise
    raise ValueError(
        f"{name} does not exist at {settings.kafka}: start a worker first, or name the right "
        "prefix with --topic-prefix."
    )
