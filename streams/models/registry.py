"""The models that a worker serves: installed by swapping one reference between two balls."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from learning.model.engine_cache import shared
from learning.model.snapshot import Snapshot
from learning.serving.forecaster import Forecaster


class InstalledModels(Mapping[str, Forecaster]):
    """The forecaster of each model key, built from its snapshot when it is first needed.

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
        self.engines = shared()
        self._building: dict[str, threading.Lock] = {}

    def __getitem__(self, key: str) -> Forecaster:
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
            return self._forecasters[key]

    def forecaster(self, snapshot: Snapshot) -> Forecaster:
        """A new forecaster of any snapshot, in the way of those that are installed."""
        return Forecaster(snapshot, self.engines(snapshot), explaining=self.explaining)

    def _lock(self, key: str) -> threading.Lock:
        return self._building.setdefault(key, threading.Lock())

    def build(self, keys: Iterable[str] | None = None) -> None:
        """Build these forecasters, or all; a ball that needs one sooner builds it itself."""
        for key in list(self._snapshots if keys is None else keys):
            self._build(key)

    def unbuilt(self) -> list[str]:
        """The keys whose forecasters are not built yet, so that a ball would wait for tables."""
        return sorted(self._snapshots.keys() - self._forecasters.keys())

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
