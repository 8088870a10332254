"""`make bench`: balls a second and latency, the Faust worker beside the plain loop.

Both work off the same messages in turns, in one run; figures are medians. Latency is measured on
a live feed, from the ball's append to its prediction's append, by Kafka's own clock. Before them
the time for one ball's state and live features is taken, on one core without Kafka. `--data`
takes a Cricsheet archive; without it simulated matches are used.
"""

import argparse
import json
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.ball import BallTime, ball_time, in_words
from benchmarks.circumstances import commit, machine
from benchmarks.load import Load, archived, simulated
from benchmarks.trial import WORKERS, Throughput, live_latency, throughput
from benchmarks.viewers import in_words as viewers_in_words
from benchmarks.viewers import watched
from consumers.latency import Latency
from overcast.embedded.servers import Addresses, running_servers

RESULT = Path("build/bench.json")
console = Console()


def main() -> None:
    """Runs the trials, prints the table, leaves `build/bench.json`; exit 1 if a ball is amiss."""
    arguments = _arguments()
    one_ball = ball_time()
    console.print(in_words(one_ball))
    console.print("Preparing the load …")
    load = archived(arguments.data) if arguments.data else simulated(arguments.matches)
    with running_servers(console.print) as addresses:
        throughputs = _throughputs(addresses, load, arguments.rounds)
        latencies = _latencies(addresses, load, arguments)
        viewers = watched(addresses)
        console.print(viewers_in_words(viewers))
    report = _report(load, throughputs, latencies, arguments) | _of_one_ball(one_ball)
    report["live_page"] = asdict(viewers)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(report, indent=2) + "\n")
    _show(report)
    if any(t.audit.faults for t in throughputs):
        raise SystemExit("some balls do not have exactly one prediction in its place")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Cricsheet zip, folder or file")
    parser.add_argument("--matches", type=int, default=150, help="simulated, without --data")
    parser.add_argument("--rounds", type=int, default=3, help="of each worker, in turns")
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second, live")
    parser.add_argument("--live", type=int, default=4_000, help="messages of the live feed")
    return parser.parse_args()


def _throughputs(addresses: Addresses, load: Load, rounds: int) -> list[Throughput]:
    found = []
    for number in range(rounds):
        for kind in WORKERS:
            found.append(throughput(kind, addresses, load))
            rate = f"{found[-1].balls_per_second:,.0f} balls a second"
            console.print(f"Round {number + 1} of {rounds}: {kind}, {rate}")
    return found


def _latencies(
    addresses: Addresses, load: Load, arguments: argparse.Namespace
) -> dict[str, Latency]:
    messages = load.messages[: arguments.live]
    found = {}
    for kind in WORKERS:
        console.print(f"Live feed of {arguments.rate:.0f} messages a second: {kind}")
        found[kind] = live_latency(kind, addresses, messages, arguments.rate)
    return found


def _report(
    load: Load,
    throughputs: Sequence[Throughput],
    latencies: dict[str, Latency],
    arguments: argparse.Namespace,
) -> dict[str, Any]:
    workers = {kind: _worker_report(kind, throughputs, latencies[kind]) for kind in WORKERS}
    faust, plain = (workers[kind]["balls_per_second"] for kind in WORKERS)
    audits = [t.audit for t in throughputs]
    first = audits[0]
    return {
        "commit": commit(),
        "machine": machine(),
        "python": platform.python_version(),
        "load": {"name": load.name, "messages": len(load.messages), "sha256": load.digest},
        "rounds": arguments.rounds,
        "live_rate": arguments.rate,
        "workers": workers,
        "faust_to_plain": faust / plain,
        "balls": first.balls,
        "refused": first.refused,
        "predictions": first.predictions,
        "matches_ended": len(first.ended),
        "matches_labelled": len(first.labelled),
        "unlabelled": first.unlabelled,
        "faults": [fault for audit in audits for fault in audit.faults],
    }


def _of_one_ball(time: BallTime) -> dict[str, Any]:
    return {"ball_microseconds": asdict(time)}


def _worker_report(
    kind: str, throughputs: Sequence[Throughput], latency: Latency
) -> dict[str, Any]:
    own = [t for t in throughputs if t.kind == kind]
    return {
        "balls_per_second": statistics.median(t.balls_per_second for t in own),
        "cpu_seconds_per_100_000": statistics.median(t.cpu_per_100_000 for t in own),
        "rounds": [t.balls_per_second for t in own],
        "latency_ms": asdict(latency),
    }


def _show(report: dict[str, Any]) -> None:
    table = Table(title=f"{report['load']['name']}: {report['balls']:,} balls")
    for name in ("worker", "balls a second", "CPU s per 100,000", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(name, justify="left" if name == "worker" else "right")
    for kind, found in report["workers"].items():
        late = found["latency_ms"]
        rates = (found["balls_per_second"], found["cpu_seconds_per_100_000"])
        times = (f"{late[name]:.0f}" for name in ("p50", "p95", "p99"))
        table.add_row(kind, f"{rates[0]:,.0f}", f"{rates[1]:.1f}", *times)
    console.print(table)
    console.print(f"Faust's loop reaches {report['faust_to_plain']:.2f} of the plain one.")
    console.print(
        f"{report['predictions']:,} predictions for {report['balls']:,} balls in order, "
        f"{len(report['faults'])} faults; labels of {report['matches_labelled']:,} of "
        f"{report['matches_ended']:,} ended matches. Written: {RESULT}"
    )


if __name__ == "__main__":
    main()
