"""What a keeper writes of itself into its folder, and what others may conclude from it."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

NAME = "status.json"
SAME_START = 1.0  # seconds; a process that began at another time has only the same number
KILLED_SECONDS = 10.0


def write(
    folder: Path, addresses: Mapping[str, str], children: Mapping[str, subprocess.Popen[bytes]]
) -> None:
    """Replaces the status whole. Without addresses it says: still starting."""
    pids = {"keeper": os.getpid()} | {name: child.pid for name, child in children.items()}
    started = {name: psutil.Process(pid).create_time() for name, pid in pids.items()}
    part = folder / "status.part"
    part.write_text(json.dumps({**addresses, "pids": pids, "started": started}))
    part.replace(folder / NAME)


def read(folder: Path) -> dict[str, Any] | None:
    """What a keeper wrote; None if there is nothing to read."""
    try:
        found = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "keeper" in found.get("pids", {}) else None


def remove(folder: Path) -> None:
    """Nothing runs there any more."""
    (folder / NAME).unlink(missing_ok=True)


def alive(found: Mapping[str, Any], name: str = "keeper") -> bool:
    """Whether the process that wrote the status, or one of its children, still runs."""
    return process(found, name) is not None


def process(found: Mapping[str, Any], name: str) -> psutil.Process | None:
    """The process of that name; None if it is gone, also if its number was given again."""
    try:
        candidate = psutil.Process(found["pids"][name])
        if abs(candidate.create_time() - found["started"][name]) > SAME_START:
            return None
        return None if candidate.status() == psutil.STATUS_ZOMBIE else candidate
    except (KeyError, psutil.Error):
        return None


def kill_orphans(found: Mapping[str, Any]) -> None:
    """Kills what a killed keeper left running (nothing on Linux, where they die with it)."""
    for name in found["pids"]:
        orphan = process(found, name)
        if orphan is not None:
            orphan.kill()
            orphan.wait(KILLED_SECONDS)
