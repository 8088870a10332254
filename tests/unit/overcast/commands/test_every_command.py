"""Every command without its server, with a taken port, wrong data, a wrong setting: one sentence.

What goes wrong, where, and what to do about it; exit code 2; no traceback. A command that is new
has to be named here, or the first test fails.
"""

import ast
import json
import re
import runpy
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer

from overcast import cli, main
from streams.settings import Settings
from tests.support.documents import delivery, document, innings
from tests.support.tools import tool

ROOT = Path(__file__).parents[4]
GROUPS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
NOWHERE = "127.0.0.1:1"  # nothing listens there
KAFKA = rf"no Kafka answers at {re.escape(NOWHERE)}\. Start one with 'overcast up', or name yours"


@dataclass(frozen=True)
class Case:
    """A command with something wrong; the words say what is said of it."""

    command: str
    words: str
    environment: str = ""  # NAME=value

    def __str__(self) -> str:
        return f"{self.environment} {self.command}".strip()


FORECAST = r"|sklearn is not installed here: make forecast"  # `make test` does not bring it
NO_DATA = r"foreign holds no Cricsheet match: name a zip or folder" + FORECAST
EMPTY = r"empty holds no Cricsheet match: name a zip or folder" + FORECAST
ORDERS = ("promote t20-male x", "rollback t20-male", "freeze t20-male", "unfreeze t20-male")
WITHOUT_SERVERS = (
    *(Case(f"overcast {order}", KAFKA) for order in ORDERS),
    Case("overcast replay 1426294", KAFKA),
    Case("overcast watch", KAFKA),
    Case("overcast dashboard --port 0", KAFKA),
    Case("overcast worker", KAFKA),
    Case("overcast topics --create", KAFKA),
    Case("overcast history", KAFKA),
    Case("overcast archive new", KAFKA),
    Case("overcast schemas push", r"no schema registry is configured.*--registry URL"),
    Case(f"overcast schemas push --registry http://{NOWHERE}", rf"http://{NOWHERE} did not take"),
    Case(f"overcast fetch ipl --source http://{NOWHERE}/", "Is there internet, and is the name"),
    *(
        Case(f"python -m benchmarks.{name}", KAFKA)
        for name in ("pure", "plain", "same_bytes", "naive")
    ),
    Case("python -m benchmarks.quix", r"quixstreams is not installed here: make bench"),
    Case("python -m benchmarks.quix_kept", r"quixstreams is not installed here: make bench"),
    Case("python examples/consumer.py 127.0.0.1:1", r"no Kafka answers at 127\.0\.0\.1:1"),
)
TAKEN = r"cannot listen on 127\.0\.0\.1:{port}: Address already in use\..*"
TAKEN_PORTS = (
    Case("overcast dashboard --port {port}", TAKEN + "--port or OVERCAST_DASHBOARD_PORT"),
    Case("overcast worker", TAKEN + "OVERCAST_METRICS_PORT", "OVERCAST_METRICS_PORT={port}"),
    Case("overcast worker", TAKEN + "OVERCAST_WORKER_PORT", "OVERCAST_WORKER_PORT={port}"),
    Case("python -m faust", TAKEN + "OVERCAST_METRICS_PORT", "OVERCAST_METRICS_PORT={port}"),
)
WRONG_DATA = (
    *(
        Case(f"{command} --data {place}", words)
        for command in (
            "overcast demo",
            "overcast replay",
            "python -m benchmarks.bench",
            "python -m benchmarks.hostile",
            "python -m benchmarks.forecast",
            "python -m tests.fire",
        )
        for place, words in (
            ("foreign", NO_DATA),
            ("empty", EMPTY),
            ("nowhere", r"nowhere: (no Cricsheet zip, folder or \.json file|not there)" + FORECAST),
        )
    ),
    *(
        Case(f"overcast {command} --data {place}", rf"no match 1426294 in {place}")
        for command in ("scorecard 1426294", "story 1426294", "whatif 1426294 --at 1.1")
        for place in ("foreign", "empty")
    ),
    Case("overcast scorecard nosuch", r"no match nosuch here; there are .*Others need --data"),
    Case("overcast scorecard foreign/notes.json", "notes"),
    Case("overcast story nosuch.json", "nosuch"),
    Case("overcast whatif 1426294 --at 99.1", "has no ball 99.1"),
    Case("overcast replay nosuch", "no match nosuch here; there are"),
    Case("overcast verify foreign", r"foreign: no Cricsheet match is there \(.*\)\. Name zips"),
    Case("overcast verify empty", r"empty: no Cricsheet match is there\. Name zips"),
    Case("overcast verify nowhere", "nowhere: no Cricsheet zip, folder or .json file"),
    Case("overcast train nowhere --to models", "nowhere"),
    Case("overcast archive foreign", r"foreign holds other files \(such as notes"),
    Case("overcast archive foreign/notes.json", r"notes\.json"),
    Case("overcast contract", r"holds no contract .*--docs"),
    Case("overcast fetch ../ipl", "a name is of letters"),
    Case("overcast fetch ipl --to foreign/notes.json", r"notes\.json: a file is there"),
    Case("overcast history nosuch", "no model 'nosuch'; there are t20-male"),
    Case("overcast freeze nosuch", "no model 'nosuch'; there are t20-male"),
    Case("overcast watch --until soon", "a ball is written over.ball"),
    Case("overcast worker --loglevel loud", "a level is one of DEBUG, INFO"),
    Case("overcast up", r"servers.*OVERCAST_STATE_DIR", "OVERCAST_STATE_DIR=foreign"),
    Case("overcast up", r"servers.*OVERCAST_STATE_DIR", "OVERCAST_STATE_DIR=foreign/notes.json"),
    Case("python -m benchmarks.forecast", "give a Cricsheet zip or a folder" + FORECAST),
    Case("python -m benchmarks.drift --data empty", r"empty lacks ipl_json\.zip"),
    Case("python -m producers.ship nowhere --to new", "nowhere: no Cricsheet zip"),
    Case("python -m overcast.picture nowhere/a.svg", r"nowhere/a\.svg: it is not there"),
    Case("python examples/calibration.py empty a.png", "empty holds no archive"),
)
# Needs no server, no port and no data that can be wrong.
HARMLESS = {
    "overcast keygen",
    "overcast status",
    "overcast down",
    "python -m benchmarks.ball",
    "python -m benchmarks.pipeline",
    "python -m benchmarks.same_output",
    "python -m benchmarks.viewers",  # starts its own servers
    "python -m benchmarks.drift.calibrate",
    "python -m overcast.embedded.lock_jars",  # its one argument needs the internet
    "python -m tests.fuzz",  # `make fuzz` brings what it needs
    "python -m overcast",  # the same as `overcast`
}
# Not commands: parts of others, which start them.
PARTS = {"overcast.embedded.supervisor", "tests.fire.sabotage", "streams.probe"}
CASES = (*WITHOUT_SERVERS, *TAKEN_PORTS, *WRONG_DATA)


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


def test_no_command_is_forgotten() -> None:
    named = {case.command for case in CASES} | HARMLESS
    forgotten = [c for c in commands() if not any(f"{n} ".startswith(f"{c} ") for n in named)]
    assert not forgotten


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with an empty and a foreign folder; no server, and no waiting for one."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OVERCAST_{name.upper()}", raising=False)
    monkeypatch.setenv("OVERCAST_STATE_DIR", str(tmp_path / "state"))
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
        monkeypatch.delitem(sys.modules, module, raising=False)
        start = partial(runpy.run_module, module, run_name="__main__", alter_sys=True)
    elif program == "python":
        start = partial(runpy.run_path, str(ROOT / words[0]), run_name="__main__")
    else:
        start = main.main
    with pytest.raises(SystemExit) as end:
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


@pytest.mark.parametrize("case", [*WITHOUT_SERVERS, *WRONG_DATA], ids=str)
def test_what_is_not_there_or_wrong_is_one_sentence_and_exit_code_2(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    name, _, value = case.environment.partition("=")
    if name:
        monkeypatch.setenv(name, value)
    assert ended(case.command, monkeypatch) == 2
    assert_one_sentence(capsys.readouterr().err, case.words)
    assert (folder / "foreign/servers/customers.db").read_text() == "precious"


@pytest.mark.parametrize("case", TAKEN_PORTS, ids=str)
def test_a_taken_port_is_one_sentence_and_exit_code_2(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        name, _, value = case.environment.replace("{port}", port).partition("=")
        if name:
            monkeypatch.setenv(name, value)
        assert ended(case.command.replace("{port}", port), monkeypatch) == 2
        assert_one_sentence(capsys.readouterr().err, case.words.replace("{port}", port))


def test_the_data_are_judged_before_the_servers_are_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("a server was asked")

    monkeypatch.setattr("streams.kafka.client_config.AdminClient", asked)
    monkeypatch.setattr("overcast.embedded.servers.start_keeper", asked)
    for case in WRONG_DATA:
        if not case.environment:
            assert ended(case.command, monkeypatch) == 2, case
            capsys.readouterr()


# Every command reads the settings, whether it needs one or not: whoever misspelt one is told.
TYPED = [c for c in commands() if c not in {"python -m overcast", "python -m tests.fuzz"}]
OURS = [c for c in TYPED if "examples/" not in c and "lock_jars" not in c]
COMPLETE = {  # what a command must be given before it looks at the settings
    "overcast replay": "1426294",
    "overcast fetch": "ipl --source http://127.0.0.1:1/",
    "overcast train": "nowhere --to models",
    "overcast verify": "nowhere",
    "overcast scorecard": "1426294",
    "overcast story": "1426294",
    "overcast whatif": "1426294 --at 1.1",
    "overcast promote": "t20-male x",
    "overcast rollback": "t20-male",
    "overcast freeze": "t20-male",
    "overcast unfreeze": "t20-male",
    "overcast archive": "new",
    "python -m producers.ship": "nowhere --to new",
    "python -m overcast.picture": "a.svg",
}


NOT_BROUGHT = r"|is not installed here: make (bench|forecast)"  # known before the settings are


@pytest.mark.parametrize("command", OURS)
def test_an_unknown_variable_is_named_with_the_one_that_was_meant(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCAST_KAFKAS", "secret-7")
    assert ended(f"{command} {COMPLETE.get(command, '')}", monkeypatch) == 2
    text = capsys.readouterr().err
    words = r"OVERCAST_KAFKAS in the environment .*OVERCAST_KAFKA\?.*unset it"
    assert_one_sentence(text, words + NOT_BROUGHT)
    assert "secret-7" not in text


@pytest.mark.parametrize("command", OURS)
def test_every_command_refuses_a_bad_file_of_settings(
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> None:
    (folder / "overcast.toml").write_text("kafka: host\n")
    assert ended(f"{command} {COMPLETE.get(command, '')}", monkeypatch) == 2
    words = r"overcast\.toml cannot be read \(it is not TOML: .*line 1.*correct it"
    assert_one_sentence(capsys.readouterr().err, words + NOT_BROUGHT)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"kafka = '\xff'\n", r"overcast\.toml cannot be read \(it is not TOML.*correct it"),
        (b"partition = 8\n", r"partition in .*overcast\.toml is no setting \(is it partitions\?\)"),
        (b"[redis]\nhost = 1\n", r"redis in .*overcast\.toml: input should be a valid string"),
        (b"partitions = 'many'\n", r"partitions in .*overcast\.toml: input should be a valid int"),
        (b"signing_key = 'many'\n", r"signing_key in .*overcast\.toml: a key is 64 hex digits"),
    ],
)
def test_whatever_is_wrong_in_the_file_of_settings_is_named_and_no_value_repeated(
    content: bytes,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> None:
    (folder / "overcast.toml").write_bytes(content)
    assert ended("overcast status", monkeypatch) == 2
    text = capsys.readouterr().err
    assert_one_sentence(text, words)
    assert "many" not in text


def test_help_is_shown_whatever_the_settings_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "overcast.toml").write_text("kafka: host\n")
    for command in ("overcast watch --help", "overcast --version"):
        assert ended(command, monkeypatch) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OVERCAST_SERVICE_HOST", "10.0.0.7"),
        ("OVERCAST_SERVICE_PORT_METRICS", "9464"),
        ("OVERCAST_PORT_9464_TCP_ADDR", "10.0.0.7"),
        ("OVERCAST_REDIS_SERVICE_HOST", "10.0.0.8"),
        ("OVERCAST_REDIS_PORT", "tcp://10.0.0.8:6379"),
    ],
)
def test_what_kubernetes_tells_of_its_services_is_no_misspelt_setting(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    Settings()


def test_a_damaged_match_among_good_ones_is_left_out_and_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "foreign/1.json").write_text(json.dumps(document(innings(delivery(1)))))
    assert ended("overcast replay --data foreign", monkeypatch) == 2
    assert_one_sentence(capsys.readouterr().err, KAFKA)  # the data were good enough


def test_the_example_for_the_shell_says_what_it_lacks() -> None:
    tool("kcat")
    tool("jq")
    for arguments, words in (([], "name a broker"), ([NOWHERE], f"no Kafka answers at {NOWHERE}")):
        command = [str(ROOT / "examples/kcat.sh"), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 2
        assert_one_sentence(result.stderr, words)


@pytest.mark.parametrize("recipe", ["verify", "starter"])
def test_a_recipe_without_its_data_says_what_it_needs(recipe: str) -> None:
    result = subprocess.run(
        [tool("make"), "-C", str(ROOT), recipe, "STAMP=Makefile", "BIN=false"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert f"make {recipe} needs DATA=" in result.stderr
