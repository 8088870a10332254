"""The live matches of one partition of `cricket.balls`, and the order of what is done for a batch.

The order is the guarantee (ADR-4): predictions are acknowledged by Kafka before the state is
written to Redis, and that before the offset is committed. Whatever is interrupted is done again
from the same state, and what had been sent already is not sent twice.
"""

import logging
from collections.abc import Mapping, Sequence
from itertools import islice

from features.store import (
    Entry,
    OnlineStore,
    PartitionLease,
    Position,
    Stored,
    StoredMatches,
    TakenError,
)
from streams.kafka.log_identity import PartitionIdentity
from streams.kafka.topics import BALLS, real_name
from streams.messages.events import Place
from streams.messages.source import Source
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
from streams.processors.evicted_matches import EvictedMatches
from streams.processors.interruption import Interruption
from streams.processors.publisher import Publisher
from streams.processors.recovery import Recovery
from streams.processors.services import Services

ENDED_KEPT = 16  # matches that have ended, in memory for what comes late; Redis has the others
BATCH = 200  # messages handled at once of a log that is worked from its beginning

log = logging.getLogger(__name__)


class BallPartition:
    """The live matches of one partition, in memory as in Redis.

    Made by `balls.take_over`, which claims the partition's output and its lease in Redis: whoever
    held them before can write no more.
    """

    def __init__(
        self,
        services: Services,
        partition: int,
        publisher: Publisher,
        lease: PartitionLease,
        interruption: Interruption | None = None,
    ) -> None:
        self._services = services
        self._partition = partition
        self._live: dict[str, MatchRecord] = {}
        self._ended: dict[str, None] = {}  # those of them that have ended, the latest changed last
        self._publisher = publisher
        self._lease = lease
        self._recovery = Recovery(services, partition, interruption)
        balls = real_name(BALLS, services.settings)
        self._log = PartitionIdentity(services.log_reader, balls, partition)
        self._evicted = EvictedMatches(self._recovery, partition)
        self.last = -1  # offset of the last message handled; -1 before the first

    def handle(self, batch: Sequence[Received], trace: BatchTrace | None = None) -> Effects:
        """Read, advance, send and write, in this order; the lock is held while it computes.

        Messages of which everything is in Redis already change nothing: they come again if a crash
        or a log that is read from its beginning kept their offset from being committed.
        """
        self.last = batch[-1].source.offset
        new = [r for r in batch if r.source.offset > self._lease.through]
        effects = self._handle_new(new, trace) if new else Effects()
        effects.repeated += len(batch) - len(new)
        return effects

    def _handle_new(self, batch: Sequence[Received], trace: BatchTrace | None) -> Effects:
        self._load_matches(batch)
        effects, rest = self._answer_again(batch)
        settings, models = self._services.settings, self._services.models
        with self._services.computing:
            advance(self._live, rest, models, gap_limits(settings), effects)
            self._publisher.send(effects, batch, trace)
            self._keep(effects.records)
            changed = [_entry(r, effects.entries.get(i, {})) for i, r in effects.records.items()]
        self._prepare_tables(effects.records)
        self._publisher.flush(effects)
        self._write(changed, effects, batch[-1].source)
        self._evicted.note_started(batch)
        self._drop_silent()
        return effects

    def close(self) -> None:
        """Close the partition's producer."""
        self._publisher.close()

    def catch_up(self, first: int) -> None:
        """Make Redis what follows from the messages before `first`, this owner's first one.

        Redis may be new, emptied, or an old copy of itself: then it is filled from the log. If it
        is of a log that is gone, or nothing was ever answered, the log is worked from its
        beginning: what was answered of it is only restored, the rest is handled like new messages.
        """
        if self._log_changed():
            text = "partition %s: Redis or the predictions are of another log of cricket.balls "
            text += "than the one that is there, which is worked from its beginning"
            log.warning(text, self._partition)
            self._log.count_changed()
            self._lease.forget()
            self._work_again(first)
        elif self._lease.through + 1 < first:
            if self._publisher.answered_through < 0:
                self._work_again(first)
            else:
                self._restore(first)
        self._drop_silent()

    def _work_again(self, first: int) -> None:
        """Work from the beginning of the log up to `first`."""
        answered = max(self._publisher.answered_through, 0)
        self._restore(answered)
        unanswered = self._recovery.balls(first, answered)
        while batch := list(islice(unanswered, BATCH)):
            self.handle(batch)

    def _log_changed(self) -> bool:
        """Whether Redis or the published messages are those of another log of balls."""
        lease = self._lease
        return self._publisher.log_changed or not self._log.holds(*lease.position)

    def _write(self, changed: Sequence[Entry], effects: Effects, source: Source) -> None:
        """Write what a batch up to `source` changed; what Redis has lost is written again."""
        last = Position(source.offset, source.appended, source.log)
        answer = self._lease.write(changed, last)
        if answer == "evicted":
            answer = self._lease.write(list(map(_whole, effects.records.values())), last)
        if answer == "behind":
            self._claim_again(source.offset + 1)

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
        first = batch[0].source.offset
        stored = self._read(unknown, first)
        records = self._decoded(stored.records)
        self._keep(records)
        asleep = {match_id: 0 for match_id, record in records.items() if record.asleep}
        since = asleep | self._evicted.among(stored, unknown, first)
        if since:
            replayed = self._recovery.replay(set(since), first, min(since.values()))
            self._lease.fill(map(_whole, replayed.values()), self._lease.position)
            self._keep(replayed)

    def _read(self, match_ids: Sequence[str], first: int) -> StoredMatches:
        """The matches as Redis holds them, filled from the log before `first` if it lost some."""
        store: OnlineStore = self._services.store
        stored = store.read(self._partition, match_ids)
        if not self._lease.intact(stored.lease):
            self._claim_again(first)
            stored = store.read(self._partition, match_ids)
        return stored

    def _decoded(self, stored: Mapping[str, Stored]) -> dict[str, MatchRecord]:
        with self._services.computing:
            return {i: decode_parts(match.record, match.book) for i, match in stored.items()}

    def _restore(self, stop: int) -> None:
        """Write to Redis all that the log knows of the partition before an offset."""
        rebuilt = self._recovery.rebuild(stop, self._live)
        entries = [_whole(record) for record in [*rebuilt.values(), *self._live.values()]]
        self._keep({i: record for i, record in rebuilt.items() if not record.asleep})
        last = Position(stop - 1, self._log.appended(stop - 1), self._log.log)
        if not self._lease.fill(entries, last):
            raise TakenError(f"partition {self._partition}: Redis was emptied again")
        if rebuilt:
            log.info("partition %s: %s matches restored", self._partition, len(rebuilt))

    def _prepare_tables(self, records: Mapping[str, MatchRecord]) -> None:
        """Build the tables of formats that matches have come of, if it is not done yet."""
        for key in {record.model_key for record in records.values() if not record.predicted}:
            self._services.models.prepare(key)

    def _keep(self, records: Mapping[str, MatchRecord]) -> None:
        """Keep the changed matches in memory, the latest changed ones last."""
        for match_id, record in records.items():
            self._live.pop(match_id, None)
            self._live[match_id] = record
            self._ended.pop(match_id, None)
            if record.has_ended:
                self._ended[match_id] = None

    def _drop_silent(self) -> None:
        """Drop the matches that changed longest ago, between batches: one may need any of them."""
        while len(self._ended) > ENDED_KEPT:
            self._drop(next(iter(self._ended)))
        while len(self._live) > self._services.settings.live_matches:
            self._drop(next(iter(self._live)))

    def _drop(self, match_id: str) -> None:
        del self._live[match_id]
        self._ended.pop(match_id, None)


def _whole(record: MatchRecord) -> Entry:
    """A match to write with its whole log."""
    return _entry(record, {entry.place: entry for entry in record.log})


def _entry(record: MatchRecord, changed: Mapping[Place, LogEntry]) -> Entry:
    """A match to write with the entries of its log that changed."""
    log_entries = {f"{seq}.{rank}": encode_entry(entry) for (seq, rank), entry in changed.items()}
    head, features, whole = (
        encode_head(record),
        online_features(record),
        len(changed) == len(record.log),
    )
    return Entry(record.match_id, record.offset, head, features, log_entries, whole)
