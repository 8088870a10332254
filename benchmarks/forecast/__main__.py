"""`make forecast DATA=…`: the walk, the ladder, the controls; a table, JSON, a page, pictures."""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.circumstances import in_the_project
from benchmarks.forecast.years import BEFORE, CHOOSING, TEST_FROM
from cricket.archive import Library
from features.catalogue import FEATURE_VERSION
from learning.serving.forecaster import Forecaster
from overcast.commands.shelves import listed_on
from producers.recorded import ArchiveShelf
from streams.failure import needed, run

with needed("make forecast brings it."):
    from benchmarks.forecast import controls, figures
    from benchmarks.forecast.bootstrap import DRAWS
    from benchmarks.forecast.cost import cost
    from benchmarks.forecast.examine import Examined, examine
    from benchmarks.forecast.report import report
    from benchmarks.forecast.walks import manifest

RESULT = Path(f"build/forecast{f'-before-{BEFORE}' if BEFORE else ''}.json")
# The page is of the reported years only.
DOCS = Path("build" if BEFORE else "docs")
PAGE, PICTURES = DOCS / "forecast.md", DOCS / "forecast"
ORDER = ("t20-male", "odi-male", "odi-female", "t20-female")  # the long ones first
PROCESSES = 2
COMMAND = "make forecast DATA=<folder of Cricsheet zips>"
NEEDED = (
    "The forecast is measured on recorded matches: give a Cricsheet zip or a folder of them, "
    "make forecast DATA=cricsheet/. `overcast fetch` downloads them."
)
WIDTH = 110  # of what is printed into a file; a terminal has its own
console = Console(width=None if sys.stdout.isatty() else WIDTH)


def main() -> None:
    """Runs everything; exit 2 without matches to judge, 1 if a control fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Cricsheet zip or folder of zips")
    parser.add_argument("--redraw", action="store_true", help=f"page and pictures, from {RESULT}")
    arguments = parser.parse_args()
    if arguments.redraw:
        _draw(json.loads(RESULT.read_text()))
        return
    _measure(arguments.data)


def _measure(data: Path | None) -> None:
    if data is None or not data.exists():
        raise ValueError(NEEDED if data is None else f"{data}: not there. {NEEDED}")
    in_the_project()
    began, commit = time.perf_counter(), _commit()
    with Library() as library:
        listed_on(ArchiveShelf(library, data), data)
    files = manifest(data)
    found = _examined(data)
    if not found:
        raise ValueError(
            f"{data}: no match of {TEST_FROM} or later in a format that is forecast. {NEEDED}"
        )
    result = _result(files, found) | {"commit": commit}
    result["seconds"] = round(time.perf_counter() - began, 1)
    _write(result)
    _show(result)
    console.print(f"Written: {RESULT}, {PAGE}, {PICTURES}/*.svg, in {result['seconds']:.0f} s")
    if not _controlled(result):
        raise SystemExit("a control failed: see the page")


def _examined(data: Path) -> list[Examined]:
    """Every key in a process of its own, which gives its memory back, two at a time."""
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        waiting = {key: pool.submit(examine, key, data) for key in ORDER}
        console.print("Walking through the matches, two keys at a time …")
        found = []
        for key, future in waiting.items():
            examined = future.result()
            console.print(f"{key}: {_told(examined)}")
            if examined is not None:
                found.append(examined)
    return found


def _told(examined: Examined | None) -> str:
    if examined is None:
        return f"no match of {TEST_FROM} or later"
    seconds = examined.figures["seconds"]
    told = ", ".join(f"{name} {value:.0f} s" for name, value in seconds.items())
    return f"{examined.figures['matches']:,} matches; {told}"


def _result(files: dict[str, str], found: list[Examined]) -> dict[str, Any]:
    shortest = min(found, key=lambda each: each.figures["rows"])
    leak = controls.leak_test(Forecaster(shortest.snapshot), shortest.last)
    return {
        "commit": "",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "seconds": 0.0,
        "feature_version": FEATURE_VERSION,
        "test_from": TEST_FROM,
        "choosing": f"{CHOOSING[0]}-{CHOOSING[-1]}",
        "draws": DRAWS,
        "manifest": files,
        "sha256": hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest(),
        "keys": {each.key: each.figures for each in found},
        "controls": {
            "leak_test": leak,
            "walk": controls.walk_leaks(shortest.key, shortest.early),
        },
        "cost": {each.key: cost(each.snapshot, each.last) for each in found},
    }


def _controlled(result: dict[str, Any]) -> bool:
    leak = result["controls"]["leak_test"]
    shuffles = [s for each in result["keys"].values() for s in each["shuffled"].values()]
    return (
        leak["online"] == 0
        and leak["planted"] == leak["cuts"]
        and bool(result["controls"]["walk"]["same"])
        and all(each["teaches_nothing"] for each in shuffles)
    )


def _write(result: dict[str, Any]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    _draw(result)


def _draw(result: dict[str, Any]) -> None:
    drawn = figures.draw(result["keys"], PICTURES)
    PAGE.write_text(report(result, drawn, COMMAND))


def _commit() -> str:
    """The commit measured, marked if the work tree differs from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def _show(result: dict[str, Any]) -> None:
    for key, found in result["keys"].items():
        table = Table(title=f"{figures.NAMES[key]}, {TEST_FROM} and later: log loss of the win")
        table.add_column("rung")
        for innings in found["win"]:
            table.add_column(figures.INNINGS[innings], justify="right")
            table.add_column("online less it, 95 %")
        rungs = (each["log_loss"] for each in found["win"].values())
        for name in next(rungs, ()):
            cells = (_cells(each, name) for each in found["win"].values())
            table.add_row(name, *chain.from_iterable(cells))
        console.print(table)
        _show_total(found)


def _cells(found: dict[str, Any], name: str) -> tuple[str, str]:
    lead = found["log_loss_lead"].get(name)
    told = "" if lead is None else f"{lead[0]:+.4f} [{lead[1]:+.4f}, {lead[2]:+.4f}]"
    return f"{found['log_loss'][name][0]:.4f}", told


def _show_total(found: dict[str, Any]) -> None:
    total = found.get("total")
    if total is not None:
        errors = (f"{name} {error[0]:.2f}" for name, error in total["mae"].items())
        console.print("Projected total, error in runs: " + " · ".join(errors))
    for innings, each in found["next_ball"].items():
        losses = (f"{name} {loss[0]:.4f}" for name, loss in each["log_loss"].items())
        console.print(f"Next ball, {figures.INNINGS[innings]}: " + " · ".join(losses))


if __name__ == "__main__":
    run(main)
