"""`make memory`: what a worker holds, ready and after a million balls, under a hard limit.

The balls are of simulated T20s, 200 at once, whose scoring changes halfway, so that alarms raise
challengers. Exit 1 if it holds more than it may; the kernel ends a worker that reaches the limit.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from subprocess import Popen

from benchmarks.candidates import FAUST
from benchmarks.load import side_by_side
from benchmarks.memory_limit import Limit, memory_limit
from benchmarks.trial import MEGABYTE, Messages, await_, cost, deployment, send, settle, started
from consumers.audit.consumer_group import WorkerGroup
from overcast.embedded.servers import Addresses, running_servers
from producers.simulator import season
from streams.failure import run
from streams.messages.events import encode

AT_ONCE, STEPS, BALLS_OF_A_MATCH = 200, 10, 230
MOST_READY, MOST_AFTER = 350, 700  # megabytes
SEED, CHANGED_SCORING = 2026, 0.8


def messages(balls: int) -> Iterator[tuple[bytes, bytes]]:
    """So many messages of matches side by side; the later half of them scores less."""
    half = balls // (2 * BALLS_OF_A_MATCH)
    matches = chain(season(half, SEED), season(10**6, SEED + 1, scoring=CHANGED_SCORING))
    events = islice(side_by_side(matches, AT_ONCE), balls)
    return ((event.match_id.encode(), encode(event)) for event in events)


def measured(addresses: Addresses, balls: int, limit: Limit | None) -> list[float]:
    """Megabytes of a worker when it is ready, then after each tenth of the balls."""
    settings, found, load = deployment(addresses), list[float](), messages(balls)
    with started(FAUST, settings) as processes, WorkerGroup(settings) as group:
        if limit is not None:
            limit.take_in(processes[0].pid)
        await_(group.ready, processes)
        settle(FAUST, processes)
        found.append(_shown("ready", processes, limit))
        for step in range(1, STEPS + 1):
            tenth: Messages = list(islice(load, balls // STEPS))
            send(settings, tenth)
            await_(group.done, processes)
            found.append(_shown(f"{step * len(tenth):,} balls", processes, limit))
    return found


def _shown(when: str, processes: list["Popen[bytes]"], limit: Limit | None) -> float:
    spent = cost(processes)
    peak = limit and limit.peak()
    most = f", at most {peak / MEGABYTE:,.0f} MB so far" if peak else ""
    print(f"{when:>15}: {spent.megabytes:4.0f} MB, {spent.seconds:4.0f} CPU s{most}", flush=True)
    return spent.megabytes


def main() -> None:
    """Measure, and say whether the worker holds as little as it is to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--balls", type=int, default=1_000_000)
    parser.add_argument("--limit", type=int, default=1_024, help="MiB, enforced; 0: none")
    arguments = parser.parse_args()
    with running_servers(print) as addresses, ExitStack() as stack:
        limit = None
        if arguments.limit:
            limit = stack.enter_context(memory_limit(arguments.limit << 20))
        ready, *after = measured(addresses, arguments.balls, limit)
    if ready > MOST_READY or max(after) > MOST_AFTER:
        raise SystemExit(f"more than {MOST_READY} MB when ready, or than {MOST_AFTER} MB after")


if __name__ == "__main__":
    run(main)
