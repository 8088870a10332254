"""The status file that a keeper writes into its folder, and what others conclude from it."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

NAME = "status.json"
SAME_START = 1.0  # seconds; a process that started at another time has only the same id
KILLED_SECONDS = 10.0


def write(
    folder: Path, addresses: Mapping[str, str], children: Mapping[str, subprocess.Popen[bytes]]
) -> None:
    """Replace the status as a whole. One without addresses means: still starting."""
    pids = {"keeper": os.getpid()} | {name: child.pid for name, child in children.items()}
    started = {name: psutil.Process(pid).create_time() for name, pid in pids.items()}
    part = folder / "status.part"
    part.write_text(json.dumps({**addresses, "pids": pids, "started": started}))
    part.replace(folder / NAME)


def read(folder: Path) -> dict[str, Any] | None:
    """Return the status that a keeper wrote; None if there is none."""
    try:
        status = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return None
    return status if isinstance(status, dict) and "keeper" in status.get("pids", {}) else None


def remove(folder: Path) -> None:
    """Remove the status: nothing runs there any more."""
    (folder / NAME).unlink(missing_ok=True)


def alive(status: Mapping[str, Any], name: str = "keeper") -> bool:
    """Return whether the keeper that wrote the status, or a child of that name, still runs."""
    return process(status, name) is not None


def process(status: Mapping[str, Any], name: str) -> psutil.Process | None:
    """Return the process of that name; None if it has ended, even if its id is in use again."""
    try:
        candidate = psutil.Process(status["pids"][name])
        if abs(candidate.create_time() - status["started"][name]) > SAME_START:
            return None
        return None if candidate.status() == psutil.STATUS_ZOMBIE else candidate
    except (KeyError, psutil.Error):
        return None


def kill_orphans(status: Mapping[str, Any]) -> None:
    """Kill the children that a killed keeper left (none on Linux, where they die with it)."""
    for name in status["pids"]:
        orphan = process(status, name)
        if orphan is not None:
            orphan.kill()
            orphan.wait(KILLED_SECONDS)
