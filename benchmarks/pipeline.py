"""The time for one ball through the pure pipeline: decode, advance, encode; no Kafka, no Redis.

`python -m benchmarks.pipeline` prints microseconds of processor time a message, part by part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from statistics import median
from time import process_time_ns

from benchmarks.load import simulated
from learning.starter import load_starter
from streams import garbage
from streams.installed import InstalledModels
from streams.pipeline import Models, advance
from streams.predictions import Source, encode
from streams.records import Effects, MatchRecord, encode_entry, encode_head, online_features, receive

AT_ONCE, MESSAGES, BATCH, ROUNDS = 40, 10_000, 200, 5
Messages = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True)
class Spent:
    """Nanoseconds of each part, and the digest of all bytes that were made."""

    decode: int = 0
    advance: int = 0
    encode: int = 0
    store: int = 0
    hashed: str = ""
    digest: object = field(default_factory=sha256)


def round_(messages: Messages, models: Models, batch: int = BATCH) -> Spent:
    """All messages once, as one partition holds them."""
    live: dict[str, MatchRecord] = {}
    spent, hashed = Spent(), sha256()
    for start in range(0, len(messages), batch):
        a = process_time_ns()
        received = [
            receive(key, value, Source("b", 0, start + n))
            for n, (key, value) in enumerate(messages[start : start + batch])
        ]
        b = process_time_ns()
        effects = advance(live, received, models)
        live |= effects.records
        c = process_time_ns()
        said = [encode(made) for made in (*effects.predictions, *effects.labels)]
        d = process_time_ns()
        kept = list(stored(effects))
        e = process_time_ns()
        spent.decode += b - a
        spent.advance += c - b
        spent.encode += d - c
        spent.store += e - d
        for value in (*said, *kept):
            hashed.update(value)
    spent.hashed = hashed.hexdigest()[:16]
    return spent


def stored(effects: Effects):
    for match_id, record in effects.records.items():
        yield encode_head(record)
        yield online_features(record)
        yield from map(encode_entry, effects.entries.get(match_id, {}).values())


def main() -> None:
    import sys
    messages = simulated(AT_ONCE, MESSAGES).messages
    models = InstalledModels(load_starter())
    models["t20-male"]
    garbage.spare()
    rounds = [round_(messages, models) for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)]
    us = [median(getattr(r, part) for r in rounds) / 1000 / len(messages) for part in ("decode", "advance", "encode", "store")]
    import streams.pipeline
    print(streams.pipeline.__file__.rsplit(".", 1)[1], "decode %.1f advance %.1f encode %.1f store %.1f whole %.1f" % (*us, sum(us[:3])), {r.hashed for r in rounds})


if __name__ == "__main__":
    main()
