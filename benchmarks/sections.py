"""What `make bench` measures, one function a question; each gives plain figures for the report."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from benchmarks.candidates import BYTES, FAUST, PROCESSORS, PURE, candidates
from benchmarks.flood import flood
from benchmarks.load import Load, simulated
from benchmarks.trial import (
    Messages,
    Throughput,
    await_,
    deployment,
    ends,
    grown,
    live_latency,
    send,
    settle,
    started,
    throughput,
)
from benchmarks.viewers import in_words, watched
from consumers.audit.consumer_group import WorkerGroup
from overcast.embedded.servers import Addresses

RATES = (500, 50, 2_000)  # balls a second
LIVE_SECONDS = 8
WORKERS = (1, 2, 4)
AT_ONCE = (1, 10, 100, 1_000)
RESTARTED_MATCHES = 1_000
MILLION = 1_000_000

Figures = dict[str, Any]
Say = Callable[[str], None]


def sides(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """All candidates on the same messages, in turns: medians."""
    found: dict[str, list[Throughput]] = {kind.title: [] for kind in candidates()}
    for number in range(rounds):
        for kind in candidates():
            made = throughput(kind, addresses, load.messages)
            found[kind.title].append(made)
            say(f"Round {number + 1}: {kind.title} {made.balls_per_second:,.0f} a second")
    return {title: _median(made) for title, made in found.items()}


def latency(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """From append to append at several rates, the worker beside plain loops."""
    found: Figures = {}
    for rate in RATES:
        for kind in (BYTES, PURE, PROCESSORS, FAUST):
            messages = load.messages[: rate * LIVE_SECONDS]
            made = [live_latency(kind, addresses, messages, rate) for _ in range(rounds)]
            medians = {
                name: statistics.median(getattr(one, name) for one in made)
                for name in ("p50", "p95", "p99")
            }
            found.setdefault(str(rate), {})[kind.title] = medians
            say(f"{rate} a second: {kind.title} {medians}")
    return found


def workers(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """One worker, two, four: on the same backlog."""
    return {str(n): _faust(addresses, load.messages, rounds, say, workers=n) for n in WORKERS}


def matches(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """As many messages, of few matches or of many at once."""
    size = len(load.messages)
    return {str(n): _faust(addresses, simulated(n, size).messages, rounds, say) for n in AT_ONCE}


def log(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """What a ball costs as the log grows to ten times the load: one worker, tenth by tenth."""
    del rounds
    made = _tenths(addresses, simulated(100, 10 * len(load.messages)).messages, say)
    return {f"{place + 1}. tenth": asdict(one) for place, one in enumerate(made)}


def restart(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """`kill -9` with many live matches: seconds until the first answer, and until every match's."""
    del load
    played = simulated(RESTARTED_MATCHES, 40 * RESTARTED_MATCHES).messages
    following = simulated(RESTARTED_MATCHES, 41 * RESTARTED_MATCHES).messages[len(played) :]
    found = [_restarted(addresses, played, following) for _ in range(rounds)]
    say(f"restart: {found}")
    first, all_ = zip(*found, strict=True)
    return {"first": statistics.median(first), "all": statistics.median(all_), "rounds": found}


def memory(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """A million balls through one worker: memory after each tenth of them, and its cost."""
    del load, rounds
    made = _tenths(addresses, simulated(200, MILLION).messages, say)
    names = ("megabytes", "cpu_per_100_000")
    return {name: [getattr(one, name) for one in made] for name in names}


def hostile(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """Endless new matches from one feed."""
    del load, rounds
    found = flood(addresses)
    say(f"flood: {found}")
    return found


def viewers(addresses: Addresses, load: Load, rounds: int, say: Say) -> Figures:
    """The live page before a crowd."""
    del load, rounds
    found = watched(addresses)
    say(in_words(found))
    return asdict(found)


SECTIONS: dict[str, Callable[[Addresses, Load, int, Say], Figures]] = {
    "sides": sides,
    "latency": latency,
    "workers": workers,
    "matches": matches,
    "log": log,
    "restart": restart,
    "hostile": hostile,
    "viewers": viewers,
    "memory": memory,
}
OWN_LOAD = {"matches", "log", "restart", "hostile", "memory"}  # they say theirs themselves
LONG = {"memory"}  # ten minutes


def _faust(
    addresses: Addresses, messages: Messages, rounds: int, say: Say, workers: int = 1
) -> Figures:
    made = [throughput(FAUST, addresses, messages, workers) for _ in range(rounds)]
    figures = _median(made)
    say(f"{workers} workers: {figures['balls_per_second']:,.0f} balls a second")
    return figures


def _tenths(addresses: Addresses, messages: Messages, say: Say) -> list[Throughput]:
    """One worker works off a log as it grows by tenths."""
    settings, tenth, made = deployment(addresses), len(messages) // 10, list[Throughput]()
    with started(FAUST, settings) as processes, WorkerGroup(settings) as group:
        await_(group.ready, processes)
        settle(FAUST, processes)
        for place in range(0, 10 * tenth, tenth):
            made.append(grown(settings, processes, group, messages[place : place + tenth]))
            say(f"{place + tenth:,} messages: {made[-1]}")
    return made


def _median(made: Iterable[Throughput]) -> Figures:
    """Medians of rounds; faults of any of them."""
    listed = [asdict(one) for one in made]
    names = [name for name in listed[0] if name != "faults"]
    medians = {name: statistics.median(one[name] for one in listed) for name in names}
    return medians | {"faults": [fault for one in listed for fault in one["faults"]]}


def _restarted(addresses: Addresses, played: Messages, following: Messages) -> tuple[float, float]:
    settings = deployment(addresses)
    send(settings, played)
    with WorkerGroup(settings) as group:
        with started(FAUST, settings) as processes:
            await_(group.done, processes)
            killed = time.monotonic()  # the block's end kills
        send(settings, following)
        before = ends(settings)
        with started(FAUST, settings) as processes:
            await_(lambda: ends(settings) != before, processes)
            first = time.monotonic() - killed
            await_(group.done, processes)
    return first, time.monotonic() - killed
