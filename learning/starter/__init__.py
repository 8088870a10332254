"""What ships with Overcast: snapshots, so that the first ball has a good forecast, and careers.

`overcast train` makes them from the archives that `manifest.json` names.
"""

import gzip
from importlib.resources import files

from learning.careers import CareerBook
from learning.careers import decode as decode_careers
from learning.keys import KEYS
from learning.model.snapshot import Snapshot, decode


def load_starter() -> dict[str, Snapshot]:
    """The snapshot of each model key; SnapshotError if one is damaged."""
    shelf = files(__name__)
    return {key: decode(gzip.decompress((shelf / f"{key}.json.gz").read_bytes())) for key in KEYS}


def load_careers() -> CareerBook:
    """Everybody's figures in the recorded matches, by model key and year."""
    return decode_careers(gzip.decompress((files(__name__) / "careers.json.gz").read_bytes()))
