"""The ceiling: consume, produce the same bytes. `python -m benchmarks.same_bytes`, as a worker."""

from benchmarks.consuming import batches
from streams.failure import run
from streams.kafka.producer import Producer
from streams.kafka.topics import PREDICTIONS, real_name
from streams.settings import Settings


def main() -> None:
    """Sends every message on as it came; until it is ended."""
    settings = Settings()
    outbox, to = Producer(settings.kafka_access), real_name(PREDICTIONS, settings)
    for batch in batches(settings):
        for record in batch:
            outbox.send(to, record.key, record.value, partition=record.partition)
        outbox.flush()


if __name__ == "__main__":
    run(main, kafka=True)
