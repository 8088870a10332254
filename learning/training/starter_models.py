"""The starter snapshots, trained by `overcast train` from archives of recorded matches."""

import gzip
import hashlib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from cricket.archive import Library, matches_in
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from learning.keys import KEYS, model_key
from learning.model.prequential import Tally, metrics
from learning.model.snapshot import Snapshot, Trained, encode
from learning.training.backtest import train


@dataclass(frozen=True, slots=True)
class Run:
    """The manifest's entry of one model: its training and the scores of that run."""

    version: str
    digest: str
    trained: Trained
    overall: Tally
    last_100: Tally


def train_starter(archives: Path, exclude: Iterable[str], to: Path) -> None:
    """Train every key in a process of its own; write `{key}.json.gz` and `manifest.json`."""
    held_out = frozenset(exclude)
    with ProcessPoolExecutor(len(KEYS)) as pool:
        snapshots = list(pool.map(_trained, KEYS, [archives] * len(KEYS), [held_out] * len(KEYS)))
    to.mkdir(parents=True, exist_ok=True)
    for snapshot in snapshots:
        packed = gzip.compress(encode(snapshot), 9, mtime=0)
        (to / f"{snapshot.key}.json.gz").write_bytes(packed)
    manifest = {
        "archives": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in zips(archives)},
        "excluded": sorted(held_out),
        "models": {snapshot.key: asdict(_run(snapshot)) for snapshot in snapshots},
    }
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2)
    (to / "manifest.json").write_bytes(text + b"\n")


def zips(archives: Path) -> list[Path]:
    """The zips of a folder, or the one archive that was named."""
    return sorted(archives.glob("*.zip")) if archives.is_dir() else [archives]


def recorded(key: str, archives: Path, held_out: frozenset[str]) -> list[RecordedMatch]:
    """The matches of one key in the archives, by date, without those that cannot be read."""
    matches: list[RecordedMatch] = []
    with Library() as library:
        for archived in matches_in(*zips(archives)):
            if archived.id in held_out:
                continue
            try:
                match = library.read(archived)
            except UnreadableMatchError:
                continue
            if model_key(match.fixture) == key:
                matches.append(match)
    return sorted(matches, key=lambda match: (match.fixture.date, match.id))


def _trained(key: str, archives: Path, held_out: frozenset[str]) -> Snapshot:
    matches = recorded(key, archives, held_out)
    until = matches[-1].fixture.date[:7] if matches else "empty"
    return train(key, matches, version=f"starter-{until.replace('-', '.')}")


def _run(snapshot: Snapshot) -> Run:
    scores = metrics(snapshot.scores)
    return Run(snapshot.version, snapshot.digest, snapshot.trained, scores.overall, scores.window)
