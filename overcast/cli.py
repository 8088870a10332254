"""The `overcast` command."""

import sys
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from overcast.commands import (
    acls,
    archive,
    contract,
    dashboard,
    demo,
    fetch,
    history,
    models,
    orders,
    replay,
    reproduce,
    scorecard,
    servers,
    story,
    token,
    topics,
    train,
    verify,
    watch,
    why,
    worker,
)
from overcast.commands.flags import flags_with_secrets
from streams.failure import one_sentence, refuse_wrong_settings
from streams.messages.source import CODE_VERSION

GROUPS: Mapping[str, tuple[Callable[..., None], ...]] = {
    "Start here": (demo.demo, servers.up, servers.status, servers.down),
    "Look at forecasts": (
        watch.watch,
        dashboard.dashboard,
        token.token,
        reproduce.reproduce,
    ),
    "Feeds and data": (replay.replay, fetch.fetch, archive.archive),
    "Recorded matches": (scorecard.scorecard, story.story, story.whatif, why.why, verify.verify),
    "Models": (
        history.history,
        orders.promote,
        orders.rollback,
        orders.freeze,
        orders.unfreeze,
        orders.keygen,
        train.train,
    ),
    "Operation": (worker.worker, topics.topics, acls.acls, contract.contract),
}

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
for group, commands in GROUPS.items():
    for command in commands:
        app.command(rich_help_panel=group)(command)
app.add_typer(models.models, name="models", rich_help_panel="Models")
app.add_typer(contract.schemas, name="schemas", rich_help_panel="Operation")


def _show_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it
    if wanted:
        sys.stdout.write(f"overcast {CODE_VERSION}, Python {sys.version.split()[0]}\n")
        raise typer.Exit


@app.callback()
def overcast(
    show_version: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Live forecasts for every ball of a cricket match."""
    del show_version
    refuse_wrong_settings()
    for flag in flags_with_secrets(sys.argv[1:]):
        sys.stderr.write(f"Warning: {flag}\n")


def main() -> None:
    """Run the command; an expected error is one clear sentence, not a traceback."""
    with one_sentence():
        app()
