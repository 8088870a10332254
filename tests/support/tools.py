"""Programs that tests need and Python does not bring."""

import os
import shutil

import pytest


def tool(program: str, package: str = "") -> str:
    """Where a program is; without it the test is skipped, in CI it fails."""
    found = shutil.which(program)
    if found is None:
        reason = f"needs {program}; on Debian: apt install {package or program}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
