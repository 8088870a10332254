"""The live matches of one partition of `cricket.balls`, and the order of what is done for a batch.

The order is the guarantee (ADR-4): predictions are acknowledged by Kafka before the state is
written to Redis, and that before the offset is committed. Whatever is interrupted is done again
from the same state, and what had been sent already is not sent twice.
"""

import logging
from collections.abc import Mapping, Sequence

from features.store import Entry, OnlineStore, PartitionLease, Stored, TakenError
from streams.messages.events import Place
from streams.observability.tracing import BatchTrace
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import gap_limits
from streams.pipeline.match_log import Entry as LogEntry
from streams.pipeline.match_record import (
    MatchRecord,
    decode_parts,
    encode_entry,
    encode_head,
    online_features,
)
from streams.processors.publisher import Publisher, claim_publisher
from streams.processors.recovery import Recovery
from streams.processors.services import Services

log = logging.getLogger(__name__)


class BallPartition:
    """The live matches of one partition, in memory as in Redis.

    Made by `take_over`, which claims the partition's output and its lease in Redis: whoever held
    them before can write no more.
    """

    def __init__(
        self, services: Services, partition: int, publisher: Publisher, lease: PartitionLease
    ) -> None:
        self._services = services
        self._partition = partition
        self._live: dict[str, MatchRecord] = {}
        self._publisher = publisher
        self._lease = lease
        self._recovery = Recovery(services, partition)

    def handle(self, batch: Sequence[Received], trace: BatchTrace | None = None) -> Effects:
        """Read, advance, send and write, in this order; the lock is held while it computes."""
        self._load_matches(batch)
        effects, rest = self._answer_again(batch)
        settings, models = self._services.settings, self._services.models
        with self._services.computing:
            advance(self._live, rest, models, gap_limits(settings), effects)
            self._publisher.send(effects, batch, trace)
            self._keep(effects.records)
            changed = [_entry(r, effects.entries.get(i, {})) for i, r in effects.records.items()]
        self._publisher.flush(effects)
        last = batch[-1].source.offset
        if not self._lease.write(changed, last):
            self._claim_again(last + 1)
        return effects

    def close(self) -> None:
        """Close the partition's producer."""
        self._publisher.close()

    def restore_if_behind(self, first: int) -> None:
        """Fill Redis from the log if it lacks messages before `first`, this owner's first one."""
        if self._lease.through + 1 < first:  # Redis is new, was emptied, or is an old copy
            self._restore(first)

    def _claim_again(self, stop: int) -> None:
        """Take the lease again from a Redis that has lost data, and fill it from the log."""
        log.warning("partition %s: Redis has lost what it held", self._partition)
        self._lease = self._services.store.claim(self._partition)
        self._restore(stop)

    def _answer_again(self, batch: Sequence[Received]) -> tuple[Effects, Sequence[Received]]:
        """The effects of messages that an interrupted run had answered, and the other messages."""
        through = self._publisher.answered_through
        answered = [r for r in batch if r.source.offset <= through]
        if not answered:
            return Effects(), batch
        messages = self._publisher.answered_from(answered[0].source.offset)
        effects = self._recovery.answer_again(self._live, answered, messages)
        return effects, batch[len(answered) :]

    def _load_matches(self, batch: Sequence[Received]) -> None:
        """Load the matches that are not in memory: from Redis, and from the log those asleep."""
        wanted = {r.event.match_id for r in batch if r.event is not None}
        unknown = sorted(wanted - self._live.keys())
        if not unknown:
            return
        records = self._decoded(self._read(unknown, batch[0].source.offset))
        self._live.update(records)
        asleep = {match_id for match_id, record in records.items() if record.asleep}
        if asleep:
            awake = self._recovery.replay(asleep, batch[0].source.offset)
            self._lease.fill(map(_whole, awake.values()), self._lease.through)
            self._keep(awake)

    def _read(self, match_ids: Sequence[str], first: int) -> Mapping[str, Stored]:
        """The matches as Redis holds them, filled from the log before `first` if it lost some."""
        store: OnlineStore = self._services.store
        stored = store.read(self._partition, match_ids)
        if not self._lease.intact(stored.lease):
            self._claim_again(first)
            stored = store.read(self._partition, match_ids)
        return stored.records

    def _decoded(self, stored: Mapping[str, Stored]) -> dict[str, MatchRecord]:
        with self._services.computing:
            return {i: decode_parts(match.record, match.book) for i, match in stored.items()}

    def _restore(self, stop: int) -> None:
        """Write to Redis all that the log knows of the partition before an offset."""
        rebuilt = self._recovery.rebuild(stop, self._live)
        entries = [_whole(record) for record in [*rebuilt.values(), *self._live.values()]]
        self._keep({i: record for i, record in rebuilt.items() if not record.asleep})
        if not self._lease.fill(entries, stop - 1):
            raise TakenError(f"partition {self._partition}: Redis was emptied again")
        if rebuilt:
            log.info("partition %s: %s matches restored", self._partition, len(rebuilt))

    def _keep(self, records: Mapping[str, MatchRecord]) -> None:
        """Keep the changed matches in memory, the latest changed ones last."""
        for match_id, record in records.items():
            self._live.pop(match_id, None)
            self._live[match_id] = record
        while len(self._live) > self._services.settings.live_matches:
            del self._live[next(iter(self._live))]


def take_over(services: Services, partition: int, first: int) -> BallPartition:
    """Claim a partition of which this worker handles the messages from offset `first` on."""
    publisher = claim_publisher(services, partition)
    owner = BallPartition(services, partition, publisher, services.store.claim(partition))
    owner.restore_if_behind(first)
    return owner


def _whole(record: MatchRecord) -> Entry:
    """A match to write with its whole log."""
    return _entry(record, {entry.place: entry for entry in record.log})


def _entry(record: MatchRecord, changed: Mapping[Place, LogEntry]) -> Entry:
    """A match to write with the entries of its log that changed."""
    log_entries = {f"{seq}.{rank}": encode_entry(entry) for (seq, rank), entry in changed.items()}
    features = online_features(record)
    return Entry(record.match_id, record.offset, encode_head(record), features, log_entries)
