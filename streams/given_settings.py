"""Where settings are given to a process, and whether any are, before one of them is read."""

import os
from pathlib import Path

PREFIX = "OVERCAST_"
FILE_SUFFIX = "_FILE"  # of a variable that names the file in which a setting's value is
DIRECTORY = PREFIX + "SECRETS_DIR"
FILE = Path("overcast.toml")  # in the working directory
STATE_DIR = Path("~/.local/state/overcast")  # of `overcast up`, unless it is set otherwise


def variables() -> dict[str, str]:
    """The environment, by names in capitals: of settings' names the case does not matter."""
    return {variable.upper(): value for variable, value in os.environ.items()}


def any_given() -> bool:
    """Whether a variable or a file might give a setting; if none does, all are as by default."""
    return any(name.startswith(PREFIX) for name in variables()) or _is_there(FILE)


def _is_there(file: Path) -> bool:
    """Whether there is such a file, readable or not."""
    try:
        file.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True
