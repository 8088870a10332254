"""Apache Kafka's jars: fetched once by Maven coordinates, checked by digest, kept in a cache.

`kafka.lock` names each jar and its SHA-256; `python -m overcast.embedded.lock_jars VERSION` writes
it again. `overcast.embedded.maven` does the fetching.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from overcast.embedded import maven
from overcast.embedded.errors import EmbeddedError

LOCK = "kafka.lock"
DOWNLOADS_AT_ONCE = 8
PROGRESS_EVERY = 10  # jars between two lines of progress


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """The jar's file name."""
        return f"{self.artifact}-{self.version}.jar"


def locked() -> list[Jar]:
    """Return the jars that Kafka needs."""
    text = (resources.files("overcast.embedded") / LOCK).read_text()
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [Jar(*line.replace(":", " ").split()) for line in lines]


def cache_folder() -> Path:
    """Return where downloads are kept: OVERCAST_CACHE_DIR, else the user's cache directory."""
    chosen = os.environ.get("OVERCAST_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(base) / "overcast"


def kafka_jars(say: Callable[[str], None]) -> list[Path]:
    """Return the jars on disk, each with its locked digest; fetch those missing or damaged."""
    folder, jars = _writable(cache_folder() / "kafka"), locked()
    missing = [jar for jar in jars if not _sound(folder / jar.name, jar)]
    if missing:
        version = next(jar.version for jar in jars if jar.artifact == "kafka_2.13")
        say(f"Fetching Apache Kafka {version} once ({len(missing)} jars, kept in {folder}) …")
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as work:
            _fetch_all(missing, folder, Path(work), say)
    return [folder / jar.name for jar in jars]


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"Apache Kafka's jars cannot be kept in {folder}: {error}. "
            "Set OVERCAST_CACHE_DIR to a folder that you can write to."
        ) from error
    return folder


def _sound(path: Path, jar: Jar) -> bool:
    return path.exists() and digest(path) == jar.sha256


def digest(path: Path) -> str:
    """Return the file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_all(jars: list[Jar], folder: Path, work: Path, say: Callable[[str], None]) -> None:
    """Fetch some jars at a time; the first failure, or a Ctrl-C, ends it without waiting."""
    pool = ThreadPoolExecutor(DOWNLOADS_AT_ONCE)
    try:
        running: list[Future[None]] = [pool.submit(_fetch, jar, folder, work) for jar in jars]
        for count, fetched in enumerate(as_completed(running), start=1):
            fetched.result()
            if count % PROGRESS_EVERY == 0:
                say(f"  {count} of {len(jars)} jars")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _fetch(jar: Jar, folder: Path, work: Path) -> None:
    """Download one jar, then move it into place, so that no reader sees half of it."""
    try:
        fetched = maven.fetch(jar.group, jar.artifact, jar.version, work)
    except Exception as error:
        raise EmbeddedError(
            f"Apache Kafka's {jar.name} could not be downloaded: {error}. Check the network, name "
            f"a mirror in Maven's settings.xml, or copy the jars of {LOCK} into {folder} by hand."
        ) from error
    actual = digest(fetched)
    if actual != jar.sha256:
        raise EmbeddedError(
            f"{jar.name} has SHA-256 {actual}, {jar.sha256} is locked: the download is damaged or "
            "forged and was not kept. Try again, or check your proxy or mirror."
        )
    fetched.replace(folder / jar.name)
