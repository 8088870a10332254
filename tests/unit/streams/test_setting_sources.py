"""Settings out of files of their own, as Docker and Kubernetes mount secrets."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from streams.expected_errors import sentence
from streams.kafka_settings import KafkaSettings
from streams.settings import Settings, as_variables
from tests.support.own_folder import own_folder

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
TOKEN = "OVERCAST_DASHBOARD_TOKEN"  # noqa: S105  a name


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    return own_folder(tmp_path, monkeypatch)


@pytest.fixture
def secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of secrets."""
    made = folder / "secrets"
    made.mkdir()
    monkeypatch.setenv("OVERCAST_SECRETS_DIR", str(made))
    return made


def token() -> str:
    return Settings().dashboard_token.get_secret_value()


def refused() -> str:
    with pytest.raises(ValueError) as error:  # noqa: PT011  its words are compared
        Settings()
    said = sentence(error.value)
    assert SECRET not in f"{said} {error.value!r}"
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"s3cr3t", "s3cr3t"),
        (b"s3cr3t\n", "s3cr3t"),
        (b"s3cr3t\r\n", "s3cr3t"),
        (b" s3cr3t \n\n", " s3cr3t \n"),
        ("gehéim\n".encode(), "gehéim"),
        (b"", ""),
    ],
)
def test_a_file_gives_its_content_without_the_last_line_break(
    content: bytes, value: str, folder: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secrets / "dashboard_token").write_bytes(content)
    assert token() == value
    (folder / "token.txt").write_bytes(content)
    monkeypatch.setenv(f"{TOKEN}_FILE", "token.txt")
    monkeypatch.delenv("OVERCAST_SECRETS_DIR")
    assert token() == value


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_can_come_from_a_file(
    name: str, folder: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"OVERCAST_{name.upper()}"
    monkeypatch.delenv("OVERCAST_STATE_DIR")
    monkeypatch.setenv(f"{variable}_FILE", "nowhere.txt")
    assert str(folder / "nowhere.txt") in refused()
    text = as_variables({name: getattr(Settings.model_construct(), name)})[variable]
    (folder / "there.txt").write_text(text + "\n")
    monkeypatch.setenv(f"{variable}_FILE", "there.txt")
    assert name in Settings().model_fields_set
    monkeypatch.setenv(f"{variable}_FILE", "")
    (secrets / name).write_text(text)
    assert name in Settings().model_fields_set


def test_no_setting_has_a_name_that_would_be_anothers_file() -> None:
    assert [name for name in Settings.model_fields if name.endswith(("_file", "secrets_dir"))] == []


def test_a_value_and_a_file_for_it_are_one_too_many(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "token.txt").write_text(SECRET)
    monkeypatch.setenv(f"{TOKEN}_FILE", "token.txt")
    monkeypatch.setenv(TOKEN, SECRET)
    assert refused().startswith(f"{TOKEN} and {TOKEN}_FILE are both in the environment")
    monkeypatch.setenv(TOKEN, "")  # as docker-compose passes a variable on that is not set
    assert token() == SECRET


def test_a_flag_wins_over_the_environment_that_over_the_secrets_and_they_over_the_file(
    folder: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "overcast.toml").write_text('dashboard_token = "toml"\n')
    assert token() == "toml"
    (secrets / "dashboard_token").write_text("secrets")
    assert token() == "secrets"
    (folder / "named.txt").write_text("named")
    monkeypatch.setenv(f"{TOKEN}_FILE", "named.txt")
    assert token() == "named"
    monkeypatch.delenv(f"{TOKEN}_FILE")
    monkeypatch.setenv(TOKEN, "environment")
    assert token() == "environment"
    flag = Settings(dashboard_token=SecretStr("flag"))
    assert flag.dashboard_token.get_secret_value() == "flag"


def test_secrets_are_read_as_kubernetes_mounts_them(secrets: Path) -> None:
    data = secrets / "..2026_11_28"
    data.mkdir()
    (data / "OVERCAST_DASHBOARD_TOKEN").write_text(SECRET)
    (data / "tls.key").write_text("another program's")
    (secrets / "..data").symlink_to(data)
    for name in ("OVERCAST_DASHBOARD_TOKEN", "tls.key"):
        (secrets / name).symlink_to(secrets / "..data" / name)
    assert token() == SECRET


@pytest.mark.parametrize(
    ("name", "meant"),
    [("kafka_pasword", "kafka_password"), ("dashboard-token", "dashboard_token")],
)
def test_a_secret_whose_name_was_misspelt_is_refused(name: str, meant: str, secrets: Path) -> None:
    (secrets / name).write_text(SECRET)
    assert f"{name} is no setting (is it {meant}?)" in refused()


def test_a_setting_that_is_there_under_two_names_is_refused(secrets: Path) -> None:
    for name in ("dashboard_token", TOKEN):
        (secrets / name).write_text(SECRET)
    assert "hold the same setting" in refused()


def test_a_directory_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCAST_SECRETS_DIR", "nowhere")
    assert refused().startswith("OVERCAST_SECRETS_DIR in the environment names a directory")
    monkeypatch.setenv("OVERCAST_SECRETS_DIR", "")
    Settings()


def test_a_file_that_is_no_text_is_named(secrets: Path) -> None:
    (secrets / "dashboard_token").write_bytes(b"\xff" + SECRET.encode())
    assert f"{secrets / 'dashboard_token'} cannot be read (it is not text" in refused()


def test_a_wrong_value_is_named_with_the_file_in_which_it_is(
    folder: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secrets / "signing_key").write_text(SECRET)
    assert refused().startswith(f"signing_key in {secrets / 'signing_key'}: a key is 64 hex")
    (folder / "key.txt").write_text(SECRET)
    monkeypatch.setenv("OVERCAST_SIGNING_KEY_FILE", "key.txt")
    assert refused().startswith("signing_key in the file of OVERCAST_SIGNING_KEY_FILE: a key is")


def test_a_misspelt_variable_of_a_file_is_named_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OVERCAST_KAFKA_PASWORD_FILE", "x")
    with pytest.raises(ValueError, match=r"is it OVERCAST_KAFKA_PASSWORD_FILE\?"):
        Settings()


def test_what_a_process_is_given_wins_over_files_that_it_inherits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of `overcast up` reaches its own Kafka, whatever the user's shell names."""
    (folder / "password.txt").write_text(SECRET)
    for name in KafkaSettings.model_fields:
        monkeypatch.setenv(f"OVERCAST_{name.upper()}_FILE", "password.txt")
    for name, value in Settings.model_construct().as_environment(["kafka"]).items():
        monkeypatch.setenv(name, value)
    assert Settings().kafka_access == KafkaSettings.model_construct().kafka_access


def test_errors_of_pydantic_name_no_file_content(secrets: Path) -> None:
    (secrets / "partitions").write_text(SECRET)
    with pytest.raises(ValidationError) as error:
        Settings()
    assert SECRET not in f"{error.value} {error.value!r}"
