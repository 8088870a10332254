"""The same loop with the pure pipeline in it, matches in memory, no Redis, no transaction.

`python -m benchmarks.pure`, configured like a worker: what Kafka and the forecast cost, and nothing
of what makes a worker safe.
"""

from collections.abc import Sequence

from benchmarks.consuming import batches
from benchmarks.plain import Plain
from learning.starter import load_starter
from streams.failure import run
from streams.kafka.producer import Producer
from streams.kafka.topics import PREDICTIONS, real_name
from streams.messages.predictions import encode
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.match_record import MatchRecord
from streams.processors.balls import receive_record
from streams.settings import Settings
from streams.worker import gc_tuning


class Forecasts:
    """Matches in memory, from the first ball on."""

    def __init__(self) -> None:
        self._models = InstalledModels(load_starter())
        self._models.build(self._models)
        self._live: dict[str, MatchRecord] = {}

    def of(self, records: Sequence[Plain]) -> list[tuple[bytes, bytes]]:
        """The predictions of a batch, with their keys."""
        effects = advance(self._live, [receive_record(record) for record in records], self._models)
        self._live |= effects.records
        return [(made.match_id.encode(), encode(made)) for made in effects.predictions]


def main() -> None:
    """Forecasts every ball; until it is ended."""
    settings, forecasts = Settings(), Forecasts()
    outbox, to = Producer(settings.kafka_access), real_name(PREDICTIONS, settings)
    gc_tuning.tune()
    for batch in batches(settings):
        for key, value in forecasts.of(batch):
            outbox.send(to, key, value, partition=batch[0].partition)
        outbox.flush()


if __name__ == "__main__":
    run(main, kafka=True)
