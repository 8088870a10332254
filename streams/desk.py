"""One worker's desk for `cricket.balls`: fetch what a batch needs, advance, send, remember.

The order is the guarantee (ADR-4): predictions are acknowledged by Kafka before the state is
written to Redis, and that before the offset is committed. Whatever is interrupted is done again
from the same state, and what had been sent already is not sent twice.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from features.store import Entry, OnlineStore
from streams import telemetry
from streams.book import Entry as BookEntry
from streams.events import Place
from streams.installed import InstalledModels
from streams.journal import Journal
from streams.outbox import Outbox
from streams.patience import patience
from streams.pipeline import advance
from streams.posting import Posting
from streams.predictions import Source
from streams.records import (
    Effects,
    MatchRecord,
    Received,
    decode_parts,
    encode_entry,
    encode_head,
    online_features,
    receive,
)
from streams.restoration import Restoration
from streams.settings import Settings
from streams.telling import tell
from streams.traces import BatchTrace, Tracing

log = logging.getLogger(__name__)


class Record(Protocol):
    """A message as aiokafka's consumer gives it."""

    key: bytes | None
    value: bytes | None
    topic: str
    partition: int
    offset: int
    headers: Sequence[tuple[str, bytes]]
    timestamp: int  # ms since 1970: of cricket.balls, when Kafka appended it


@dataclass(frozen=True, slots=True)
class Tools:
    """What a desk works with."""

    settings: Settings
    models: InstalledModels
    store: OnlineStore
    outbox: Outbox
    journal: Journal
    tracing: Tracing | None = None


class BallsDesk:
    """Owns the live matches of the partitions that this worker was assigned."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._partitions: dict[int, PartitionDesk] = {}

    def reassigned(self) -> None:
        """Forgets everything: after a rebalance another worker may have moved the matches on."""
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> Effects:
        """All effects of a batch of one partition, done and acknowledged."""
        first = records[0]
        desk = self._partitions.get(first.partition)
        if desk is None:
            desk = PartitionDesk(self._tools, first.partition)
            self._partitions[first.partition] = desk
        began = time.perf_counter()
        batch = [received(record) for record in records]
        telemetry.received(batch)
        tracing = self._tools.tracing
        trace = None if tracing is None else tracing.batch(records)
        effects = desk.handle(batch, trace)
        if trace is not None:
            trace.finish()
        seconds = time.perf_counter() - began
        telemetry.worked(effects, first.partition, records, seconds, time.time())
        tell(effects, batch)
        return effects


def received(record: Record) -> Received:
    """The record, opened."""
    source = Source(record.topic, record.partition, record.offset)
    return receive(record.key, record.value, source)


class PartitionDesk:
    """The live matches of one partition, in memory as in Redis."""

    def __init__(self, tools: Tools, partition: int) -> None:
        self._tools = tools
        self._partition = partition
        self._live: dict[str, MatchRecord] = {}
        self._posting = Posting(tools.settings, tools.outbox, tools.journal, partition)

    def handle(self, batch: Sequence[Received], trace: BatchTrace | None = None) -> Effects:
        """Fetches, advances, sends, remembers, in this order."""
        self._fetch(batch)
        effects = advance(self._live, batch, self._tools.models, patience(self._tools.settings))
        self._posting.post(effects, trace)
        changed = (_entry(r, effects.entries.get(i, {})) for i, r in effects.records.items())
        self._tools.store.write(self._partition, changed)
        self._keep(effects.records)
        return effects

    def _fetch(self, batch: Sequence[Received]) -> None:
        """Brings the matches that are not in memory from Redis, else from the log."""
        wanted = {r.event.match_id for r in batch if r.event is not None}
        unknown = sorted(wanted - self._live.keys())
        if not unknown:
            return
        found = self._tools.store.read(self._partition, unknown)
        if not found.whole:
            self._restore(batch[0].source.offset)
            found = self._tools.store.read(self._partition, unknown)
        records = {i: decode_parts(s.record, s.book) for i, s in found.records.items()}
        self._live.update(records)
        asleep = {i for i, record in records.items() if record.asleep}
        if asleep:
            self._write_whole(self._restoration().replayed(asleep, batch[0].source.offset))

    def _restore(self, stop: int) -> None:
        """Writes to Redis what the log knows of the partition; Redis is new, or was flushed."""
        records = self._restoration().records(stop)
        self._write_whole(records)
        self._tools.store.set_whole(self._partition)
        if records:
            log.info("partition %s: %s matches restored", self._partition, len(records))

    def _restoration(self) -> Restoration:
        tools = self._tools
        return Restoration(tools.settings, tools.journal, tools.models, self._partition)

    def _write_whole(self, records: Mapping[str, MatchRecord]) -> None:
        """Writes matches with their whole books, and keeps them."""
        entries = (_entry(r, {e.place: e for e in r.book}) for r in records.values())
        self._tools.store.write(self._partition, entries)
        self._keep({i: record for i, record in records.items() if not record.asleep})

    def _keep(self, records: Mapping[str, MatchRecord]) -> None:
        """The changed matches in memory, the latest moved ones last."""
        for match_id, record in records.items():
            self._live.pop(match_id, None)
            self._live[match_id] = record
        while len(self._live) > self._tools.settings.live_matches:
            del self._live[next(iter(self._live))]


def _entry(record: MatchRecord, changed: Mapping[Place, BookEntry]) -> Entry:
    book = {f"{seq}.{rank}": encode_entry(entry) for (seq, rank), entry in changed.items()}
    features = online_features(record)
    return Entry(record.match_id, record.offset, encode_head(record), features, book)
