"""Files that settings name."""

import os
from pathlib import Path


def readable(path: str) -> str:
    """The path from the root: a process that is started elsewhere has the same file.

    ValueError if there is no such file, or if it may not be read; "" stays as it is.
    """
    if not path:
        return path
    file = Path(path).expanduser().absolute()
    if not file.is_file():
        raise ValueError("names a file that is not there; check the path")
    if not os.access(file, os.R_OK):
        raise ValueError("names a file that may not be read; change its permissions")
    return str(file)
