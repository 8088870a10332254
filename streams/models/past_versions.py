"""Any model that has answered: the installed ones, the starters, those on `cricket.models`."""

from collections import OrderedDict
from collections.abc import Iterable

from confluent_kafka import Message

from learning.model.snapshot import Snapshot, SnapshotError
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import MODELS, real_name
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages, named
from streams.settings import Settings

Version = tuple[str, str]  # model key, version

LOOKED_AT = 16  # of the newest snapshots read at first, some 10 MB; then four times as many
KEPT = 4  # forecasters of old versions kept ready: an ODI's tables take some 100 MB


class PastVersions:
    """The forecasters of some versions, for predictions that are made again."""

    def __init__(
        self,
        wanted: Iterable[Version],
        installed: InstalledModels,
        journal: LogReader,
        settings: Settings,
    ) -> None:
        chosen = set(wanted)
        keys = {key for key, _ in chosen}
        serving = {(key, found.version): found for key in keys if (found := installed.get(key))}
        self._serving = {version: serving[version] for version in chosen & serving.keys()}
        starters = {(key, found.version): found for key, found in load_starter().items()}
        self._snapshots = {v: s for v, s in starters.items() if v in chosen}
        missing = chosen - self._serving.keys() - self._snapshots.keys()
        self._messages = ModelMessages(settings)
        newest_first = journal.backwards(real_name(MODELS, settings), 0, LOOKED_AT)
        while missing and (message := next(newest_first, None)) is not None:
            if named(message) in missing:
                self._keep(message, missing)
        self._engines = installed.engines
        self._built: OrderedDict[Version, Forecaster] = OrderedDict()

    def _keep(self, message: Message, missing: set[Version]) -> None:
        """Keeps a snapshot that was missing; what must not be served is passed over."""
        try:
            snapshot = self._messages.read(message)
        except SnapshotError:
            return
        version = (snapshot.key, snapshot.version)
        if version in missing:
            self._snapshots[version] = snapshot
            missing.remove(version)

    def forecaster(self, version: Version) -> Forecaster | None:
        """The model that answered as `version`; None if no log holds it any more."""
        if version in self._serving:
            return self._serving[version]
        snapshot: Snapshot | None = self._snapshots.get(version)
        return None if snapshot is None else self._ready(version, snapshot)

    def _ready(self, version: Version, snapshot: Snapshot) -> Forecaster:
        if version not in self._built:
            self._built[version] = Forecaster(snapshot, self._engines(snapshot))
        self._built.move_to_end(version)
        while len(self._built) > KEPT:
            self._built.popitem(last=False)
        return self._built[version]
