"""Embedded servers that outlive the command that started them: `overcast up`, until `down`."""

import shutil
from pathlib import Path
from typing import Any

from overcast.embedded import status as statuses
from overcast.embedded.errors import EmbeddedError
from overcast.embedded.servers import STOP_SECONDS, Addresses, Say, await_ready, start_keeper


def servers_folder(state_dir: Path) -> Path:
    """The servers' own folder, which `down` removes: never the one that the user named."""
    return state_dir / "servers"


def up(state_dir: Path, say: Say, *, worker: bool) -> Addresses:
    """Starts servers that outlive this process; those that run already are kept."""
    folder = servers_folder(state_dir)
    found = statuses.read(folder)
    if found and statuses.alive(found):
        if "kafka" not in found:
            raise EmbeddedError("Another command is starting the servers; wait for it to finish.")
        return Addresses(found["kafka"], found["redis"])
    _clear(folder)
    keeper = start_keeper(folder, ["--worker"] * worker)
    try:
        return await_ready(keeper, say)
    except BaseException:
        keeper.terminate()
        keeper.wait(STOP_SECONDS)
        raise


def _clear(folder: Path) -> None:
    """Makes an empty folder in place of what a killed keeper, or a failed one's logs, left."""
    left = statuses.read(folder)
    if left:
        statuses.kill_orphans(left)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise EmbeddedError(
            f"The servers' folder {folder} cannot be made: {error}. "
            "Set OVERCAST_STATE_DIR to a folder that you may write to."
        ) from error


def status(state_dir: Path) -> dict[str, Any] | None:
    """What runs: addresses and process ids; None if nothing does."""
    found = statuses.read(servers_folder(state_dir))
    return found if found and "kafka" in found and statuses.alive(found) else None


def down(state_dir: Path) -> bool:
    """Ends what `up` started; False if nothing ran."""
    folder = servers_folder(state_dir)
    found = statuses.read(folder)
    keeper = statuses.process(found, "keeper") if found else None
    if keeper is None:
        if found:
            _clear(folder)
        return False
    keeper.terminate()
    keeper.wait(STOP_SECONDS)
    return True
