"""What `make bench` measures, one function a question; each gives plain figures for the report."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from benchmarks.candidates import BYTES, DESKS, FAUST, PURE, candidates
from benchmarks.flood import flood
from benchmarks.load import Load, simulated
from benchmarks.trial import (
    Messages,
    Throughput,
    await_,
    cost,
    deployment,
    live_latency,
    send,
    started,
    throughput,
)
from benchmarks.viewers import in_words, watched
from consumers.group import Group
from overcast.embedded.servers import Addresses
from streams.journal import Journal
from streams.settings import Settings
from streams.topics import PREDICTIONS, real_name

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
        for kind in (BYTES, PURE, DESKS, FAUST):
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
    """The same load, and one ten times as long."""
    short = load.messages[: len(load.messages) // 2]
    long_ = simulated(100, 10 * len(short)).messages
    return {
        "short": _faust(addresses, short, rounds, say),
        "ten times": _faust(addresses, long_, 1, say),
    }


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
    """A million balls through one worker: memory after each tenth of them."""
    del load, rounds
    settings, tenth = deployment(addresses), MILLION // 10
    played = simulated(200, MILLION)
    found = []
    with started(FAUST, settings) as processes, Group(settings) as group:
        for place in range(0, MILLION, tenth):
            send(settings, played.messages[place : place + tenth])
            await_(group.done, processes)
            found.append(cost(processes).megabytes)
            say(f"{place + tenth:,} messages: {found[-1]:.0f} MB")
    return {"megabytes": found}


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
OWN_LOAD = {"matches", "restart", "hostile", "memory"}  # they say theirs themselves
LONG = {"memory"}  # ten minutes


def _faust(
    addresses: Addresses, messages: Messages, rounds: int, say: Say, workers: int = 1
) -> Figures:
    made = [throughput(FAUST, addresses, messages, workers) for _ in range(rounds)]
    figures = _median(made)
    say(f"{workers} workers: {figures['balls_per_second']:,.0f} balls a second")
    return figures


def _median(made: Iterable[Throughput]) -> Figures:
    """Medians of rounds; faults of any of them."""
    listed = [asdict(one) for one in made]
    names = [name for name in listed[0] if name != "faults"]
    medians = {name: statistics.median(one[name] for one in listed) for name in names}
    return medians | {"faults": [fault for one in listed for fault in one["faults"]]}


def _restarted(addresses: Addresses, played: Messages, following: Messages) -> tuple[float, float]:
    settings = deployment(addresses)
    send(settings, played)
    with Group(settings) as group:
        with started(FAUST, settings) as processes:
            await_(group.done, processes)
            killed = time.monotonic()  # the block's end kills
        send(settings, following)
        before = _answers(settings)
        with started(FAUST, settings) as processes:
            await_(lambda: _answers(settings) > before, processes)
            first = time.monotonic() - killed
            await_(group.done, processes)
    return first, time.monotonic() - killed


def _answers(settings: Settings) -> int:
    """The ends of the predictions' partitions, summed."""
    journal, name = Journal(settings.kafka), real_name(PREDICTIONS, settings)
    return sum(journal.end(name, partition) for partition in range(settings.partitions))
