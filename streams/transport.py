"""A Faust transport whose event is a batch: one message per partition and fetch.

Most of Faust's cost is per message (`Consumer._drain_messages` makes two tasks for each), so the
list of a fetch's records travels as the value of one message, with the offset of the last. See
ADR-2; this leans on private names of Faust, which is pinned, and `tests/integration` holds its
conformance tests. Used by its dotted name: `streams.transport.batched://host:port`.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka
from faust.types import TP, Message

# A partition whose records wait in the buffer is left out of the next fetch and comes only after
# it. So an idle partition's long poll is a busy one's latency: measured 1.6 s with Faust's 1.5 s
# (which no setting changes) and aiokafka's 0.1 s before it fetches past a full buffer.
FETCH_WAIT_MS = 20
PREFETCH_SECONDS = 0.002
BUSY_SECONDS = 0.005


class PromptThread(aiokafka.AIOKafkaConsumerThread):
    """The thread of a consumer that never waits long for one partition while another has news."""

    def _create_worker_consumer(self, transport: aiokafka.Transport) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001
        return consumer

    async def on_start(self) -> None:
        """Starts the consumer, and shortens its fetcher's second wait, made only now."""
        await super().on_start()
        self._ensure_consumer()._fetcher._prefetch_backoff = PREFETCH_SECONDS  # noqa: SLF001


class BatchConsumer(aiokafka.Consumer):
    """Yields one message per partition and fetch; acknowledges it as a whole."""

    def _new_consumer_thread(self) -> PromptThread:
        return PromptThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        """The batches of one fetch, with the checks of Faust's own `getmany`."""
        if self._buffered_partitions:  # their stream is busy: look again soon, not in a second
            if not self._get_active_partitions():
                await self.sleep(BUSY_SECONDS)
                return
            timeout = BUSY_SECONDS
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
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, self._batch_message(tp, batch)

    def _wanted(self, tp: TP, active: set[TP] | None) -> bool:
        return active is None or tp in active or tp in self._buffered_partitions

    async def _seek_back(self) -> None:
        """Records fetched while the flow was stopped are fetched again."""
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
        """Nothing: the offsets between two batches are those inside the second."""

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
