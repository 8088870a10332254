"""`overcast models`: every version of a model, one of them, or two side by side."""

from typing import Annotated

import typer

from overcast.commands import options

models = typer.Typer(no_args_is_help=True, help="Show the versions of models, from the log.")
Key = Annotated[
    str, typer.Argument(help="Model key, such as t20-male.", autocompletion=options.model_keys)
]
Version = Annotated[str, typer.Argument(help="A version that `models list` shows.")]


@models.command("list")
def list_models(
    key: Annotated[
        str, typer.Argument(help="Model key; default: all.", autocompletion=options.model_keys)
    ] = "",
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Show all versions with their stage, since when, and what they were scored on."""
    from overcast.commands.model_versions import print_all

    print_all(key, options.settings(kafka, None, topic_prefix))


@models.command()
def show(
    key: Key, version: Version, kafka: options.Kafka = None, topic_prefix: options.Prefix = None
) -> None:
    """Show a version: its parents, what it was trained on, and why it has its stage."""
    from overcast.commands.model_versions import print_one

    print_one(key, version, options.settings(kafka, None, topic_prefix))


@models.command()
def diff(
    key: Key,
    first: Version,
    second: Version,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Show what differs between two versions; exit code 1 if something does."""
    from overcast.commands.model_versions import print_differences

    if print_differences(key, (first, second), options.settings(kafka, None, topic_prefix)):
        raise typer.Exit(1)
