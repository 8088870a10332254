"""What `overcast shadow` finds, for a person and for a program."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from consumers.shadow.differences import Comparison, Tally
from consumers.shadow.shadow import Span
from consumers.shadow.shadow import shadow as compared
from learning.model.snapshot import SnapshotError, decode
from overcast.commands.cluster import partitions_of
from streams.kafka.topics import BALLS, PREDICTIONS
from streams.messages.source import CODE_VERSION
from streams.models.registry import InstalledModels
from streams.settings import Settings

KINDS = 3  # that are named of a part


def report(
    settings: Settings,
    span: tuple[str | None, str | None],
    models: Path | None,
    tolerance: float,
    figures: Path | None,
) -> bool:
    """Print how this version answers the log between two times; whether all answers are equal."""
    since, until = span
    asked = Span(*_milliseconds(since, 0), *_milliseconds(until, 2**63))
    on_trial = None if models is None else _on_trial(models)
    for topic in (BALLS, PREDICTIONS):
        partitions_of(topic, settings)
    found = compared(settings, asked, on_trial, tolerance)
    for line in _lines(found):
        Console().print(line, highlight=False, soft_wrap=True)
    if figures:
        figures.write_text(json.dumps(_figures(found), indent=2) + "\n")
    return found.equal


def _milliseconds(given: str | None, default: int) -> tuple[int]:
    if given is None:
        return (default,)
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{given!r} is no time: write 2026-11-29T14:30, in UTC") from None
    return (int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000),)


def _on_trial(folder: Path) -> InstalledModels:
    """The models of a folder; ValueError if it holds none, or a damaged one."""
    files = [*folder.glob("*.json"), *folder.glob("*.json.gz")] if folder.is_dir() else []
    snapshots = {}
    for file in sorted(file for file in files if not file.name.startswith(("manifest", "careers"))):
        content = file.read_bytes()
        try:
            snapshot = decode(gzip.decompress(content) if file.suffix == ".gz" else content)
        except (SnapshotError, OSError, EOFError) as error:
            raise ValueError(f"{file} is no snapshot: {error}") from error
        snapshots[snapshot.key] = snapshot
    if not snapshots:
        raise ValueError(f"{folder} holds no snapshots (KEY.json or KEY.json.gz)")
    return InstalledModels(snapshots)


def _lines(found: Comparison) -> Iterator[str]:
    """The summary for a person."""
    asked = f"{found.balls:,} balls, {found.others:,} other answers, {found.questions:,} questions"
    if not found.balls + found.others:
        yield "Nothing was compared: no live worker has answered a ball of this time."
        return
    if found.equal:
        yield f"[bold green]Equal[/]: version {CODE_VERSION} answers as the live ones do ({asked})."
        return
    yield f"[bold red]Different[/]: {found.differing:,} answers differ ({asked})."
    ordered = sorted(
        found.parts.items(), key=lambda part: ("feature" not in part[0], -part[1].count)
    )
    for part, tally in ordered:
        yield f"\n[bold]{part}[/]: {tally.count:,} times{_most(tally)}"
        yield f"  most in: {_kinds(tally)}"
        yield from (f"  {example}" for example in tally.examples)


def _most(tally: Tally) -> str:
    return f", by {tally.largest:.6g} at most" if tally.largest else ""


def _kinds(tally: Tally) -> str:
    first = sorted(tally.kinds.items(), key=lambda kind: -kind[1])[:KINDS]
    return "; ".join(f"{moment} ({count:,})" for moment, count in first)


def _figures(found: Comparison) -> dict[str, Any]:
    """The summary for a program."""
    return {
        "code": CODE_VERSION,
        "equal": found.equal,
        "balls": found.balls,
        "others": found.others,
        "questions": found.questions,
        "differing": found.differing,
        "parts": {
            part: {
                "count": t.count,
                "largest": t.largest,
                "moments": t.kinds,
                "examples": t.examples,
            }
            for part, t in found.parts.items()
        },
    }
