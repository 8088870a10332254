"""All commands of the project, and how they end."""

import ast
import os
import re
import runpy
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import typer

from overcast import cli, main
from tests.support.wrong_commands import PARTS

ROOT = Path(__file__).parents[2]
GROUPS: dict[str, Any] = {
    name: command.loaded
    for name, command in typer.main.get_command(cli.app).commands.items()  # type: ignore[attr-defined]
}


def modules() -> Iterator[str]:
    """What can be started as `python -m`, by its own last lines."""
    for folder in ("benchmarks", "overcast", "producers", "consumers", "streams", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if path.name == "__main__.py" or _is_started(path):
                yield name.removesuffix(".__main__")


def _is_started(path: Path) -> bool:
    return any(
        isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        for node in ast.parse(path.read_text()).body
    )


def commands() -> Iterator[str]:
    """Every command that a person may type."""
    for name, command in GROUPS.items():
        more = getattr(command, "commands", {"": None})
        yield from (f"overcast {name} {sub}".strip() for sub in more)
    yield from (f"python -m {name}" for name in modules() if name not in PARTS)
    yield from (f"python examples/{path.name}" for path in (ROOT / "examples").glob("*.py"))


def ended(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a command line, run in this process as its program runs it."""
    program, *words = command.split()
    module = words[1] if program == "python" and words[0] == "-m" else ""
    arguments = {"overcast": words, "python": words[2 if module else 1 :]}[program]
    monkeypatch.setattr(sys, "argv", [module or words[0], *arguments])
    if module == "faust":
        monkeypatch.setattr(sys, "argv", ["faust", "-A", "streams.app", "worker"])
        start = partial(runpy.run_module, "streams.app")
    elif module:
        for imported in (module, f"{module}.__main__"):  # by another test
            monkeypatch.delitem(sys.modules, imported, raising=False)
        start = partial(runpy.run_module, module, run_name="__main__", alter_sys=True)
    elif program == "python":
        start = partial(runpy.run_path, str(ROOT / words[0]), run_name="__main__")
    else:
        start = main.main
    with pytest.raises(SystemExit) as end, patch.dict(os.environ):  # a program's own environment
        start()
    code = end.value.code
    return code if isinstance(code, int) else 1


def assert_one_sentence(text: str, words: str) -> None:
    """An error is one line, says what is expected of it, and is no traceback."""
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1, text
    assert re.search(words, lines[0]), lines[0]
    assert text.rstrip().endswith(lines[0]), text
