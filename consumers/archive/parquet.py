"""Parquet files that say themselves which messages they hold: exactly once, whatever is killed.

`<topic>/date=<day>/<topic>-<partition>-<first>-<last>.parquet` holds the partition's messages with
offsets from `first` to `last`. A file appears under its name only when it is whole (written aside,
synced, renamed), so the names are the position: whoever goes on, goes on after the largest `last`.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

NAME = re.compile(r"(?P<topic>.+)-(?P<partition>\d+)-(?P<first>\d{20})-(?P<last>\d{20})\.parquet")
ASIDE = ".unfinished-"  # readers of a data set pass over names that begin with a dot


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages of one partition and day, in order; `rows` as the schema has them."""

    topic: str
    partition: int
    first: int
    last: int
    day: str
    rows: list[dict[str, object]]

    @property
    def path(self) -> Path:
        """Where it belongs, below the archive's folder."""
        name = f"{self.topic}-{self.partition}-{self.first:020d}-{self.last:020d}.parquet"
        return Path(self.topic) / f"date={self.day}" / name


def write(folder: Path, stretch: Stretch, schema: pa.Schema) -> Path:
    """Writes a stretch: the whole file is there, or none."""
    path = folder / stretch.path
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(ASIDE + path.name)
    table = pa.Table.from_pylist(stretch.rows, schema=schema)
    with aside.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    _sync(path.parent)
    return path


def _sync(folder: Path) -> None:
    """A name survives a power cut only when its folder is synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def positions(folder: Path, topic: str) -> dict[int, int]:
    """The next offset of each partition that has files; what was left unfinished is removed."""
    for left in (folder / topic).glob(f"*/{ASIDE}*"):
        left.unlink()
    found: dict[int, int] = {}
    for path in (folder / topic).glob("*/*.parquet"):
        held = NAME.fullmatch(path.name)
        if held is not None:
            partition = int(held["partition"])
            found[partition] = max(found.get(partition, 0), int(held["last"]) + 1)
    return found


def day_of(milliseconds: int) -> str:
    """The day of a time since 1970, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).date().isoformat()
