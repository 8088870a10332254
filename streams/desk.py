"""One worker's desk for `cricket.balls`: fetch what a batch needs, advance, send, remember.

The order is the guarantee (ADR-4): predictions are acknowledged by Kafka before the state is
written to Redis, and that before the offset is committed. Whatever is interrupted is done again
from the same state, and what had been sent already is not sent twice.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from features.store import Entry, OnlineStore, TakenError
from streams import telemetry
from streams.book import Entry as BookEntry
from streams.events import Place
from streams.fenced import Claim
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
from streams.turns import Turns

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
    claim: Claim
    journal: Journal
    tracing: Tracing | None = None
    turns: Turns = field(default_factory=Turns)


class BallsDesk:
    """Owns the live matches of the partitions that this worker was assigned."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._partitions: dict[int, PartitionDesk] = {}

    def reassigned(self) -> None:
        """Forgets everything: after a rebalance another worker may move the matches on."""
        for desk in self._partitions.values():
            desk.close()
        self._partitions.clear()

    def handle(self, records: Sequence[Record]) -> Effects:
        """All effects of a batch of one partition, done and acknowledged."""
        with self._tools.turns.mine():
            return self._handle(records)

    def _handle(self, records: Sequence[Record]) -> Effects:
        first = records[0]
        desk = self._partitions.get(first.partition)
        if desk is None:
            with self._tools.turns.given_up():  # a takeover asks Kafka and Redis a lot
                desk = PartitionDesk(self._tools, first.partition, first.offset)
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
    """The live matches of one partition, in memory as in Redis, from the message `first` on.

    It claims the partition's way out and its place in Redis: whoever had them can write no more.
    """

    def __init__(self, tools: Tools, partition: int, first: int) -> None:
        self._tools = tools
        self._partition = partition
        self._live: dict[str, MatchRecord] = {}
        self._posting = Posting(tools.settings, tools, partition)
        self._told = self._posting.told
        self._tenure = tools.store.claim(partition)
        if self._tenure.through + 1 < first:  # Redis is new, was emptied, or is an old copy
            self._restore(first)

    def handle(self, batch: Sequence[Received], trace: BatchTrace | None = None) -> Effects:
        """Fetches, advances, sends, remembers, in this order."""
        self._fetch(batch)
        effects = self._advance(batch)
        self._posting.post(effects, trace)
        self._keep(effects.records)
        changed = [_entry(r, effects.entries.get(i, {})) for i, r in effects.records.items()]
        last = batch[-1].source.offset
        with self._tools.turns.given_up():
            self._posting.flush(effects)
            written = self._tenure.write(changed, last)
        if not written:
            self._claim_again(last + 1)
        return effects

    def close(self) -> None:
        """Lets go of its way out."""
        self._posting.close()

    def _claim_again(self, stop: int) -> None:
        """The partition's place in a Redis that has lost something, filled from the log."""
        log.warning("partition %s: Redis has lost what it held", self._partition)
        self._tenure = self._tools.store.claim(self._partition)
        self._restore(stop)

    def _advance(self, batch: Sequence[Received]) -> Effects:
        """The batch's effects; what an interrupted run had answered, by the model that did."""
        told = [r for r in batch if r.source.offset <= self._told]
        effects = Effects()
        if told:
            said = self._posting.answered_from(told[0].source.offset)
            effects = self._restoration().again(self._live, told, said)
        left, limits = batch[len(told) :], patience(self._tools.settings)
        return advance(self._live, left, self._tools.models, limits, effects)

    def _fetch(self, batch: Sequence[Received]) -> None:
        """Brings the matches that are not in memory from Redis, asleep ones from the log."""
        wanted = {r.event.match_id for r in batch if r.event is not None}
        unknown = sorted(wanted - self._live.keys())
        if not unknown:
            return
        with self._tools.turns.given_up():
            found = self._tools.store.read(self._partition, unknown)
        if not self._tenure.whole(found.held):
            self._claim_again(batch[0].source.offset)
            found = self._tools.store.read(self._partition, unknown)
        records = {i: decode_parts(s.record, s.book) for i, s in found.records.items()}
        self._live.update(records)
        asleep = {i for i, record in records.items() if record.asleep}
        if asleep:
            awake = self._restoration().replayed(asleep, batch[0].source.offset)
            self._tenure.fill(map(_whole, awake.values()), self._tenure.through)
            self._keep(awake)

    def _restore(self, stop: int) -> None:
        """Writes to Redis all that the log knows of the partition before an offset."""
        lost = self._restoration().records(stop, self._live)
        entries = [_whole(record) for record in [*lost.values(), *self._live.values()]]
        self._keep({i: record for i, record in lost.items() if not record.asleep})
        if not self._tenure.fill(entries, stop - 1):
            raise TakenError(f"partition {self._partition}: Redis was emptied again")
        if lost:
            log.info("partition %s: %s matches restored", self._partition, len(lost))

    def _restoration(self) -> Restoration:
        tools = self._tools
        return Restoration(tools.settings, tools.journal, tools.models, self._partition)

    def _keep(self, records: Mapping[str, MatchRecord]) -> None:
        """The changed matches in memory, the latest moved ones last."""
        for match_id, record in records.items():
            self._live.pop(match_id, None)
            self._live[match_id] = record
        while len(self._live) > self._tools.settings.live_matches:
            del self._live[next(iter(self._live))]


def _whole(record: MatchRecord) -> Entry:
    """A match with its whole book."""
    return _entry(record, {entry.place: entry for entry in record.book})


def _entry(record: MatchRecord, changed: Mapping[Place, BookEntry]) -> Entry:
    book = {f"{seq}.{rank}": encode_entry(entry) for (seq, rank), entry in changed.items()}
    features = online_features(record)
    return Entry(record.match_id, record.offset, encode_head(record), features, book)
