"""The recorded matches of a key, the archives by their hashes, and the walk through them."""

import hashlib
from pathlib import Path

import msgspec

from benchmarks.forecast import years
from benchmarks.forecast.rows import Walk, walk
from cricket.archive import Library, matches_in
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from features.catalogue import NAMES
from learning.keys import format_name, model_key


class _Info(msgspec.Struct):
    match_type: str = ""
    gender: str = ""


class _Head(msgspec.Struct):
    """The little of a file that tells which key it is of: the rest is not read for the others."""

    info: _Info


_HEAD = msgspec.json.Decoder(_Head)
_TYPES = {"T20": {"T20", "IT20"}, "ODI": {"ODI", "ODM"}}


def manifest(data: Path) -> dict[str, str]:
    """The SHA-256 of every file that the figures are made from, by name."""
    files = sorted({found.archive or Path(found.path) for found in matches_in(data)})
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def matches_of(key: str, data: Path) -> list[RecordedMatch]:
    """The matches of one key in a zip or folder, by date; what cannot be read is left out."""
    found: list[RecordedMatch] = []
    with Library() as library:
        for archived in matches_in(data):
            try:
                if not _may_be(key, library.text(archived)):
                    continue
                match = library.read(archived)
            except (UnreadableMatchError, msgspec.DecodeError):
                continue
            if model_key(match.fixture) == key and years.read(match.fixture.date):
                found.append(match)
    return sorted(found, key=lambda match: (match.fixture.date, match.id))


def walked(key: str, matches: list[RecordedMatch]) -> Walk:
    """The walk with the inputs of the catalogue."""
    return walk(key, matches, NAMES)


def _may_be(key: str, text: bytes) -> bool:
    info = _HEAD.decode(text).info
    return info.match_type in _TYPES[format_name(key)] and key.endswith(f"-{info.gender}")
