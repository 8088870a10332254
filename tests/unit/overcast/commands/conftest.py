"""A working directory of its own for each command that a test runs."""

import zipfile
from pathlib import Path

import pytest

from tests.support.own_folder import own_folder
from tests.support.wrong_commands import NOWHERE


@pytest.fixture
def wrong_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with an empty and a foreign folder; no server, and no waiting for one."""
    own_folder(tmp_path, monkeypatch)
    monkeypatch.setenv("OVERCAST_KAFKA", NOWHERE)
    monkeypatch.setattr("streams.kafka.client_config.ANSWER_SECONDS", 0.2)
    (tmp_path / "empty").mkdir()
    (tmp_path / "docs/adr").mkdir(parents=True)  # benches look whether they are at home
    foreign = tmp_path / "foreign"
    (foreign / "servers").mkdir(parents=True)
    (foreign / "servers/customers.db").write_text("precious")
    (foreign / "notes.json").write_text('{"dates": ["2024-05-07"], "non_striker": 1}')
    with zipfile.ZipFile(foreign / "photos.zip", "w") as photos:
        photos.writestr("a.jpg", "jpeg")
    return tmp_path
