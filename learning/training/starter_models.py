"""The starter snapshots, made again by one command from the archives they name.

`python -m learning.training.starter_models --archives DIR --exclude ID .. --out learning/starter`
"""

import argparse
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

__all__ = ["train", "train_starter"]


@dataclass(frozen=True, slots=True)
class Run:
    """What the manifest says of one model: its training and the figures of that very run."""

    version: str
    digest: str
    trained: Trained
    overall: Tally
    last_100: Tally


def train_starter(archives: Path, exclude: Iterable[str], to: Path) -> None:
    """Trains every key in a process of its own; writes `{key}.json.gz` and `manifest.json`."""
    held_out = frozenset(exclude)
    with ProcessPoolExecutor(len(KEYS)) as pool:
        made = list(pool.map(_trained, KEYS, [archives] * len(KEYS), [held_out] * len(KEYS)))
    to.mkdir(parents=True, exist_ok=True)
    for snapshot in made:
        packed = gzip.compress(encode(snapshot), 9, mtime=0)
        (to / f"{snapshot.key}.json.gz").write_bytes(packed)
    manifest = {
        "archives": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in zips(archives)},
        "excluded": sorted(held_out),
        "models": {snapshot.key: asdict(_run(snapshot)) for snapshot in made},
    }
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2)
    (to / "manifest.json").write_bytes(text + b"\n")


def zips(archives: Path) -> list[Path]:
    """The archives of a folder, or the one that was named."""
    return sorted(archives.glob("*.zip")) if archives.is_dir() else [archives]


def recorded(key: str, archives: Path, held_out: frozenset[str]) -> list[RecordedMatch]:
    """The matches of one key in the archives, by date; what cannot be read is left out."""
    found: list[RecordedMatch] = []
    with Library() as library:
        for archived in matches_in(*zips(archives)):
            if archived.id in held_out:
                continue
            try:
                match = library.read(archived)
            except UnreadableMatchError:
                continue
            if model_key(match.fixture) == key:
                found.append(match)
    return sorted(found, key=lambda match: (match.fixture.date, match.id))


def _trained(key: str, archives: Path, held_out: frozenset[str]) -> Snapshot:
    matches = recorded(key, archives, held_out)
    until = matches[-1].fixture.date[:7] if matches else "empty"
    return train(key, matches, version=f"starter-{until.replace('-', '.')}")


def _run(snapshot: Snapshot) -> Run:
    scores = metrics(snapshot.scores)
    return Run(snapshot.version, snapshot.digest, snapshot.trained, scores.overall, scores.window)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Make the starter snapshots again.")
    parser.add_argument("--archives", type=Path, required=True, help="folder of Cricsheet zips")
    parser.add_argument("--exclude", nargs="*", default=[], help="match ids never trained on")
    parser.add_argument("--out", type=Path, default=Path("learning/starter"))
    arguments = parser.parse_args()
    train_starter(arguments.archives, arguments.exclude, arguments.out)
    print((arguments.out / "manifest.json").read_text())


if __name__ == "__main__":
    main()
