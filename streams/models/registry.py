"""The models that a worker serves: installed by swapping one reference between two balls."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from learning.model.engine_cache import shared
from learning.model.snapshot import Snapshot
from learning.serving.forecaster import Forecaster

# Without a ball of a format its tables go, an ODI's of 144 MB: no break of play lasts as long.
IDLE_SECONDS = 7_200.0


class InstalledModels(Mapping[str, Forecaster]):
    """The forecaster of each model key, built when it is first needed, dropped when it is idle.

    `explaining` ones are asked for the contributions to each forecast.
    """

    def __init__(
        self,
        snapshots: Mapping[str, Snapshot],
        now: Callable[[], float] = time.time,
        *,
        explaining: bool = False,
    ) -> None:
        self.explaining = explaining
        self._snapshots = dict(snapshots)
        self._now = now
        self._since = dict.fromkeys(self._snapshots, now())
        self._forecasters: dict[str, Forecaster] = {}
        self._used: dict[str, float] = {}
        self._expected: frozenset[str] = frozenset()
        self.engines = shared()
        self._building: dict[str, threading.Lock] = {}

    def __getitem__(self, key: str) -> Forecaster:
        self._used[key] = self._now()
        forecaster = self._forecasters.get(key)
        return self._build(key) if forecaster is None else forecaster

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshots)

    def __len__(self) -> int:
        return len(self._snapshots)

    def _build(self, key: str) -> Forecaster:
        with self._lock(key):
            if key not in self._forecasters:
                self._forecasters[key] = self.forecaster(self._snapshots[key])
                self._used[key] = self._now()
            return self._forecasters[key]

    def forecaster(self, snapshot: Snapshot) -> Forecaster:
        """A new forecaster of any snapshot, in the way of those that are installed."""
        return Forecaster(snapshot, self.engines(snapshot), explaining=self.explaining)

    def _lock(self, key: str) -> threading.Lock:
        return self._building.setdefault(key, threading.Lock())

    def expect(self, keys: Iterable[str]) -> None:
        """Name the models that balls are expected for: a worker is ready once they are built."""
        self._expected = frozenset(keys)

    def build(self, keys: Iterable[str] | None = None) -> None:
        """Build forecasters, by default those expected; a ball that needs one sooner builds it."""
        for key in sorted(self._expected if keys is None else keys):
            self._build(key)

    def prepare(self, key: str) -> None:
        """Build a forecaster behind, in a thread of its own: a match of its format has come."""
        if key in self._snapshots and key not in self._forecasters and not self._lock(key).locked():
            threading.Thread(target=self._build, args=(key,), name="tables", daemon=True).start()

    def unbuilt(self) -> list[str]:
        """The expected keys whose forecasters are not built yet: a ball would wait for tables."""
        return sorted(self._expected - self._forecasters.keys())

    def drop_idle(self) -> list[str]:
        """Drop the forecasters that no ball has needed for long; return their keys."""
        before = self._now() - IDLE_SECONDS
        idle = [key for key in list(self._forecasters) if self._used[key] < before]
        for key in idle:
            with self._lock(key):
                self._forecasters.pop(key, None)
        self._expected -= set(idle)
        return idle

    def serving(self) -> list[tuple[Snapshot, float]]:
        """Each installed snapshot, and since when (Unix seconds)."""
        return [(snapshot, self._since[key]) for key, snapshot in self._snapshots.items()]

    def snapshot(self, key: str) -> Snapshot:
        """The snapshot that is installed."""
        return self._snapshots[key]

    def install(self, snapshot: Snapshot) -> None:
        """Serve a snapshot from the next ball on; its tables are built before the swap."""
        with self._lock(snapshot.key):
            if snapshot.key in self._forecasters:
                self._forecasters[snapshot.key] = self.forecaster(snapshot)
            self._since[snapshot.key] = self._now()
            self._snapshots[snapshot.key] = snapshot
