"""`overcast contract` and `overcast schemas`: write the contract, register its schemas."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from overcast.contract import DOCS


def contract(
    docs: Annotated[Path, typer.Option(help="The folder of the documents.")] = DOCS,
    release: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--release", help="Release the schemas: later ones must be compatible."),
    ] = False,
    examples: Annotated[  # noqa: FBT002
        bool, typer.Option("--examples", help="Generate the examples again too.")
    ] = False,
) -> None:
    """Write AsyncAPI document, JSON Schemas and topics.md; exit 1 if readers would break."""
    from overcast.contract import files

    if not (docs / "schemas/examples").is_dir():
        raise ValueError(
            f"{docs.absolute()} holds no contract (schemas/examples): run this in the project's "
            "folder, or name its documents with --docs."
        )
    console = Console(stderr=True)
    broken = files.broken(docs)
    if broken:
        listed = "\n".join(broken)
        console.print(
            f"The contract is broken without a new version:\n{listed}\nRaise the message's "
            "`version` in streams/contract.py, or leave the field as it was (docs/topics.md).",
            markup=False,
            highlight=False,
        )
        raise typer.Exit(1)
    if examples:
        files.write_examples(docs)
    changed = files.write(docs)
    if release:
        files.release(docs)
    Console().print(f"Written: {', '.join(changed) or 'nothing, all files are up to date'}")


schemas = typer.Typer(help="JSON Schemas of the messages.", no_args_is_help=True)


@schemas.callback()
def _schemas() -> None:
    """Make `schemas` a group although it has only one command."""


@schemas.command("push")
def push_schemas(
    registry: Annotated[
        str | None, typer.Option(help="The registry's URL; default: OVERCAST_SCHEMA_REGISTRY.")
    ] = None,
    topic_prefix: Annotated[str | None, typer.Option(help="Prefix of every topic's name.")] = None,
) -> None:
    """Register the schema of each topic's values with a Confluent-compatible registry."""
    from overcast.contract.registry import push
    from streams.settings import Settings

    given = {"schema_registry": registry, "topic_prefix": topic_prefix}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    for subject, number in push(settings):
        Console().print(f"{subject}: schema {number}", highlight=False)
