"""A Faust transport whose event is a batch: one message per partition and fetch.

Most of Faust's cost is per message (`Consumer._drain_messages` makes two tasks for each), so the
list of a fetch's records travels as the value of one message, with the offset of the last. See
ADR-2; this relies on private names of Faust, which is pinned, and `tests/integration` holds its
conformance tests. Used by its dotted name: `streams.worker.transport.batched://host:port`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, ClassVar

from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka
from faust.types import TP, Message

from streams.worker.fetcher import Fetcher
from streams.worker.positions import CommitProofs

ANSWER_SECONDS = 2.0  # to wait for an answer of the group, during which a takeover waits


class GroupThread(aiokafka.AIOKafkaConsumerThread):
    """The thread of a consumer that joins the group and commits, and fetches nothing itself."""

    proofs = CommitProofs()  # replaced with each assignment

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Take the assignment, with this consumer paused: the fetcher reads in its place."""
        consumer = self._ensure_consumer()
        consumer.pause(*consumer.assignment())
        await super().on_partitions_assigned(assigned, generation_id)

    async def is_member(self) -> bool:
        """Whether the group, asked now, counts this worker as a member."""
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001
        return bool(await self.call_thread(coordinator._do_heartbeat))  # noqa: SLF001

    def _create_worker_consumer(self, transport: Any) -> Any:
        """Faust's consumer, whose commits carry the proof of the log that they belong to."""
        consumer = super()._create_worker_consumer(transport)
        consumer.commit = partial(self._commit_proven, consumer.commit)
        return consumer

    async def _commit_proven(self, commit: Callable[..., Awaitable[None]], offsets: Any) -> None:
        proven = {
            tp: OffsetAndMetadata(o.offset, self.proofs.metadata(TP(*tp), o.offset))
            for tp, o in offsets.items()
        }
        await commit(proven)

    def fetching(self) -> AbstractContextManager[None]:
        """Mark the time while records are awaited: else aiokafka would think that nobody polls."""
        context: AbstractContextManager[None] = (
            self._ensure_consumer()._fetcher._subscriptions.fetch_context()  # noqa: SLF001
        )
        return context


class BatchConsumer(aiokafka.Consumer):
    """Yields one message per partition and fetch; acknowledges it as a whole."""

    _thread: GroupThread

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        conf = self.app.conf
        self._fetcher = Fetcher(self.app.kafka_access, conf.id, conf.broker_max_poll_records)
        self.unconnected = self._fetcher.unconnected
        self._joining = False
        self._room = asyncio.Event()  # set when a busy agent has room again

    def _new_consumer_thread(self) -> GroupThread:
        return GroupThread(self, loop=self.loop, beacon=self.beacon)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Fetch the assigned partitions from their committed offsets, from now on."""
        committed: Mapping[TP, int] = await super().seek_to_committed()
        self._fetcher.begin(committed)
        self._thread.proofs = CommitProofs(self._fetcher.topic_id)
        return committed

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109
        """The records that come first, of topics whose agents have room for more.

        Return early, with nothing, when another agent has room: its topic is then fetched too.
        """
        active = active_partitions or set()
        topics = {tp.topic for tp in active} - {tp.topic for tp in self._buffered_partitions}
        self._room.clear()
        with self._thread.fetching():
            return await self._fetcher.next(topics, timeout, self._room)

    def on_buffer_drop(self, tp: TP) -> None:
        """Note that the partition's agent has room again."""
        super().on_buffer_drop(tp)
        self._room.set()

    async def is_member(self) -> bool:
        """Whether the group counts this worker as a member; False if it does not answer."""
        try:
            return await asyncio.wait_for(self._thread.is_member(), ANSWER_SECONDS)
        except TimeoutError:
            return False

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit what was in hand, then nothing more until partitions are assigned.

        Faust's timer goes on committing. A commit of the old generation that arrives after the
        rebalance costs the membership: another rebalance, some five seconds.
        """
        await super().on_partitions_revoked(revoked)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.commit(), ANSWER_SECONDS)
        self._joining = True

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Resume offset commits once the new assignment is in place."""
        self._joining = False
        await super().on_partitions_assigned(assigned, generation_id)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return not self._joining and await super()._commit(offsets)

    def highwater(self, tp: TP) -> int:
        """The partition's end as of the last fetch."""
        return self._fetcher.end(tp.topic, tp.partition)

    async def on_stop(self) -> None:
        """End the fetcher with the consumer."""
        self._fetcher.close()
        await super().on_stop()

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        """The batches of one fetch, with the checks of Faust's own `getmany`."""
        if self._buffered_partitions and not self._get_active_partitions():  # all are busy
            self._room.clear()
            await self.wait(self._room, timeout=timeout)
            return
        records, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if records is None or self.should_stop:
            return
        if not self.flow_active:
            await self._seek_back()
            return
        for tp, batch in records.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                break
            if batch and self._wanted(tp, active):
                self._note_position(tp, batch)
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, self._batch_message(tp, batch)

    def _note_position(self, tp: TP, batch: Sequence[Any]) -> None:
        """Note what the commit after a batch is to prove.

        If the log has begun again, Faust must not take its messages for repeated ones, nor its
        offsets for committed ones.
        """
        self._thread.proofs.note(tp, batch[-1])
        read, committed = self._read_offset[tp], self._committed_offset[tp]
        if batch[0].offset <= max(-1 if read is None else read, (committed or 0) - 1):
            self._read_offset[tp] = None
            self._committed_offset.pop(tp, None)

    def _wanted(self, tp: TP, active: set[TP] | None) -> bool:
        return active is None or tp in active or tp in self._buffered_partitions

    async def _seek_back(self) -> None:
        """Fetch again the records that came while the flow was stopped."""
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001  as in Faust: the next rebalance seeks anyway
            self.log.warning("seek while the flow is stopped: %r", error)

    def _batch_message(self, tp: TP, batch: Sequence[Any]) -> Message:
        message = self._to_message(tp, batch[-1])
        message.value = batch
        message.key = None
        return message

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Do nothing: the offsets between two batches are those inside the second."""

    def _new_offset(self, tp: TP) -> int | None:
        """One past the highest acknowledged: agents run at concurrency 1 and ack in order."""
        acked = self._acked[tp]
        if not acked:
            return None
        highest = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return int(highest) + 1


class Transport(aiokafka.Transport):
    """Faust's aiokafka transport with the batching consumer."""

    Consumer: ClassVar[type] = BatchConsumer


batched = Transport  # Faust looks the class up by the last part of the dotted scheme
