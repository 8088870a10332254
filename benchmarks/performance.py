"""docs/performance.md, drawn from the figures of `build/bench.json`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.candidates import BYTES, FAUST, NAIVE, PURE, QUIX, QUIX_KEPT

PAGE = Path("docs/performance.md")

Figures = dict[str, Any]
HEAD = """# Performance

Drawn by `make bench` from `build/bench.json`: all ways in one run, real Kafka and Redis, medians.
The machine is small and shared: trust the ratios. Where the time goes:
[performance-profile.md](performance-profile.md).
"""


def page(report: Figures) -> str:
    """The page; a section that was not measured says so."""
    parts = [HEAD, _ball(report)]
    for name, title, draw in _DRAWN:
        found = report.get(name)
        parts.append(f"## {title}\n")
        if found and "figures" in found:  # an older version's file has other sections
            parts.append(f"{draw(found['figures'])}\n\n{_when(found)}")
        else:
            parts.append("Not measured.\n")
    return "\n".join(parts).rstrip() + "\n"


def _ball(report: Figures) -> str:
    found = report.get("ball_microseconds")
    if not found:
        return ""
    return (
        f"State and live features of one ball, without Kafka, on one core: {found['median']:.1f} "
        f"µs in the median, {found['p99']:.1f} µs at the 99th percentile.\n"
    )


def _when(section: Figures) -> str:
    load, rounds = section["load"], section["rounds"]
    return (
        f"*{section['at']}, commit {section['commit']}, {section['machine']}; "
        + (f"{load['name']}; " if load else "")
        + f"{rounds} round{'s' * (rounds > 1)}.*\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(title: str, found: Figures) -> list[str]:
    return [
        title,
        f"{found['balls_per_second']:,.0f}",
        f"{found['cpu_per_100_000']:.1f}",
        f"{found['megabytes']:.0f}",
    ]


HEADS = ("answers a second", "CPU s per 100,000", "MB")


def _sides(figures: Figures) -> str:
    table = _table(("way", *HEADS), (_row(title, found) for title, found in figures.items()))
    rates = {title: found["balls_per_second"] for title, found in figures.items()}
    ours = rates[FAUST.title]
    against = ((PURE, 0.8), (QUIX, 1.2), (QUIX_KEPT, None), (NAIVE, 5.0), (BYTES, None))
    ratios = [
        f"{ours / rates[kind.title]:.2f} of {kind.title}" + (f" (aim {aim})" if aim else "")
        for kind, aim in against
        if kind.title in rates
    ]
    return f"{table}\n\nOvercast's worker reaches {', '.join(ratios)}."


def _latency(figures: Figures) -> str:
    rows = [
        [f"{rate} a second, {title}", *(f"{found[name]:.0f}" for name in ("p50", "p95", "p99"))]
        for rate, kinds in figures.items()
        for title, found in kinds.items()
    ]
    return _table(("feed and way", "p50 ms", "p95 ms", "p99 ms"), rows)


def _named(what: str) -> Any:
    def draw(figures: Figures) -> str:
        rows = (_row(title, found) for title, found in figures.items())
        return _table((what, *HEADS), rows)

    return draw


def _restart(figures: Figures) -> str:
    return (
        "A worker with 1,000 live matches is killed (`kill -9`) and started again at once; "
        "meanwhile a ball of each match comes. The first is answered "
        f"{figures['first']:.1f} s after the kill, the last {figures['all']:.1f} s after it. The "
        "group waits 6 s for the dead member."
    )


def _hostile(figures: Figures) -> str:
    worker, store = figures["worker"], figures["redis"]
    return (
        f"{figures['invented']:,} matches that one feed invents, half of them started, half not: "
        f"the worker goes from {worker[0]:.0f} to {worker[1]:.0f} MB, Redis from {store[0]:.0f} to "
        f"{store[1]:.0f} MB, in {figures['cpu_seconds']:.0f} processor seconds."
    )


def _memory(figures: Figures) -> str:
    rows = ("megabytes", "MB"), ("cpu_per_100_000", "CPU s per 100,000")
    numbers = [str(tenth + 1) for tenth in range(len(figures["megabytes"]))]
    return "One worker after each 100,000 of a million messages:\n\n" + _table(
        ("hundred thousand", *numbers),
        ([title, *(f"{one:.0f}" for one in figures[name])] for name, title in rows),
    )


def _viewers(figures: Figures) -> str:
    return (
        f"{figures['viewers']:,} viewers at {figures['balls_per_second']:.0f} balls a second, half "
        f"of them on the list, half on the match: lag p50 {figures['p50_ms']:.0f}, p99 "
        f"{figures['p99_ms']:.0f}, at most {figures['most_ms']:.0f} ms over {figures['events']:,} "
        f"events, {figures['missed']} balls missed. The server's memory goes from "
        f"{figures['memory_start']:.0f} to {figures['memory_end']:.0f} MiB over "
        f"{figures['balls']:,} balls. Viewers, server and Kafka share the machine."
    )


_DRAWN = (
    ("sides", "Side by side", _sides),
    ("latency", "Latency, append to append", _latency),
    ("workers", "Workers", _named("workers")),
    ("matches", "Matches at once", _named("matches")),
    ("log", "A log that grows to ten times its length", _named("log")),
    ("restart", "A restart", _restart),
    ("hostile", "Endless new matches", _hostile),
    ("viewers", "Viewers of the live page", _viewers),
    ("memory", "A million balls", _memory),
)
