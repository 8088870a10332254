"""Embedded servers that outlive the command that started them: `overcast up`, until `down`."""

import shutil
from pathlib import Path
from typing import Any

from overcast.embedded import status as statuses
from overcast.embedded.errors import EmbeddedError
from overcast.embedded.servers import (
    KEEPER_LOG,
    STOP_SECONDS,
    Addresses,
    Say,
    await_ready,
    start_keeper,
)

OURS = {statuses.NAME, KEEPER_LOG}


def servers_folder(state_dir: Path) -> Path:
    """Return the servers' own folder, which `down` removes: never the one that the user named."""
    return state_dir / "servers"


def up(state_dir: Path, say: Say, *, worker: bool, secure: bool = False) -> Addresses:
    """Start servers that outlive this process; servers that already run are kept."""
    folder = servers_folder(state_dir)
    running = statuses.read(folder)
    if running and statuses.alive(running):
        if "kafka" not in running:
            raise EmbeddedError("Another command is starting the servers; wait for it to finish.")
        addresses = Addresses.of(running)
        if secure and not addresses.settings_file:
            raise EmbeddedError(
                "Servers run already, and not secured: end them first with 'overcast down'."
            )
        return addresses
    _clear(folder)
    keeper = start_keeper(folder, ["--worker"] * worker + ["--secure"] * secure)
    try:
        return await_ready(keeper, say)
    except BaseException:
        keeper.terminate()
        keeper.wait(STOP_SECONDS)
        raise


def _clear(folder: Path) -> None:
    """Make the folder empty: remove what a killed keeper, or the logs that a failed one, left.

    A folder that no keeper has written into is somebody else's, and is left as it is.
    """
    stale = statuses.read(folder)
    if stale:
        statuses.kill_orphans(stale)
    try:
        if folder.exists() and not OURS & {path.name for path in folder.iterdir()}:
            folder.rmdir()  # OSError unless it is empty
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise EmbeddedError(
            f"The servers' folder {folder} cannot be made anew: {error.strerror}. "
            "Set OVERCAST_STATE_DIR to a folder that you can write to."
        ) from error


def status(state_dir: Path) -> dict[str, Any] | None:
    """Return addresses and process ids of the running servers; None if none run."""
    running = statuses.read(servers_folder(state_dir))
    return running if running and "kafka" in running and statuses.alive(running) else None


def down(state_dir: Path) -> bool:
    """End what `up` started; False if nothing ran."""
    folder = servers_folder(state_dir)
    recorded = statuses.read(folder)
    keeper = statuses.process(recorded, "keeper") if recorded else None
    if keeper is None:
        if recorded:
            _clear(folder)
        return False
    keeper.terminate()
    keeper.wait(STOP_SECONDS)
    return True
