"""The same pipeline as a Quix Streams application, in an environment of its own.

`python -m benchmarks.quix`, configured like a worker: Quix pins an older confluent-kafka, see
requirements/quix.txt.
"""

from benchmarks.plain import Plain
from benchmarks.pure import Forecasts
from streams.failure import needed, run
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.settings import Settings

with needed("make bench makes .venv-quix, which has it."):
    from quixstreams import Application


def main() -> None:
    """Forecasts every ball; until it is ended."""
    settings, forecasts = Settings(), Forecasts()
    app = Application(
        broker_address=settings.kafka,
        consumer_group=settings.group,
        auto_offset_reset="earliest",
        loglevel="ERROR",
    )
    balls = app.topic(
        real_name(BALLS, settings), value_deserializer="bytes", key_deserializer="bytes"
    )
    out = app.topic(
        real_name(PREDICTIONS, settings), value_serializer="bytes", key_serializer="bytes"
    )
    offsets: dict[str, int] = {}

    def forecast(value: bytes, key: bytes, timestamp: int, headers: object) -> list[bytes]:
        del headers
        name = key.decode()
        offsets[name] = offsets.get(name, -1) + 1
        record = Plain(key, value, balls.name, 0, offsets[name], (), timestamp)
        return [made for _, made in forecasts.of([record])]

    app.dataframe(balls).apply(forecast, metadata=True, expand=True).to_topic(out)
    app.run()


if __name__ == "__main__":
    run(main, kafka=True)
