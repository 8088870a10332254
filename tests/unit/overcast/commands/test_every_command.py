"""Every command without its server, with a taken port or wrong data: one sentence.

What goes wrong, where, and what to do about it; exit code 2; no traceback. A command that is new
has to be named in tests/support/wrong_commands.py, or the first test fails.
"""

import json
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import ROOT, assert_one_sentence, commands, ended
from tests.support.documents import delivery, document, innings
from tests.support.tools import tool
from tests.support.wrong_commands import (
    CASES,
    HARMLESS,
    KAFKA,
    NOWHERE,
    TAKEN_PORTS,
    WITHOUT_SERVERS,
    WRONG_DATA,
    Case,
)

pytestmark = pytest.mark.usefixtures("wrong_place")


def test_no_command_is_forgotten() -> None:
    named = {case.command for case in CASES} | HARMLESS
    forgotten = [c for c in commands() if not any(f"{n} ".startswith(f"{c} ") for n in named)]
    assert not forgotten


@pytest.mark.parametrize("case", [*WITHOUT_SERVERS, *WRONG_DATA], ids=str)
def test_what_is_not_there_or_wrong_is_one_sentence_and_exit_code_2(
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong_place: Path,
) -> None:
    name, _, value = case.environment.partition("=")
    if name:
        monkeypatch.setenv(name, value)
    assert ended(case.command, monkeypatch) == 2
    assert_one_sentence(capsys.readouterr().err, case.words)
    assert (wrong_place / "foreign/servers/customers.db").read_text() == "precious"


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


def test_a_damaged_match_among_good_ones_is_left_out_and_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong_place: Path
) -> None:
    (wrong_place / "foreign/1.json").write_text(json.dumps(document(innings(delivery(1)))))
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
        # -o: however old the stamp is beside the locks, nothing is installed
        [tool("make"), "-C", str(ROOT), "-o", "Makefile", recipe, "STAMP=Makefile", "BIN=false"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert f"make {recipe} needs DATA=" in result.stderr


def test_a_check_of_compose_without_compose_says_what_to_install(wrong_place: Path) -> None:
    result = subprocess.run(
        [tool("make"), "-C", str(ROOT), "compose-check"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(wrong_place)},
    )
    assert result.returncode == 2
    assert "make compose-check needs Docker Compose; on Debian: apt install" in result.stdout
