"""Parquet files named after the messages they hold: exactly once, even if the writer is killed.

`<topic>/date=<day>/<topic>-<partition>-<first>-<last>.parquet` holds the partition's messages with
offsets from `first` to `last`. A file appears under its name only when it is complete (written
under another name, synced, renamed), so the names are the position: an archive that is resumed
goes on after the largest `last`.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

NAME = re.compile(r"(?P<topic>.+)-(?P<partition>\d+)-(?P<first>\d{20})-(?P<last>\d{20})\.parquet")
ASIDE = ".unfinished-"  # readers of a data set ignore names that begin with a dot


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages of one partition and day, in order; `rows` follow the topic's schema."""

    topic: str
    partition: int
    first: int
    last: int
    day: str
    rows: list[dict[str, object]]

    @property
    def path(self) -> Path:
        """The file's path below the archive's folder."""
        name = f"{self.topic}-{self.partition}-{self.first:020d}-{self.last:020d}.parquet"
        return Path(self.topic) / f"date={self.day}" / name


def write(folder: Path, stretch: Stretch, schema: pa.Schema) -> Path:
    """Write a stretch; either the complete file appears, or none."""
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
    """Sync a folder: only then do the names in it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class LastMessage(NamedTuple):
    """The last message of a partition in the archive; `appended` in ms since 1970."""

    offset: int
    appended: int


def last_messages(folder: Path, topic: str) -> dict[int, LastMessage]:
    """Return the last message of each partition that has files; remove unfinished files."""
    for left in (folder / topic).glob(f"*/{ASIDE}*"):
        left.unlink()
    newest: dict[int, tuple[int, Path]] = {}
    for path in (folder / topic).glob("*/*.parquet"):
        name = NAME.fullmatch(path.name)
        if name is not None:
            partition, last = int(name["partition"]), int(name["last"])
            newest[partition] = max(newest.get(partition, (-1, path)), (last, path))
    return {number: LastMessage(last, _appended(path)) for number, (last, path) in newest.items()}


def _appended(path: Path) -> int:
    """Return when the last message of a file was appended, in ms since 1970 (0: unknown)."""
    times = pq.ParquetFile(path).read(columns=["appended"]).column("appended")
    return int(times[-1].value or 0)


def day_of(milliseconds: int) -> str:
    """Return the day, in UTC, of a time in milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).date().isoformat()
