"""What a first Faust agent looks like: one event at a time, everything waited for.

`python -m benchmarks.naive`, configured like a worker, on Faust's own transport: for each ball the
match read from Redis, the pipeline, one answer of a River model, the match written, a send.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import cast

import faust
import redis.asyncio
from river import linear_model, preprocessing

from benchmarks.plain import Plain
from learning.starter import load_starter
from streams.failure import run
from streams.kafka.topics import BALLS, PREDICTIONS, real_name
from streams.messages.predictions import Prediction, encode
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.match_record import MatchRecord, decode_record, encode_record
from streams.processors.balls import receive_record
from streams.settings import Settings
from streams.worker.application import MEMBERSHIP
from streams.worker.credentials import credentials

INPUTS = ("batting", "tie", "bowling", "mean", "added")


def create_app(settings: Settings) -> faust.App:
    """The naive worker."""
    app = faust.App(
        settings.group,
        broker=f"kafka://{settings.kafka}",
        store="memory://",
        datadir=str(Path(gettempdir(), "overcast-naive")),  # else a folder is left where it runs
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
        broker_credentials=credentials(settings.kafka_access),
        **MEMBERSHIP,
    )
    balls = app.topic(real_name(BALLS, settings), key_serializer="raw", value_serializer="raw")
    out = app.topic(real_name(PREDICTIONS, settings), key_serializer="raw", value_serializer="raw")
    models = InstalledModels(load_starter())
    store = redis.asyncio.Redis.from_url(settings.redis_url)
    model = preprocessing.StandardScaler() | linear_model.LogisticRegression()

    @app.agent(balls)
    async def forecast(stream: faust.StreamT[bytes]) -> None:
        async for event in stream.events():
            found = event.message
            opened = receive_record(_record(found))
            name = f"{settings.topic_prefix}{opened.event.match_id if opened.event else ''}"
            live = _live(cast("bytes | None", await store.get(name)))
            effects = advance(live, [opened], models)
            for record_ in effects.records.values():
                await store.set(name, encode_record(record_))
            for made in effects.predictions:
                if not isinstance(made, Prediction):  # the official result
                    continue
                inputs = (made.win.batting, made.win.tie, made.win.bowling, made.total.mean, 0.0)
                model.predict_proba_one(_named(inputs))
                await out.send(key=found.key, value=encode(made), partition=found.partition)

    return app


def _record(found: faust.types.Message) -> Plain:
    """A message of Faust's, which gives its time in seconds, as the pipeline takes it."""
    place = (found.topic, found.partition, found.offset)
    return Plain(found.key, found.value, *place, (), int(found.timestamp * 1_000))


def _live(kept: bytes | None) -> dict[str, MatchRecord]:
    record = decode_record(kept) if kept else None
    return {record.match_id: record} if record else {}


def _named(inputs: Sequence[float]) -> dict[str, float]:
    return dict(zip(INPUTS, inputs, strict=True))


def main() -> None:
    """Forecasts every ball; until it is ended."""
    faust.Worker(create_app(Settings()), loglevel="WARNING").execute_from_commandline()


if __name__ == "__main__":
    run(main, kafka=True)
