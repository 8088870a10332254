"""The documents: each code block is run by a test or says why not; each command in them exists."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from overcast import cli
from tests.support.document_blocks import ROOT, blocks, pages
from tests.support.documented import INLINE, NEEDS, inline

RECIPES = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
BLOCKS = [block for page in pages() for block in blocks(page)]
COMMANDS = sorted({command for page in pages() for command in inline(page)})


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_code_block_is_run_by_a_test_or_says_what_it_needs(block: object) -> None:
    assert getattr(block, "mark", ""), "mark it: see tests/support/document_blocks.py"


def test_the_pages_have_blocks_of_every_kind() -> None:
    kinds = {block.mark.partition(":")[0].split()[0] for block in BLOCKS}
    assert kinds == {"run", "figure", "needs", "edit"}


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("overcast ")])
def test_a_command_in_the_text_exists_with_its_options(command: str) -> None:
    parameters, words = _parsed(command)
    known = {option for parameter in parameters for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_a_recipe_in_the_text_exists_with_its_variables(command: str) -> None:
    recipe, *variables = command.split()[1:]
    assert recipe in RECIPES, command
    text = (ROOT / "Makefile").read_text()
    for variable in variables:
        if "=" in variable:
            assert re.search(rf"\$\({variable.partition('=')[0]}\)", text), command


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("python -m ")])
def test_a_module_in_the_text_exists(command: str) -> None:
    assert importlib.util.find_spec(command.split()[2]) is not None


def test_every_whole_command_in_the_text_is_run_or_says_what_it_needs() -> None:
    """One that lacks its arguments, as in "`overcast promote` waits", is only a name."""
    whole = {command for command in COMMANDS if command.startswith("overcast ") and _whole(command)}
    assert whole - set(INLINE) - set(NEEDS) == set(), "name them in tests/support/documented.py"
    assert set(INLINE) | set(NEEDS) <= whole | set(_others()), "they are in no document any more"


def _others() -> Iterator[str]:
    yield from (command for command in COMMANDS if not command.startswith("overcast "))


def _whole(command: str) -> bool:
    """Whether a command has all the arguments and options that it cannot do without."""
    parameters, words = _parsed(command)
    values = {option: not p.is_flag for p in parameters for option in p.opts if option[0] == "-"}
    given, positional = set(), 0
    while words:
        word = words.pop(0)
        if word in values:
            given.add(word)
            words = words[values[word] :]
        else:
            positional += 1
    required = [p for p in parameters if p.required]
    arguments = [p for p in required if p.param_type_name == "argument"]
    options = [p for p in required if p not in arguments]
    return positional >= len(arguments) and all(given & set(p.opts) for p in options)


def _parsed(command: str) -> tuple[list[Any], list[str]]:
    """The parameters of a command, and the words that it is given."""
    words = shlex.split(command)[1:]
    group: Any = typer.main.get_command(cli.app)
    while hasattr(group, "commands"):
        name = words.pop(0)
        assert name in group.commands, command
        group = getattr(group.commands[name], "loaded", group.commands[name])
    return group.params, words


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_file_that_a_page_names_is_there(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / link).exists(), link
