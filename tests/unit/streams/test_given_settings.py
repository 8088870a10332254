"""Whether settings are given at all: a command that needs none then reads none."""

import os
from pathlib import Path

import pytest

from streams.given_settings import STATE_DIR, any_given
from streams.settings import Settings
from tests.support.own_folder import own_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own, without settings."""
    own_folder(tmp_path, monkeypatch)
    for name in [name for name in os.environ if name.upper().startswith("OVERCAST_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_where_none_are_given_all_are_right_as_they_are() -> None:
    assert not any_given()
    assert Settings().state_dir == STATE_DIR.expanduser()


@pytest.mark.parametrize("name", ["OVERCAST_STATE_DIR", "overcast_partitions", "Overcast_wrong"])
def test_a_variable_may_be_one_whatever_its_case(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    assert any_given()


def test_a_file_may_hold_some_also_if_it_cannot_be_read(folder: Path) -> None:
    (folder / "overcast.toml").mkdir()
    assert any_given()


def test_a_link_that_leads_nowhere_holds_none(folder: Path) -> None:
    (folder / "overcast.toml").symlink_to(folder / "gone.toml")
    assert not any_given()
    assert Settings().partitions


def test_a_link_that_leads_to_itself_is_not_taken_for_none(folder: Path) -> None:
    (folder / "overcast.toml").symlink_to(folder / "overcast.toml")
    assert any_given()
    with pytest.raises(ValueError, match="cannot be read"):
        Settings()
