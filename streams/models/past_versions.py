"""Models by version: the installed ones, the starters and those on `cricket.models`."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from confluent_kafka import Message

from learning.model.snapshot import Snapshot, SnapshotError
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import MODELS, real_name
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages, named_version
from streams.settings import Settings

Version = tuple[str, str]  # model key, version

LOOKED_AT = 16  # newest snapshots read at first, some 10 MB; then four times as many
KEPT = 4  # forecasters of old versions kept ready: an ODI's tables take some 100 MB


class PastVersions:
    """The forecasters of some versions, for predictions that are made again."""

    def __init__(
        self,
        serving: Mapping[Version, Forecaster],
        snapshots: Mapping[Version, Snapshot],
        make: Callable[[Snapshot], Forecaster],
    ) -> None:
        self._serving = serving
        self._snapshots = snapshots
        self._make = make
        self._built: OrderedDict[Version, Forecaster] = OrderedDict()

    def holds(self, version: Version) -> bool:
        """Whether a log still holds this version."""
        return version in self._serving or version in self._snapshots

    def forecaster(self, version: Version) -> Forecaster | None:
        """The model of a version; None if no log holds it any more."""
        if version in self._serving:
            return self._serving[version]
        snapshot = self._snapshots.get(version)
        return None if snapshot is None else self._build(version, snapshot)

    def _build(self, version: Version, snapshot: Snapshot) -> Forecaster:
        if version not in self._built:
            self._built[version] = self._make(snapshot)
        self._built.move_to_end(version)
        while len(self._built) > KEPT:
            self._built.popitem(last=False)
        return self._built[version]


def load_past_versions(
    wanted: Iterable[Version], installed: InstalledModels, log_reader: LogReader, settings: Settings
) -> PastVersions:
    """Look the wanted versions up: installed, shipped with the code, or on `cricket.models`."""
    missing = set(wanted)
    models = {key: model for key, _ in missing if (model := installed.get(key)) is not None}
    serving = {(key, model.version): model for key, model in models.items()}
    serving = {version: serving[version] for version in missing & serving.keys()}
    missing -= serving.keys()
    shipped = load_starter() if missing else {}
    starters = {(key, starter.version): starter for key, starter in shipped.items()}
    snapshots = {version: starters[version] for version in missing & starters.keys()}
    missing -= snapshots.keys()
    messages = ModelMessages(settings)
    newest_first = log_reader.read_backwards(real_name(MODELS, settings), 0, LOOKED_AT)
    while missing and (message := next(newest_first, None)) is not None:
        version = named_version(message)
        if version in missing and (snapshot := _verified(message, version, messages)) is not None:
            snapshots[version] = snapshot
            missing.remove(version)
    return PastVersions(serving, snapshots, installed.forecaster)


def _verified(message: Message, version: Version, messages: ModelMessages) -> Snapshot | None:
    """The snapshot of a message if it may be served and is what the message names."""
    try:
        snapshot = messages.read(message)
    except SnapshotError:
        return None
    return snapshot if (snapshot.key, snapshot.version) == version else None
