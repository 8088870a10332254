"""`overcast train`: what it withholds from the models, and that nothing is trained on nothing."""

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from learning.training.starter_models import Withheld
from overcast.cli import app
from producers.ship import FAMOUS


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What training was asked for; nothing is trained."""
    asked: list[Any] = []

    def remember(archives: Path, withheld: Withheld, to: Path, *, force: bool) -> None:
        kernel = os.environ.get("OPENBLAS_CORETYPE")
        asked.append((archives, withheld, to, force, kernel))

    monkeypatch.setattr("learning.training.starter_models.train_starter", remember)
    return asked


@pytest.fixture(autouse=True)
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets is set back."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", "another")


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_the_famous_matches_and_the_season_are_withheld(
    trained: list[Any], options: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(app, ["train", "archives", "--to", "starter", *options])
    assert result.exit_code == 0
    withheld = Withheld(frozenset(FAMOUS), {"t20-male": "2024-03-22"})
    assert trained == [(Path("archives"), withheld, Path("starter"), bool(options), "Haswell")]


def test_a_folder_without_archives_fails_and_leaves_the_models_alone(tmp_path: Path) -> None:
    empty, to = tmp_path / "empty", tmp_path / "starter"
    empty.mkdir()
    to.mkdir()
    (to / "t20-male.json.gz").write_bytes(b"a model")
    result = CliRunner().invoke(app, ["train", str(empty), "--to", str(to)])
    assert result.exit_code != 0
    assert "is no Cricsheet zip, and no folder that holds one" in str(result.exception)
    assert [path.read_bytes() for path in to.iterdir()] == [b"a model"]
