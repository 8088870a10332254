"""The `overcast` command."""

import sys

import typer
from confluent_kafka import KafkaException
from redis import RedisError
from rich.console import Console
from rich.markup import escape

from overcast.commands import (
    archive,
    contract,
    dashboard,
    demo,
    fetch,
    history,
    orders,
    replay,
    scorecard,
    servers,
    story,
    topics,
    train,
    verify,
    watch,
    worker,
)
from overcast.embedded.errors import EmbeddedError

app = typer.Typer(
    help="Live forecasts for every ball of a cricket match.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command()(servers.up)
app.command()(servers.down)
app.command()(servers.status)
app.command()(replay.replay)
app.command()(worker.worker)
app.command()(watch.watch)
app.command()(dashboard.dashboard)
app.command()(topics.topics)
app.command()(fetch.fetch)
app.command()(train.train)
app.command()(verify.verify)
app.command()(scorecard.scorecard)
app.command()(story.story)
app.command()(story.whatif)
app.command()(history.history)
app.command()(orders.promote)
app.command()(orders.rollback)
app.command()(orders.freeze)
app.command()(orders.unfreeze)
app.command()(orders.keygen)
app.command()(archive.archive)
app.command()(contract.contract)
app.add_typer(contract.schemas, name="schemas")

EXPECTED = (EmbeddedError, KafkaException, RedisError, OSError, ValueError)


def main() -> None:
    """Run the command; an expected error is one clear line, not a traceback."""
    console = Console(stderr=True)
    try:
        app()
    except EXPECTED as error:
        console.print(f"[red]Error:[/] {escape(str(error))}", highlight=False)
        sys.exit(1)
