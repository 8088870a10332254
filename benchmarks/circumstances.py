"""Where and of what a figure was measured."""

import os
import platform
import subprocess
from pathlib import Path


def commit() -> str:
    """The commit measured, marked if the work tree differs from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def machine() -> str:
    """The kind of processor and how many there are."""
    return f"{platform.machine()}, {os.cpu_count()} cores"


def in_the_project() -> None:
    """ValueError in another folder than the project's, where there is no place for the page."""
    if not Path("docs/adr").is_dir():
        raise ValueError(f"{Path.cwd()} is not the project's folder: run it there")
