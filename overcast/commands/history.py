"""`overcast history`: the story of a model, told by its decisions."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from learning.keys import KEYS
from overcast.commands import options

if TYPE_CHECKING:
    from learning.contest.decisions import AnyDecision
    from learning.model.snapshot import Snapshot
    from streams.kafka.log_reader import LogReader
    from streams.settings import Settings


def history(
    key: Annotated[
        str,
        typer.Argument(
            help="Model key, such as t20-male; default: all.", autocompletion=options.model_keys
        ),
    ] = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Show what a model was trained on, and its alarms, challengers and promotions."""
    from consumers.model_versions import decided
    from overcast.commands.cluster import partitions_of
    from streams.kafka.log_reader import LogReader
    from streams.kafka.topics import DRIFT, MODELS

    if key not in {"", *KEYS}:
        raise ValueError(f"no model {key!r}; there are {', '.join(KEYS)}")
    settings, console = options.settings(kafka, None, topic_prefix), Console()
    for topic in (MODELS, DRIFT):
        partitions_of(topic, settings)
    log = LogReader(settings.kafka_access)
    snapshots, decisions = _snapshots(log, settings), decided(log, settings)
    for model_key in [key] if key else snapshots:
        of_model = (d for d in decisions if d.model_key == model_key)
        for text in story(snapshots[model_key], of_model):
            console.print(text, highlight=False, soft_wrap=True)


def _snapshots(log: "LogReader", settings: "Settings") -> "dict[str, Snapshot]":
    """Return the snapshots that serve: the newest readable ones, else those that ship."""
    from learning.model.snapshot import SnapshotError
    from learning.starter import load_starter
    from streams.kafka.topics import MODELS, real_name
    from streams.models.snapshot_messages import ModelMessages

    newest, messages = dict(load_starter()), ModelMessages(settings)
    for message in log.read_all(real_name(MODELS, settings), 0):
        try:
            snapshot = messages.read(message)
        except SnapshotError:
            continue  # the workers refused it too, and logged it
        newest[snapshot.key] = snapshot
    return newest


def story(snapshot: "Snapshot", decisions: "Iterable[AnyDecision]") -> Iterator[str]:
    """Yield the lines of one model's story."""
    from consumers.decision_words import entry

    trained = snapshot.trained
    yield f"[bold]{escape(snapshot.key)}[/]  serves {escape(snapshot.version)}"
    yield (
        f"  trained on {trained.matches:,} matches, {trained.balls:,} balls, "
        f"{trained.first or 'never'} to {trained.last or 'never'}; "
        f"parent {escape(snapshot.parent or 'none')}; digest {snapshot.digest[:12]}"
    )
    undecided = True
    for decision in decisions:
        undecided = False
        yield from entry(decision)
    if undecided:
        yield "  nothing was decided yet"
