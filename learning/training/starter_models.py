"""The starter, made by `overcast train` from archives of recorded matches: models, careers."""

import gzip
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import msgspec

from cricket.archive import Library, matches_in
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from learning.careers import KeyCareers, careers_of
from learning.careers import encode as encode_careers
from learning.keys import KEYS, model_key
from learning.model.prequential import Tally, metrics
from learning.model.snapshot import Snapshot, SnapshotError, Trained, decode, encode
from learning.training.backtest import train

UNREADABLE = (OSError, EOFError, zlib.error, SnapshotError)  # a model that is not there, or broken


@dataclass(frozen=True, slots=True)
class Run:
    """The manifest's entry of one model: its training and the scores of that run."""

    version: str
    digest: str
    trained: Trained
    overall: Tally
    last_100: Tally


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the models must not learn: matches by id, and by key all from a day on."""

    ids: frozenset[str] = frozenset()
    since: Mapping[str, str] = field(default_factory=dict)

    def allows(self, match: RecordedMatch, key: str) -> bool:
        """Whether the model of a key may learn a match."""
        end = self.since.get(key)
        return match.id not in self.ids and (end is None or match.fixture.date < end)


def train_starter(archives: Path, withheld: Withheld, to: Path, *, force: bool = False) -> None:
    """Train every key in a process of its own; write the models, the careers and a manifest.

    The files are written beside `to` and put in their places when all are complete. ValueError,
    and nothing in `to` is touched, if the archives have no match of a key, or (without `force`)
    if a model in `to` has learned more matches than the one that would replace it.
    """
    found = zips(archives)
    before = {} if force else _learned(to)
    context = get_context("spawn")  # a process of its own takes the environment's BLAS kernel
    with context.Pool(len(KEYS)) as pool:  # the first error ends all: the rest is of no use
        trained = pool.imap_unordered(partial(_trained, found, withheld, before), KEYS)
        snapshots, careers = zip(*sorted(trained, key=lambda t: KEYS.index(t[0].key)), strict=True)
    beside = to.with_name(f"{to.name}.new")
    book = dict(zip(KEYS, careers, strict=True))
    _write(beside, _files(snapshots, book, found, withheld))
    for snapshot in snapshots:
        _refuse_less(snapshot.key, snapshot.trained.matches, before, f" The new is in {beside}.")
    to.mkdir(exist_ok=True)
    for path in sorted(beside.iterdir()):
        path.replace(to / path.name)
    beside.rmdir()


def _files(
    snapshots: Sequence[Snapshot],
    careers: Mapping[str, KeyCareers],
    archives: Sequence[Path],
    withheld: Withheld,
) -> dict[str, bytes]:
    """The files of a starter by their names."""
    manifest = {
        "archives": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in archives},
        "excluded": sorted(withheld.ids),
        "excluded_since": withheld.since,
        "models": {snapshot.key: asdict(_run(snapshot)) for snapshot in snapshots},
    }
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2)
    contents = {f"{s.key}.json.gz": encode(s) for s in snapshots}
    contents["careers.json.gz"] = encode_careers(careers)
    packed = {name: gzip.compress(content, 9, mtime=0) for name, content in contents.items()}
    return packed | {"manifest.json": text + b"\n"}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _learned(folder: Path) -> dict[str, int]:
    """How many matches the models in a folder have learned; what cannot be read has learned 0."""
    found = {}
    for key in KEYS:
        try:
            packed = (folder / f"{key}.json.gz").read_bytes()
            found[key] = decode(gzip.decompress(packed)).trained.matches
        except UNREADABLE:
            continue
    return found


def _refuse_less(key: str, matches: int, before: Mapping[str, int], where: str = "") -> None:
    if matches < before.get(key, 0):
        raise ValueError(
            f"the model of {key} has learned {before[key]:,} matches, and these archives have "
            f"{matches:,} for it: nothing was replaced. --force replaces it all the same.{where}"
        )


def zips(archives: Path) -> list[Path]:
    """The zips of a folder, or the one archive that was named; ValueError if there is none."""
    found = sorted(archives.glob("*.zip")) if archives.is_dir() else [archives]
    if not found or not found[0].is_file():
        raise ValueError(f"{archives} is no Cricsheet zip, and no folder that holds one")
    return found


def recorded(key: str, archives: Sequence[Path]) -> list[RecordedMatch]:
    """The matches of one key in the archives, by date, without those that cannot be read."""
    matches: list[RecordedMatch] = []
    with Library() as library:
        for archived in matches_in(*archives):
            try:
                match = library.read(archived)
            except UnreadableMatchError:
                continue
            if model_key(match.fixture) == key:
                matches.append(match)
    return sorted(matches, key=lambda match: (match.fixture.date, match.id))


def _trained(
    archives: Sequence[Path], withheld: Withheld, before: Mapping[str, int], key: str
) -> tuple[Snapshot, KeyCareers]:
    """The snapshot of one key; ValueError, before hours are spent, if it would be worth less.

    Careers are facts, and nothing is learned from them: they are of all matches.
    """
    matches = recorded(key, archives)
    allowed = [match for match in matches if withheld.allows(match, key)]
    if not allowed:
        raise ValueError(f"no match of {key} in {', '.join(path.name for path in archives)}")
    _refuse_less(key, len(allowed), before)
    until = allowed[-1].fixture.date[:7]
    snapshot = train(key, allowed, version=f"starter-{until.replace('-', '.')}")
    return snapshot, careers_of(matches)


def _run(snapshot: Snapshot) -> Run:
    scores = metrics(snapshot.scores)
    return Run(snapshot.version, snapshot.digest, snapshot.trained, scores.overall, scores.window)
