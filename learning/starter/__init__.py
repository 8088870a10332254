"""The starter snapshots that ship with Overcast, so that the first ball has a good forecast.

`overcast train` makes them from the archives that `manifest.json` names.
"""

import gzip
from importlib.resources import files

from learning.keys import KEYS
from learning.model.snapshot import Snapshot, decode


def load_starter() -> dict[str, Snapshot]:
    """The snapshot of each model key; SnapshotError if one is damaged."""
    shelf = files(__name__)
    return {key: decode(gzip.decompress((shelf / f"{key}.json.gz").read_bytes())) for key in KEYS}
