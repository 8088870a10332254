"""Every command with a misspelt variable or a bad overcast.toml: one sentence, exit code 2."""

from pathlib import Path

import pytest

from streams.settings import Settings
from tests.support.commands import assert_one_sentence, commands, ended

pytestmark = pytest.mark.usefixtures("wrong_place")

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
    wrong_place: Path,
) -> None:
    (wrong_place / "overcast.toml").write_text("kafka: host\n")
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
    wrong_place: Path,
) -> None:
    (wrong_place / "overcast.toml").write_bytes(content)
    assert ended("overcast status", monkeypatch) == 2
    text = capsys.readouterr().err
    assert_one_sentence(text, words)
    assert "many" not in text


def test_help_is_shown_whatever_the_settings_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong_place: Path
) -> None:
    (wrong_place / "overcast.toml").write_text("kafka: host\n")
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
