"""Matches that Redis has lost one by one: evicted, expired, deleted, or dropped for newer ones."""

import logging
from collections.abc import Sequence

from features.store import StoredMatches
from streams.observability.counters import EVICTED
from streams.pipeline.advance import START
from streams.pipeline.effects import Received
from streams.processors.recovery import Recovery

log = logging.getLogger(__name__)


class EvictedMatches:
    """Tells the matches of a partition that Redis has lost from those that are new.

    Where the matches of the log begin is read from it when it is first needed, and noted from then
    on.
    """

    def __init__(self, recovery: Recovery, partition: int) -> None:
        self._recovery = recovery
        self._partition = partition
        self._started: dict[str, int] | None = None

    def among(self, stored: StoredMatches, wanted: Sequence[str], stop: int) -> dict[str, int]:
        """Those of the wanted matches that began in the log before `stop` and that Redis has lost.

        The values are the offsets at which they begin.
        """
        missing = wanted if stored.full else sorted(stored.evicted)
        missing = [match_id for match_id in missing if match_id not in stored.records]
        if not missing:
            return {}
        if self._started is None:
            self._started = self._recovery.started(stop)
        lost = {i: self._started[i] for i in missing if i in self._started}
        if lost:
            text = "partition %s: %s matches that Redis has lost are restored from the log"
            log.warning(text, self._partition, len(lost))
            EVICTED.inc(len(lost))
        return lost

    def note_started(self, batch: Sequence[Received]) -> None:
        """Note where the matches of a batch begin, if that has been needed before."""
        if self._started is None:
            return
        for received in batch:
            event = received.event
            if event is not None and event.place == START:
                self._started.setdefault(event.match_id, received.source.offset)
