"""`overcast up`, `down` and `status`: the embedded servers and a worker in the background."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from overcast.embedded import detached
from overcast.interrupted import interruptible
from streams.given_settings import STATE_DIR, any_given


def up(
    worker: Annotated[bool, typer.Option(help="Also run a worker.")] = True,  # noqa: FBT002
    secure: Annotated[  # noqa: FBT002
        bool, typer.Option("--secure", help="With TLS, passwords and rights.")
    ] = False,
) -> None:
    """Start a private Kafka and Redis and a worker in the background."""
    console, folder = Console(), _state_dir()
    console.print(f"Starting servers; their logs are in {detached.servers_folder(folder)}")
    with interruptible():
        addresses = detached.up(folder, console.print, worker=worker, secure=secure)
    console.print(f"[green]Up:[/] kafka {addresses.kafka}, redis {addresses.redis}")
    if addresses.settings_file:
        console.print(f"Its settings, for other folders and machines: {addresses.settings_file}")
    console.print(
        "Next: overcast dashboard or overcast watch, overcast replay --speed 60; finally: "
        "overcast down"
    )


def down() -> None:
    """Stop what `up` started."""
    ended = detached.down(_state_dir())
    Console().print("Stopped; nothing is left running." if ended else "Nothing was running.")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,  # noqa: FBT002
) -> None:
    """Show what runs and where it listens; exit 1 if nothing does."""
    running = detached.status(_state_dir())
    if as_json:
        typer.echo(json.dumps({"running": running is not None, **(running or {})}))
    elif running is None:
        Console().print("Nothing runs; start with: overcast up")
    else:
        pids = ", ".join(f"{name} {pid}" for name, pid in running["pids"].items())
        Console().print(f"kafka {running['kafka']}\nredis {running['redis']}\nprocesses {pids}")
    raise typer.Exit(0 if running else 1)


def _state_dir() -> Path:
    """The folder of the servers' state; the settings are read only where some are given."""
    if not any_given():
        return STATE_DIR.expanduser()
    from streams.settings import Settings

    return Settings().state_dir
