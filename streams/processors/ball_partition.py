"""The live matches of one partition of `cricket.balls`, and the order of its effects (ADR-4)."""

import logging
from collections.abc import Mapping, Sequence

from features.store import Entry, TakenError
from streams.messages.events import Place
from streams.observability.tracing import BatchTrace
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import gap_limits
from streams.pipeline.match_log import Entry as BookEntry
from streams.pipeline.match_record import (
    MatchRecord,
    decode_parts,
    encode_entry,
    encode_head,
    online_features,
)
from streams.processors.publisher import Publisher
from streams.processors.recovery import Recovery
from streams.processors.services import Services

log = logging.getLogger(__name__)


class BallPartition:
    """The live matches of one partition, in memory as in Redis, from the message `first` on.

    It claims the partition's way out and its place in Redis: whoever had them can write no more.
    """

    def __init__(self, tools: Services, partition: int, first: int) -> None:
        self._tools = tools
        self._partition = partition
        self._live: dict[str, MatchRecord] = {}
        self._posting = Publisher(tools.settings, tools, partition)
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
        left, limits = batch[len(told) :], gap_limits(self._tools.settings)
        return advance(self._live, left, self._tools.models, limits, effects)

    def _fetch(self, batch: Sequence[Received]) -> None:
        """Brings the matches that are not in memory from Redis, asleep ones from the log."""
        wanted = {r.event.match_id for r in batch if r.event is not None}
        unknown = sorted(wanted - self._live.keys())
        if not unknown:
            return
        with self._tools.turns.given_up():
            found = self._tools.store.read(self._partition, unknown)
        if not self._tenure.intact(found.lease):
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

    def _restoration(self) -> Recovery:
        tools = self._tools
        return Recovery(tools.settings, tools.journal, tools.models, self._partition)

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
