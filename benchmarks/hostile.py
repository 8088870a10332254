"""`make hostile`: whole matches on bad feeds must end as on clean ones, to the last bit.

Every recorded match of a supported format (`--data`, else the shipped dozen) and made-up ones up
to `--matches` are forecast twice: from a clean log, and from one with a seeded mixture of
duplicates, reordering, delay, loss, amendments, cancellations, forgotten balls and garbage. Final
state, features, surviving predictions and labels are compared by one canonical hash. Leaves
`build/hostile.json`; a difference prints the seed and the shortest mutation that still differs.
"""

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.circumstances import commit, machine
from benchmarks.hostility import Trial, tried
from cricket.archive import Library
from cricket.cricsheet import RecordedMatch, UnreadableMatchError
from cricket.formats import Unsupported
from learning.keys import model_key
from learning.starter import load_starter
from overcast.commands.shelves import listed_on
from producers.recorded import ArchiveShelf, Shelf, ShippedShelf
from producers.simulator import season
from streams.failure import run
from streams.models.registry import InstalledModels

RESULT = Path("build/hostile.json")
DIFFERENCES_SHOWN = 10
ONE_DAY_SHARE = 10  # every tenth made-up match is a one-day match
MODELS = InstalledModels(load_starter())
console = Console()


def main() -> None:
    """Tries all matches, prints and leaves the figures; exit 1 if one match differs."""
    arguments = _arguments()
    with Library() as library:
        for data in arguments.data or ():
            listed_on(ArchiveShelf(library, data), data)
    MODELS.build(MODELS)  # before the processes part: the tables are shared
    began, measured = time.monotonic(), commit()
    report = _report(arguments, _tried(arguments))
    report |= {"commit": measured, "seconds": round(time.monotonic() - began, 1)}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(report, indent=2) + "\n")
    console.print_json(json.dumps({k: v for k, v in report.items() if k != "differences"}))
    for difference in report["differences"][:DIFFERENCES_SHOWN]:
        console.print(f"DIFFERS, seed {arguments.seed}: {difference}", style="red")
    console.print(f"Written: {RESULT}")
    if report["mismatches"]:
        raise SystemExit(f"{report['mismatches']} matches do not end as in a clean replay")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="*", help="Cricsheet zips, folders or files")
    parser.add_argument("--matches", type=int, default=10_000, help="at least so many")
    parser.add_argument("--only", help="the id of one match: to look at a difference")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _tried(arguments: argparse.Namespace) -> Iterator[Trial]:
    """The trials of all matches, in processes that share the models' tables."""
    matches = _matches(arguments.data, arguments.matches, arguments.only)
    trial = partial(_trial, seed=arguments.seed)
    shown = partial(
        track, description="hostile", total=arguments.matches, console=Console(stderr=True)
    )
    with multiprocessing.get_context("fork").Pool(arguments.processes) as pool:
        yield from shown(pool.imap_unordered(trial, matches, chunksize=4))


def _trial(match: RecordedMatch, seed: int) -> Trial:
    return tried(match, MODELS, seed)


def _matches(data: list[Path] | None, least: int, only: str | None) -> Iterator[RecordedMatch]:
    """The recorded matches, then made-up ones until there are enough."""
    count = 0
    with Library() as library:
        shelf: Shelf = ArchiveShelf(library, *data) if data else ShippedShelf()
        for match in chain(_recorded(shelf), _made_up()):
            made_up = match.id.startswith("sim-")
            if made_up and count >= least:
                return
            count += 1
            if only is None or match.id == only:
                yield match


def _recorded(shelf: Shelf) -> Iterator[RecordedMatch]:
    for listed in shelf.listed():
        try:
            match = shelf.read(listed)
        except UnreadableMatchError:
            continue  # `overcast verify` reports them
        if not isinstance(model_key(match.fixture), Unsupported):
            yield match


def _made_up() -> Iterator[RecordedMatch]:
    """Endless seasons of T20s with some one-day matches among them."""
    for seed in range(1_000_000):
        yield from season(ONE_DAY_SHARE, 2 * seed)
        yield from season(1, 2 * seed + 1, match_type="ODI")


def _report(arguments: argparse.Namespace, trials: Iterable[Trial]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    differences = []
    for trial in trials:
        kinds.update(trial.mutations)
        made_up = trial.match_id.startswith("sim-")
        totals.update(
            matches=1,
            synthetic=made_up,
            recorded=not made_up,
            messages=trial.messages,
            dead_letters=trial.dead_letters,
            healed=trial.healed,
            predictions=trial.said,
        )
        if trial.differs:
            differences.append(asdict(trial))
    return {
        **totals,
        "mutations": kinds.total(),
        "mutations_by_kind": dict(sorted(kinds.items())),
        "mismatches": len(differences),
        "differences": differences,
        "seed": arguments.seed,
        "data": [path.name for path in arguments.data or [Path("producers/matches")]],
        "machine": machine(),
        "processes": arguments.processes,
    }


if __name__ == "__main__":
    run(main)
