"""Cricsheet downloads: a zip, a folder or a single file, read one match at a time."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cricket.cricsheet import RecordedMatch, UnreadableMatchError, read_match


@dataclass(frozen=True, slots=True)
class Archived:
    """Where one match lies: its id, the zip that holds it (None for a plain file), its path."""

    id: str
    archive: Path | None
    path: str


def matches_in(*sources: Path) -> Iterator[Archived]:
    """Every `<match id>.json` of the zips, folders and files, each id once, in their order."""
    seen: set[str] = set()
    for source in sources:
        for archived in _matches_of(source):
            if archived.id not in seen:
                seen.add(archived.id)
                yield archived


def _matches_of(source: Path) -> Iterator[Archived]:
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.suffix in {".json", ".zip"}:
                yield from _matches_of(path)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as opened:
            names = sorted(n for n in opened.namelist() if n.endswith(".json"))
        yield from (Archived(Path(name).stem, source, name) for name in names)
    elif source.suffix == ".json" and source.exists():
        yield Archived(source.stem, None, str(source))
    else:
        raise FileNotFoundError(f"{source}: no Cricsheet zip, folder or .json file")


class Library:
    """Reads archived matches; keeps each zip open while it is used as a context."""

    def __init__(self) -> None:
        self._zips: dict[Path, zipfile.ZipFile] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._zips.values():
            opened.close()

    def text(self, archived: Archived) -> bytes:
        """The file's bytes; UnreadableMatchError if they are damaged in the zip."""
        if archived.archive is None:
            return Path(archived.path).read_bytes()
        if archived.archive not in self._zips:
            self._zips[archived.archive] = zipfile.ZipFile(archived.archive)
        try:
            return self._zips[archived.archive].read(archived.path)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise UnreadableMatchError(f"{archived.id}: damaged in the zip ({error})") from error

    def read(self, archived: Archived) -> RecordedMatch:
        """The match; UnreadableMatchError if the file holds none."""
        text = self.text(archived)
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableMatchError(f"{archived.id}: not JSON ({error})") from error
        return read_match(archived.id, document)
