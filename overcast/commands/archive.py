"""`overcast archive`: the topics as Parquet, for use with pandas, DuckDB or Spark."""

import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from overcast.commands import options

if TYPE_CHECKING:
    from consumers.archive.archive import Archive


def archive(
    folder: Annotated[Path, typer.Argument(help="Folder for the files; one archive per folder.")],
    every: Annotated[
        float, typer.Option(min=0.1, help="Seconds after which new messages are written.")
    ] = 60.0,
    rows: Annotated[int, typer.Option(min=1, help="Messages of a partition per file.")] = 50_000,
    once: Annotated[  # noqa: FBT002
        bool, typer.Option("--once", help="Write what is there and end.")
    ] = False,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Keep predictions, labels and metrics as Parquet, partitioned by date; Ctrl-C ends it."""
    try:
        from consumers.archive.archive import KEPT, Archive, alone
    except ImportError as error:
        raise ValueError(
            "overcast archive needs pyarrow, which is not installed: make archive-tools, or pip "
            "install pyarrow."
        ) from error
    from overcast.interrupted import stopped_by_signals
    from streams.kafka.topics import create_topics
    from streams.observability import logs
    from streams.observability.endpoint import exposed
    from streams.observability.health import Health

    settings = options.settings(kafka, None, topic_prefix)
    _refuse_foreign(folder, [topic.name for topic in KEPT])
    logs.set_up(settings)
    stop = stopped_by_signals()
    create_topics(settings, KEPT)
    with alone(folder), exposed(settings, Health()):
        archiver = Archive(settings, folder, rows)
        try:
            archiver.start()
            _keep(archiver, stop, every, once=once)
        finally:
            archiver.close()


def _refuse_foreign(folder: Path, topics: list[str]) -> None:
    """Raise ValueError if a folder holds something, and none of it is an archive's."""
    held = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if held and not held & {".lock", *topics}:
        raise ValueError(
            f"{folder} holds other files (such as {min(held)}): name an empty folder, or one that "
            "does not exist yet."
        )


def _keep(archiver: "Archive", stop: Event, every: float, *, once: bool) -> None:
    written = time.monotonic()
    while not stop.is_set():
        archiver.take()
        if time.monotonic() - written >= every:
            archiver.flush()
            written = time.monotonic()
        if once and archiver.ended():
            break
    archiver.flush()
