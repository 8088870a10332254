"""`overcast shadow`: whether this version, or other models, answer as the live ones do."""

from pathlib import Path
from typing import Annotated

import typer

from overcast.commands import options

Time = Annotated[
    str | None, typer.Option("--from", help="Compare balls appended since then: ISO 8601, in UTC.")
]
End = Annotated[str | None, typer.Option("--to", help="Up to then; default: all that is there.")]


def shadow(
    since: Time = None,
    until: End = None,
    models: Annotated[
        Path | None,
        typer.Option(help="Folder of snapshots (KEY.json or .json.gz) to try; default: the live."),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Differences of numbers that are none.")
    ] = 0.0,
    figures: Annotated[Path | None, typer.Option("--json", help="The same for programs.")] = None,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Answer the live log again with this version, and compare; exit 1 if an answer differs.

    It reads the topics as an auditor may, and writes nothing.
    """
    from overcast.commands.shadow_report import report

    settings = options.settings(kafka, None, topic_prefix)
    if not report(settings, (since, until), models, tolerance, figures):
        raise typer.Exit(1)
