"""`make bench`: what it costs to answer balls, beside other ways to do it, in one run.

Every way works off the same messages in turns; figures are medians. Latency is measured on a live
feed, from the ball's append to its answer's append, by Kafka's own clock. Sections can be chosen,
and the others are kept from the last run: `build/bench.json` says when each was measured.
docs/performance.md is drawn from it. `--data` takes a Cricsheet archive instead of simulated
matches.
"""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.ball import ball_time, in_words
from benchmarks.circumstances import commit, in_the_project, machine
from benchmarks.load import Load, archived, simulated
from benchmarks.performance import PAGE, page
from benchmarks.sections import LONG, OWN_LOAD, SECTIONS
from overcast.embedded.servers import running_servers
from streams.failure import run

RESULT = Path("build/bench.json")
AT_ONCE = 100
console = Console()


def main() -> None:
    """Measures, leaves `build/bench.json` and the page; exit 1 if a ball is amiss."""
    arguments = _arguments()
    in_the_project()
    report: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    if not arguments.redraw:
        one_ball = ball_time()
        console.print(in_words(one_ball))
        report["ball_microseconds"] = asdict(one_ball)
        _measure(report, arguments)
    PAGE.write_text(page(report))
    console.print(f"Written: {RESULT}, {PAGE}")
    faults = [fault for name in SECTIONS for fault in _faults(report.get(name, {}))]
    if faults:
        raise SystemExit(f"some balls do not have their one prediction: {faults}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Cricsheet zip, folder or file")
    parser.add_argument("--messages", type=int, default=30_000, help="of a trial, without --data")
    parser.add_argument("--rounds", type=int, default=3, help="of each trial, in turns")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="sections to measure")
    parser.add_argument("--long", action="store_true", help="the million balls too")
    parser.add_argument("--redraw", action="store_true", help="the page from the last figures")
    return parser.parse_args()


def _measure(report: dict[str, Any], arguments: argparse.Namespace) -> None:
    """The chosen sections, each written as soon as it is measured."""
    chosen = arguments.only or [n for n in SECTIONS if arguments.long or n not in LONG]
    data = arguments.data
    load = archived(data) if data else simulated(AT_ONCE, arguments.messages)
    with running_servers(console.print) as addresses:
        for name in chosen:
            console.rule(name)
            figures = SECTIONS[name](addresses, load, arguments.rounds, console.print)
            of = None if name in OWN_LOAD else load
            report[name] = {"figures": figures} | _circumstances(of, arguments.rounds)
            RESULT.parent.mkdir(exist_ok=True)
            RESULT.write_text(json.dumps(report, indent=2) + "\n")


def _circumstances(load: Load | None, rounds: int) -> dict[str, Any]:
    return {
        "commit": commit(),
        "machine": machine(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load": load and {"name": load.name, "messages": len(load.messages), "sha256": load.digest},
        "rounds": rounds,
    }


def _faults(section: dict[str, Any]) -> list[str]:
    found = section.get("figures", {}).values()
    return [fault for one in found if isinstance(one, dict) for fault in one.get("faults", [])]


if __name__ == "__main__":
    run(main)
