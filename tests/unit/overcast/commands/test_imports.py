"""What is imported: by a command's help nothing slow, by a worker only what it uses."""

import json
import os
import subprocess
import sys
from pathlib import Path

from overcast import cli

ROOT = Path(__file__).parents[4]
CLIENTS = ("aiokafka", "confluent_kafka", "faust", "mode", "redis", "opentelemetry", "aiohttp")
NUMBERS = ("numpy", "pandas", "pyarrow", "river", "scipy", "sklearn")
SERVERS = ("fastapi", "starlette", "uvicorn", "prometheus_client", "structlog", "cryptography")
SLOW = (*CLIENTS, *NUMBERS, *SERVERS, "fsspec", "pydantic_settings")
UNUSED = ("pandas", "pyarrow", "river", "scipy", "sklearn", "fastapi", "starlette", "uvicorn")
HELPS = """
import json, sys
from typer.testing import CliRunner
from overcast import cli
names, slow = json.loads(sys.argv[1])
found = {}
for words in ([], *([name] for name in names)):
    result = CliRunner().invoke(cli.app, [*words, "--help"])
    assert result.exit_code == 0, result.output
    new = [name for name in slow if name in sys.modules and name not in sum(found.values(), [])]
    found[" ".join(["overcast", *words])] = new
print(json.dumps(found))
"""
STATUS = """
import sys
from overcast.main import main
sys.argv = ["overcast", "status"]
try:
    main()
except SystemExit:
    print(*sys.modules)
"""


def printed(program: str, folder: Path, *arguments: str) -> str:
    """What a program prints, in a process of its own, where no settings are given."""
    given = {name: value for name, value in os.environ.items() if "OVERCAST_" not in name}
    place = {"PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        check=True,
        cwd=folder,
        env=given | place,
        text=True,
    ).stdout


def test_the_help_of_no_command_imports_what_is_slow(tmp_path: Path) -> None:
    names = [entry.name for entries in cli.GROUPS.values() for entry in entries]
    found = json.loads(printed(HELPS, tmp_path, json.dumps([names, SLOW])))
    assert len(found) == 1 + len(names)
    assert {words: slow for words, slow in found.items() if slow} == {}


def test_the_status_is_read_without_clients_and_settings(tmp_path: Path) -> None:
    output, _, imported = printed(STATUS, tmp_path).partition("\n")
    assert output == "Nothing runs; start with: overcast up"
    assert set(imported.split()) & set(SLOW) == set()


def test_a_worker_imports_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    program = "import sys, streams.worker.application; print(*sys.modules)"
    imported = set(printed(program, tmp_path).split())
    assert {"faust", "numpy"} <= imported
    assert imported & set(UNUSED) == set()
