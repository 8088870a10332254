"""A working directory and an environment of a test's own."""

from pathlib import Path

import pytest

from streams.settings import Settings


def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder in which no setting is made, neither by a file nor by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OVERCAST_SECRETS_DIR", raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OVERCAST_{name.upper()}", raising=False)
        monkeypatch.delenv(f"OVERCAST_{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("OVERCAST_STATE_DIR", str(tmp_path / "state"))
    return tmp_path
