"""The time for one message through the pure pipeline, part by part; no Kafka, no Redis.

`python -m benchmarks.pipeline` on one core. The digest is that of every byte that was made: two
ways of computing may be compared only if it is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from time import process_time_ns

from benchmarks.load import simulated
from learning.starter import load_starter
from streams.failure import run
from streams.messages.labels import encode as encode_label
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.models.registry import InstalledModels
from streams.pipeline.advance import Models, advance
from streams.pipeline.effects import Effects, Received, receive
from streams.pipeline.match_record import MatchRecord, encode_entry, encode_head, online_features
from streams.worker import gc_tuning

AT_ONCE, MESSAGES, BATCH, ROUNDS = 40, 10_000, 200, 5
PARTS = ("decode", "advance", "encode", "store")
Messages = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Round:
    """Microseconds of processor time a message, by PARTS, and the digest of what was made."""

    parts: tuple[float, ...]
    digest: str


def measured(messages: Messages, models: Models, batch: int = BATCH) -> Round:
    """All messages once, as one partition holds them."""
    live: dict[str, MatchRecord] = {}
    spent, digest = [0] * len(PARTS), sha256()
    for start in range(0, len(messages), batch):
        times = [process_time_ns()]
        received = _received(messages[start : start + batch], start)
        times.append(process_time_ns())
        effects = advance(live, received, models)
        times.append(process_time_ns())
        said = [*map(encode, effects.predictions), *map(encode_label, effects.labels)]
        times.append(process_time_ns())
        kept = list(_kept(effects))
        times.append(process_time_ns())
        live |= effects.records
        spent = [s + b - a for s, a, b in zip(spent, times, times[1:], strict=False)]
        digest.update(b"\n".join((*said, *kept)))
    parts = tuple(nanoseconds / 1_000 / len(messages) for nanoseconds in spent)
    return Round(parts, digest.hexdigest())


def _received(messages: Messages, first: int) -> list[Received]:
    return [receive(*told, Source("b", 0, offset)) for offset, told in enumerate(messages, first)]


def _kept(effects: Effects) -> Iterator[bytes]:
    """What Redis is given."""
    for match_id, record in effects.records.items():
        yield encode_head(record)
        yield online_features(record)
        yield from map(encode_entry, effects.entries.get(match_id, {}).values())


def main() -> None:
    """Prints the medians of the rounds."""
    load, models = simulated(AT_ONCE, MESSAGES), InstalledModels(load_starter())
    models["t20-male"]
    gc_tuning.tune()
    rounds = [measured(load.messages, models) for _ in range(ROUNDS)]
    medians = [median(column) for column in zip(*(r.parts for r in rounds), strict=True)]
    told = ", ".join(f"{part} {spent:.1f}" for part, spent in zip(PARTS, medians, strict=True))
    print(f"{load.name}, batches of {BATCH}: {told}; without store {sum(medians[:3]):.1f} µs")
    print("digest", *sorted({r.digest for r in rounds}))


if __name__ == "__main__":
    run(main)
