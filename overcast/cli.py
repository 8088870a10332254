"""The `overcast` command: what it can do. A command's own module is imported when it is run."""

import sys
from typing import Annotated

import typer

from overcast.commands.flags import flags_with_secrets
from overcast.lazy_group import Entry, lazy_group
from streams.failure import one_sentence, refuse_wrong_settings

GROUPS = {
    "Start here": (
        Entry(
            "demo",
            "Replay recorded matches through Kafka, Faust, Redis and River and watch the forecast.",
        ),
        Entry("up", "Start a private Kafka and Redis and a worker in the background.", "servers"),
        Entry("status", "Show what runs and where it listens; exit 1 if nothing does.", "servers"),
        Entry("down", "Stop what `up` started.", "servers"),
    ),
    "Look at forecasts": (
        Entry(
            "watch",
            "Show the forecast as it moves; in a pipe, one line a ball. Ctrl-C ends it.",
        ),
        Entry(
            "dashboard",
            "Serve the live page: every match, ball by ball, and the models. Ctrl-C ends it.",
        ),
        Entry("token", "Make a token for the live page, show it once, and keep its hash."),
        Entry(
            "reproduce",
            "Make published predictions again from the log, and compare them byte for byte.",
        ),
    ),
    "Feeds and data": (
        Entry("replay", "Send recorded matches to cricket.balls."),
        Entry(
            "fetch",
            "Download an archive of recorded matches (by Cricsheet, cricsheet.org) and check it.",
        ),
        Entry(
            "archive",
            "Keep predictions, labels and metrics as Parquet, partitioned by date; Ctrl-C ends it.",
        ),
    ),
    "Recorded matches": (
        Entry("scorecard", "Print the scorecard of a recorded match as a newspaper would."),
        Entry("story", "Show the turning points of a recorded match and what each player added."),
        Entry("whatif", "Show what each possible next ball, or rain, would change.", "story"),
        Entry(
            "why",
            "Show what contributed to a chance, in points that add up to its difference from 50 %.",
        ),
        Entry(
            "verify",
            "Replay recorded matches and compare them with their own results; exit 1 if one fails.",
        ),
    ),
    "Models": (
        Entry(
            "history",
            "Show what a model was trained on, and its alarms, challengers and promotions.",
        ),
        Entry(
            "promote",
            "Serve a challenger now, whatever the evidence; the old champion goes on probation.",
            "orders",
        ),
        Entry("rollback", "Serve the former champion again, while it is on probation.", "orders"),
        Entry(
            "freeze",
            "Publish and promote nothing until `overcast unfreeze`; learning continues.",
            "orders",
        ),
        Entry("unfreeze", "Publish and promote again.", "orders"),
        Entry(
            "keygen",
            "Make a key pair for signed snapshots, or for an operator's orders; nothing is stored.",
            "orders",
        ),
        Entry("train", "Train the starter snapshots on what came before the shipped season."),
        Entry("models", "Show the versions of models, from the log."),
    ),
    "Operation": (
        Entry(
            "worker",
            "Run a worker: forecast every ball, learn from every label. Ctrl-C ends it.",
        ),
        Entry("topics", "Show the topics: name, key, content, who writes and who reads."),
        Entry(
            "shadow",
            "Answer the live log again with this version, and compare; "
            "exit 1 if an answer differs.",
        ),
        Entry(
            "acls",
            "Print the least rights of each role as commands of kafka-acls.sh and "
            "redis-cli, or set them.",
        ),
        Entry(
            "contract",
            "Write AsyncAPI document, JSON Schemas and topics.md; exit 1 if readers would break.",
        ),
        Entry("schemas", "JSON Schemas of the messages.", "contract"),
    ),
}

app = typer.Typer(
    cls=lazy_group(GROUPS, "overcast.commands"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it
    if wanted:
        from overcast.version import version_line  # noqa: PLC0415

        sys.stdout.write(version_line())
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
