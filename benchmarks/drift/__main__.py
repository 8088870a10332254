"""`make drift`: planted changes over made-up seasons, the real one of 2023; the page."""

import argparse
import json
import os
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.circumstances import commit, in_the_project, machine
from benchmarks.drift.base import base
from benchmarks.drift.figures import figures
from benchmarks.drift.pictures import draw
from benchmarks.drift.real import archives_in, real
from benchmarks.drift.report import report
from benchmarks.drift.seasons import BUILD, Season, season
from benchmarks.drift.world import SCENARIOS
from streams.failure import run

RESULT, SEASONS = BUILD / "drift.json", BUILD / "drift-seasons.jsonl"
PAGE, PICTURES = Path("docs/drift.md"), Path("docs/drift")
EACH = 40  # seasons of each scenario: 200 in all
PROCESSES = 2


def main() -> None:
    """Runs everything, or what is left of it with --resume; --redraw only makes the page again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=int, default=EACH * len(SCENARIOS), help="made-up ones")
    parser.add_argument("--data", type=Path, help="folder of Cricsheet zips, for the real change")
    parser.add_argument("--resume", action="store_true", help=f"go on from {SEASONS}")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop the seasons after so long")
    parser.add_argument("--redraw", action="store_true", help=f"the page again, from {RESULT}")
    arguments = parser.parse_args()
    if arguments.redraw:
        _write(json.loads(RESULT.read_text()))
        return
    in_the_project()
    if arguments.data is not None:
        archives_in(arguments.data)
    began = time.monotonic()
    base(BUILD)
    if not arguments.resume:
        set_aside(SEASONS)
    played = _played_seasons(arguments.seasons, began + 60.0 * arguments.minutes)
    result = figures(played) | {
        "commit": commit(),
        "machine": machine(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    if arguments.data is not None:
        result["real"] = real(arguments.data, BUILD)
    elif RESULT.exists() and "real" in (before := json.loads(RESULT.read_text())):
        result["real"] = before["real"]
    _write(result)
    print(f"Written: {RESULT}, {PAGE}, {PICTURES}/*.svg, in {time.monotonic() - began:.0f} s")


def set_aside(seasons: Path) -> None:
    """Keep the seasons of the run before under another name: they took hours."""
    if seasons.exists():
        seasons.replace(seasons.with_suffix(".former.jsonl"))


def _played_seasons(count: int, deadline: float) -> list[Season]:
    """The seasons, scenario by scenario in turn; each is written down when it is done."""
    found = [Season(**json.loads(text)) for text in _lines()]
    done = {(s.scenario, s.seed) for s in found}
    names = list(SCENARIOS)
    wanted = [(names[n % len(names)], n // len(names)) for n in range(count)]
    missing = [place for place in wanted if place not in done]
    with ProcessPoolExecutor(PROCESSES) as pool, SEASONS.open("a") as file:
        while missing and time.monotonic() < deadline:
            now, missing = missing[:PROCESSES], missing[PROCESSES:]
            for made in pool.map(_one, now):
                file.write(json.dumps(asdict(made)) + "\n")
                file.flush()
                found.append(made)
            print(f"{len(found)} of {count} seasons")
    kept = set(wanted)
    return [made for made in found if (made.scenario, made.seed) in kept]


def _lines() -> Iterable[str]:
    return SEASONS.read_text().splitlines() if SEASONS.exists() else ()


def _one(place: tuple[str, int]) -> Season:
    return season(*place)


def _write(result: dict[str, Any]) -> None:
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    PAGE.write_text(report(result, draw(result, PICTURES)))


if __name__ == "__main__":
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    run(main)
