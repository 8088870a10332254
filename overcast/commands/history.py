"""`overcast history`: the story of a model, as its decisions tell it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from learning.contest.decisions import (
    Alarm,
    AnyDecision,
    Evidence,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from learning.model.snapshot import Snapshot, SnapshotError
from learning.starter import load_starter
from overcast.commands import options
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import DRIFT, MODELS, real_name
from streams.messages import decisions
from streams.models.snapshot_messages import ModelMessages
from streams.settings import Settings

TITLES = {
    Alarm: "ALARM",
    Raised: "challenger raised",
    Promoted: "PROMOTED",
    Retired: "retired",
    RolledBack: "ROLLED BACK",
    Frozen: "frozen",
    Unfrozen: "unfrozen",
    OrderRefused: "order refused",
}


def history(
    key: Annotated[str, typer.Argument(help="Model key, such as t20-male; all if left out.")] = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Tell what a model was trained on, what moved, who challenged, and who won by what."""
    settings, console = options.settings(kafka, None, topic_prefix), Console()
    journal = LogReader(settings.kafka)
    snapshots, decisions = _snapshots(journal, settings), _decisions(journal, settings)
    wanted = [k for k in snapshots if key in {"", k}]
    if not wanted:
        raise ValueError(f"no model {key!r}; there are {', '.join(snapshots)}")
    for one in wanted:
        own = (d for d in decisions if d.model_key == one)
        for text in story(snapshots[one], own):
            console.print(text, highlight=False, soft_wrap=True)


def _snapshots(journal: LogReader, settings: Settings) -> dict[str, Snapshot]:
    """The snapshots that serve: the newest readable ones, else those that ship."""
    found, messages = dict(load_starter()), ModelMessages(settings)
    for message in journal.read_all(real_name(MODELS, settings), 0):
        try:
            snapshot = messages.read(message)
        except SnapshotError:
            continue  # the workers refused it too, and said so
        found[snapshot.key] = snapshot
    return found


def _decisions(journal: LogReader, settings: Settings) -> list[AnyDecision]:
    """All decisions in order, each once: a learner that was killed may have sent one twice."""
    found: dict[str, AnyDecision] = {}
    for message in journal.read_all(real_name(DRIFT, settings), 0):
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not the learner's
        found.setdefault(decision.id, decision)
    return list(found.values())


def story(serves: Snapshot, decisions: Iterable[AnyDecision]) -> Iterator[str]:
    """The lines of one model's story."""
    trained = serves.trained
    yield f"[bold]{escape(serves.key)}[/]  serves {escape(serves.version)}"
    yield (
        f"  trained on {trained.matches:,} matches, {trained.balls:,} balls, "
        f"{trained.first or 'never'} to {trained.last or 'never'}; "
        f"parent {escape(serves.parent or 'none')}; digest {serves.digest[:12]}"
    )
    nothing = True
    for decision in decisions:
        nothing = False
        yield from _told(decision)
    if nothing:
        yield "  nothing was decided yet"


def _told(decision: AnyDecision) -> Iterator[str]:
    when = datetime.fromtimestamp(decision.at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    by = f" by {decision.operator}" if decision.operator else ""
    yield f"  {when}  [bold]{TITLES[type(decision)]}[/]{escape(by)}  {escape(_subject(decision))}"
    yield f"      {escape(decision.reason)}"
    seen = getattr(decision, "evidence", None)
    if isinstance(seen, Evidence) and seen.matches:
        yield (
            f"      {seen.matches} matches: champion {seen.champion:.3f}, challenger "
            f"{seen.challenger:.3f}; gain {seen.gain:+.3f} {seen.unit}, between {seen.low:+.3f} "
            f"and {seen.high:+.3f} with {seen.confidence:.0%}; to beat {seen.margin:.3f}"
        )
    cause = decision.cause
    place = f"{cause.topic}/{cause.partition}@{cause.offset}"
    yield f"      {decision.id}, answer {decision.labels:,}; {place}"


def _subject(decision: AnyDecision) -> str:
    if isinstance(decision, Alarm):
        where = decision.scope or "all matches"
        return f"{decision.signal} by {decision.detector}, {where}, since {decision.since}"
    if isinstance(decision, Promoted):
        return f"{decision.challenger} over {decision.former}"
    if isinstance(decision, RolledBack):
        return f"{decision.former} over {decision.challenger}"
    if isinstance(decision, Raised | Retired):
        return f"{decision.challenger} ({decision.policy})"
    return decision.order if isinstance(decision, OrderRefused) else ""
