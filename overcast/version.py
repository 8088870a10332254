"""Which Overcast this is: its version, and the commit that it was built from."""

import subprocess
import sys
from pathlib import Path

from streams.messages.source import CODE_VERSION

HERE = Path(__file__).parent
BUILT_FROM = "commit.txt"  # beside this module, in an image


def commit(here: Path = HERE) -> str:
    """The commit of an image or of a work tree, "-dirty" if that differs from it; "" of others."""
    file = here / BUILT_FROM
    if file.is_file():
        return file.read_text().strip()
    if not (here.parent / ".git").exists():
        return ""
    command = ["git", "-C", str(here.parent), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        asked = subprocess.run(  # noqa: S603
            [*command, "--exclude=*"], capture_output=True, text=True, check=False
        )
    except OSError:  # no git here
        return ""
    return asked.stdout.strip()


def version_line() -> str:
    """What `overcast --version` prints."""
    built = f" ({found})" if (found := commit()) else ""
    return f"overcast {CODE_VERSION}{built}, Python {sys.version.split()[0]}\n"
