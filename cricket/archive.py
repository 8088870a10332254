"""Cricsheet downloads: a zip, a folder or a single file, read one match at a time."""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cricket.cricsheet import RecordedMatch, UnreadableMatchError, read_match

# NotImplementedError: a compression that Python lacks; RuntimeError: a password
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Archived:
    """Where one match lies: its id, the zip that holds it (None for a plain file), its path.

    A truncated zip is listed under its own name, with no path; reading it raises the error.
    """

    id: str
    archive: Path | None
    path: str


def matches_in(*sources: Path) -> Iterator[Archived]:
    """Every `<match id>.json` of the zips, folders and files, each id once, in their order."""
    listed: set[str] = set()
    for source in sources:
        for archived in _matches_of(source):
            if archived.id not in listed:
                listed.add(archived.id)
                yield archived


def _matches_of(source: Path) -> Iterator[Archived]:
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.suffix == ".json" or zipfile.is_zipfile(path):
                yield from _matches_of(path)
            elif path.suffix == ".zip":
                yield Archived(path.name, path, "")  # truncated: the error comes when it is read
    elif zipfile.is_zipfile(source):
        yield from _matches_of_zip(source)
    elif source.suffix == ".json" and source.exists():
        yield Archived(source.stem, None, str(source))
    else:
        raise FileNotFoundError(f"{source}: no Cricsheet zip, folder or .json file")


def _matches_of_zip(source: Path) -> Iterator[Archived]:
    try:
        with zipfile.ZipFile(source) as opened:
            names = sorted(n for n in opened.namelist() if n.endswith(".json"))
    except zipfile.BadZipFile:
        names = [""]
    yield from (Archived(Path(name).stem or source.name, source, name) for name in names)


def _parsed(text: bytes) -> Any:
    """The values of a JSON text; what is printed as 5.10 is the tenth delivery, and not 5.1."""
    return json.loads(text, parse_float=str)


class Library:
    """Reads archived matches; keeps each zip open while it is used as a context.

    `parse` turns a file's bytes into plain values, numbers with a point into their text, and
    raises ValueError for what is not JSON.
    """

    def __init__(self, parse: Callable[[bytes], Any] = _parsed) -> None:
        self._zips: dict[Path, zipfile.ZipFile] = {}
        self._parse = parse

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._zips.values():
            opened.close()

    def text(self, archived: Archived) -> bytes:
        """The file's bytes; UnreadableMatchError if they are damaged in the zip."""
        if archived.archive is None:
            return Path(archived.path).read_bytes()
        if not archived.path:
            raise UnreadableMatchError(f"{archived.archive}: not a whole zip; download it again")
        if archived.archive not in self._zips:
            self._zips[archived.archive] = zipfile.ZipFile(archived.archive)
        try:
            return self._zips[archived.archive].read(archived.path)
        except DAMAGE as error:
            raise UnreadableMatchError(f"{archived.id}: damaged in the zip ({error})") from error

    def document(self, archived: Archived) -> Any:
        """The file's JSON as plain values; UnreadableMatchError if it is not JSON."""
        text = self.text(archived)
        try:
            return self._parse(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableMatchError(f"{archived.id}: not JSON ({error})") from error

    def read(self, archived: Archived) -> RecordedMatch:
        """The match; UnreadableMatchError if the file holds none."""
        return read_match(archived.id, self.document(archived))
