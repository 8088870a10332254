"""The same pipeline as a Quix Streams application that keeps what a worker keeps.

`python -m benchmarks.quix_kept`, configured like a worker: matches in Quix's own state store with
its changelog, labels, and each message exactly once in effect. Matches are remembered too, as by
a worker, so that the store is read after a restart only.
"""

import tempfile
from collections.abc import Iterator

import msgspec

from benchmarks.plain import Plain
from learning.starter import load_starter
from streams.failure import needed, run
from streams.kafka.topics import BALLS, LABELS, PREDICTIONS, real_name
from streams.messages import labels, predictions
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.match_record import MatchRecord, decode_parts, encode_entry, encode_head
from streams.processors.balls import receive_record
from streams.settings import Settings
from streams.worker import gc_tuning

with needed("make bench makes .venv-quix, which has it."):
    from quixstreams import Application, State
    from quixstreams.state.rocksdb import RocksDBOptions

LABEL, PREDICTION = 0, 1


class Kept:
    """Matches in memory and in the state store, which has a match's head and its book's entries."""

    def __init__(self, topic: str) -> None:
        self._models = InstalledModels(load_starter())
        self._models.build(self._models)
        self._topic = topic
        self._live: dict[str, MatchRecord] = {}
        self._offsets: dict[str, int] = {}

    def answer(
        self, value: bytes, key: bytes, timestamp: int, headers: object, state: State
    ) -> list[tuple[int, bytes]]:
        """What a message brings: predictions and labels."""
        del headers
        name = key.decode()
        if name not in self._live and (head := state.get("head")) is not None:
            self._live[name] = decode_parts(head, _entries(state))
        self._offsets[name] = self._offsets.get(name, -1) + 1
        record = Plain(key, value, self._topic, 0, self._offsets[name], (), timestamp)
        effects = advance(self._live, [receive_record(record)], self._models)
        self._live |= effects.records
        for match_id, changed in effects.records.items():
            state.set("head", encode_head(changed))
            for (seq, rank), entry in effects.entries.get(match_id, {}).items():
                state.set(f"{seq}.{rank}", encode_entry(entry))
        said = [(PREDICTION, predictions.encode(made)) for made in effects.predictions]
        return said + [(LABEL, labels.encode(label)) for label in effects.labels]


def _entries(state: State) -> Iterator[bytes]:
    """A book's entries, by their places: sequence numbers, and ranks within one."""
    seq, rank = 0, 0
    while (entry := state.get(f"{seq}.{rank}")) is not None or rank:
        if entry is None:
            seq, rank = seq + 1, 0
            continue
        rank += 1
        yield entry


def _stored(value: object) -> bytes:
    return value if isinstance(value, bytes) else msgspec.json.encode(value)


def main() -> None:
    """Forecasts every ball; until it is ended."""
    settings = Settings()
    name = real_name(BALLS, settings)
    with tempfile.TemporaryDirectory(prefix="quix-") as folder:
        app = Application(
            broker_address=settings.kafka,
            consumer_group=settings.group,
            auto_offset_reset="earliest",
            loglevel="ERROR",
            state_dir=folder,
            rocksdb_options=RocksDBOptions(dumps=_stored, loads=bytes),
            processing_guarantee="exactly-once",
        )
        as_bytes = {"value_serializer": "bytes", "key_serializer": "bytes"}
        balls = app.topic(name, value_deserializer="bytes", key_deserializer="bytes")
        said = app.dataframe(balls).apply(
            Kept(name).answer, metadata=True, expand=True, stateful=True
        )
        unlearned = f"{real_name(LABELS, settings)}.unlearned"  # nobody is there who learns
        for kind, topic in ((PREDICTION, real_name(PREDICTIONS, settings)), (LABEL, unlearned)):
            chosen = said.filter(lambda one, kind=kind: one[0] == kind).apply(lambda one: one[1])
            chosen.to_topic(app.topic(topic, **as_bytes))
        gc_tuning.tune()
        app.run()


if __name__ == "__main__":
    run(main, kafka=True)
