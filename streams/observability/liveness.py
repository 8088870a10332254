"""A worker's liveness: its event loop, the batch in hand, its partitions, models and store."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from prometheus_client import Gauge

from features.store_probe import unusable
from streams.kafka.lag import LagMonitor
from streams.kafka.topics import BALLS, real_name
from streams.models.registry import InstalledModels
from streams.observability.health import Check, Health
from streams.settings import Settings

BEAT_SECONDS = 1.0
STILL_SECONDS = 30.0  # the loop only passes batches on: it is never busy so long
STUCK_SECONDS = 900.0  # a batch takes a second; one that restores a partition, some minutes

OWNED = Gauge("overcast_owned_partitions", "Partitions of cricket.balls that this worker owns")


class AssignedPartition(Protocol):
    """A topic and the number of a partition, as Faust names them."""

    topic: str
    partition: int


class Liveness:
    """What a worker records about itself, and the health checks, which read it in their threads."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = now
        self._balls = real_name(BALLS, settings)
        self._beat = self._now()
        self._in_hand: dict[str, float] = {}
        self._owned: frozenset[int] = frozenset()
        self._lock = threading.Lock()
        self.fetching: Check = str  # all is well until there is a client that fetches

    async def beat(self) -> None:
        """Record the time every second, as long as the event loop runs."""
        while True:
            self._beat = self._now()
            await asyncio.sleep(BEAT_SECONDS)

    @contextmanager
    def in_hand(self, name: str) -> Iterator[None]:
        """Record that a batch is being worked on while the block runs."""
        with self._lock:
            self._in_hand[name] = self._now()
        try:
            yield
        finally:
            with self._lock:
                del self._in_hand[name]

    def assigned(self, places: Iterable[AssignedPartition]) -> None:
        """Record the partitions that this worker owns from now on."""
        self._owned = frozenset(p.partition for p in places if p.topic == self._balls)
        OWNED.set(len(self._owned))

    def health(self, models: InstalledModels, lag: LagMonitor) -> Health:
        """The checks: live, if the worker makes progress; ready, if it answers balls now."""
        return Health(
            live={"event loop": self._still, "batch in hand": self._stuck},
            ready={
                "kafka": lag.silent,
                "partitions": self._idle,
                "fetching": self._unconnected,
                "models": lambda: _unbuilt(models),
                "store": self._unusable,
            },
        )

    def _still(self) -> str:
        seconds = self._now() - self._beat
        return "" if seconds < STILL_SECONDS else f"has not run for {seconds:.0f} s"

    def _unconnected(self) -> str:
        return self.fetching()

    def _unusable(self) -> str:
        settings = self._settings
        return unusable(settings.redis_url, settings.topic_prefix, self._owned)

    def _stuck(self) -> str:
        with self._lock:
            longest = max((self._now() - began for began in self._in_hand.values()), default=0)
        return "" if longest < STUCK_SECONDS else f"not done after {longest:.0f} s"

    def _idle(self) -> str:
        if self._owned:
            return ""
        return (
            f"owns no partition of {self._balls}: not joined yet, or there are more workers "
            "than partitions"
        )


def _unbuilt(models: InstalledModels) -> str:
    missing = models.unbuilt()
    return f"not built yet: {', '.join(missing)}" if missing else ""
