"""`overcast token`: a token is shown once, and only its hash is kept."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.tokens import Tokens
from overcast import cli
from tests.support.own_folder import own_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_folder(tmp_path, monkeypatch)


def test_the_token_alone_is_the_output_and_opens_as_its_owner(folder: Path) -> None:
    given = {"OVERCAST_DASHBOARD_TOKENS": "tokens"}
    made = CliRunner().invoke(cli.app, ["token", "asha", "--role", "operator"], env=given)
    token = made.stdout.strip()
    assert (made.exit_code, len(token)) == (0, 43)
    assert "The token of asha, operator; it is shown this once" in made.stderr
    assert token not in made.stderr + (folder / "tokens").read_text()
    board = CliRunner().invoke(cli.app, ["token", "board"], env=given).stdout.strip()
    tokens = Tokens(folder / "tokens", "")
    assert tokens.person_of(token) == Person("asha", "operator")
    assert tokens.person_of(board) == Person("board", "viewer")


def test_a_role_is_one_of_two() -> None:
    given = {"OVERCAST_DASHBOARD_TOKENS": "tokens"}
    wrong = CliRunner().invoke(cli.app, ["token", "asha", "--role", "admin"], env=given)
    assert wrong.exit_code == 2
    assert "viewer" in wrong.stderr
