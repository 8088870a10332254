"""The page's own files and uPlot's, held in memory: compressed once, identified by digest."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
# uPlot 1.6.31 as its author published it: the wheel that contains it is somebody else's (ADR-11)
UPLOT = {
    "uplot.iife.min.js": "2d27e8ad3d228164525ce213f9dc716f39b4e3aee0cc773fb3491c96cf4921a2",
    "uplot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}


class AssetError(ValueError):
    """A file is not the one it should be; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    compressed: bytes | None
    kind: str
    etag: str


def asset(name: str, body: bytes) -> Asset:
    """Return a file with its type by suffix; compressed only where gzip makes it smaller."""
    squeezed = gzip.compress(body, mtime=0)
    return Asset(
        body,
        squeezed if len(squeezed) < len(body) else None,
        TYPES[Path(name).suffix],
        f'"{sha256(body).hexdigest()[:20]}"',
    )


def load() -> dict[str, Asset]:
    """Return every file of the page, by its path below /static/."""
    own = dict(_files(resources.files("consumers.dashboard") / "static"))
    return {path: asset(path, body) for path, body in (own | uplot()).items()}


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of each file of a folder and of the folders in it."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()


def uplot() -> dict[str, bytes]:
    """Return the files of uPlot from the wheel; AssetError if they are not its author's."""
    spec = find_spec("youplot")
    if spec is None or not spec.submodule_search_locations:
        raise AssetError("the package youplot, which contains uPlot, is missing; run make install")
    folder = Path(spec.submodule_search_locations[0]) / "vendor"
    files = {name: (folder / name).read_bytes() for name in UPLOT}
    for name, body in files.items():
        if sha256(body).hexdigest() != UPLOT[name]:
            raise AssetError(f"{folder / name} is not uPlot 1.6.31; run make clean install")
    return files
