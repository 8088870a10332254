"""What the command tells of itself: groups, version, completion in the shell."""

import re

import pytest
import typer
from typer.testing import CliRunner

from overcast import cli
from streams.messages.source import CODE_VERSION
from tests.support.commands import GROUPS

WIDE = {"COLUMNS": "300"}


def test_commands_stand_in_groups_and_none_outside_of_them() -> None:
    output = CliRunner().invoke(cli.app, ["--help"], env=WIDE).output
    places = [output.index(f" {title} ") for title in cli.GROUPS]
    assert places == sorted(places)
    assert " Commands " not in output
    assert re.search(r"Start here.*\bdemo\b.*Look at forecasts.*\bwatch\b", output, re.DOTALL)


@pytest.mark.parametrize("name", GROUPS)
def test_the_list_says_of_a_command_what_its_help_says_first(name: str) -> None:
    listed = typer.main.get_command(cli.app).commands[name]  # type: ignore[attr-defined]
    assert listed.help == GROUPS[name].help.split("\n\n")[0]
    assert listed.rich_help_panel == GROUPS[name].rich_help_panel


def test_the_version_is_that_of_the_code_that_every_prediction_names() -> None:
    result = CliRunner().invoke(cli.app, ["--version"])
    assert re.match(
        rf"overcast {re.escape(CODE_VERSION)}( \([0-9a-f]{{12}}(-dirty)?\))?, Python 3\.",
        result.output,
    )
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("overcast wor", "worker"),
        ("overcast freeze odi", "odi-male"),
        ("overcast story 142", "1426294"),
    ],
)
def test_the_shell_completes_commands_models_and_matches(typed: str, offered: str) -> None:
    shell = {"_OVERCAST_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    place = {"COMP_CWORD": str(len(typed.split()) - 1)}
    result = CliRunner().invoke(cli.app, [], prog_name="overcast", env=shell | place)
    assert offered in result.output.split()
