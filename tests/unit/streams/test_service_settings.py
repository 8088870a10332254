"""Services beside Kafka and Redis are let in by one group of settings each, in the same way."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from overcast.contract.registry import client_settings
from overcast.embedded.certificates import Authority
from streams.expected_errors import sentence
from streams.models.snapshot_store import ModelStore, StoreError
from streams.service_settings import SERVICES
from streams.settings import Settings
from tests.support.own_folder import own_folder

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
TOKENS = ("traces", "schema_registry")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own, with a certificate."""
    (tmp_path / "ca.crt").write_bytes(Authority("test").cert)
    (tmp_path / "no.crt").write_text("nothing of PEM")
    return own_folder(tmp_path, monkeypatch)


def refused(**given: Any) -> str:
    with pytest.raises(ValidationError) as error:
        Settings(**given)
    text = sentence(error.value)
    assert SECRET not in f"{error.value} {text}"
    assert "\n" not in text
    return text


@pytest.mark.parametrize("name", SERVICES)
def test_a_user_with_a_password_and_a_ca_are_shown_to_the_service(name: str, folder: Path) -> None:
    given = {"": "https://h/x", "_user": "u", "_password": SECRET, "_ca": "ca.crt"}
    settings = Settings(**{name + suffix: value for suffix, value in given.items()})
    service = settings.service(name)
    assert service.ca == str(folder / "ca.crt")
    assert service.authorization == "Basic dTpzM2NyM3RXMHJk"
    assert service.without_secrets(f"{SECRET} is wrong") == "… is wrong"
    assert SECRET not in repr(service)


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_takes_the_place_of_user_and_password(name: str) -> None:
    settings = Settings(**{name: "https://h/x", f"{name}_token": SECRET})
    assert settings.service(name).authorization == f"Bearer {SECRET}"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_missing_or_would_have_no_effect_is_named(name: str) -> None:
    url = {name: "https://h/x"}
    assert f"{name}_password is missing" in refused(**url, **{f"{name}_user": "u"})
    assert f"{name}_user is missing" in refused(**url, **{f"{name}_password": SECRET})
    login = {f"{name}_user": "u", f"{name}_password": SECRET}
    assert f"no effect without {name}" in refused(**login)
    assert f"no effect without {name}" in refused(**{f"{name}_ca": "ca.crt"})
    assert f"{name}_ca" in refused(**url, **{f"{name}_ca": "nosuch.crt"})
    assert "without a certificate" in refused(**url, **{f"{name}_ca": "no.crt"})
    if name in TOKENS:
        assert "two ways in" in refused(**url, **login, **{f"{name}_token": SECRET})


def test_the_registrys_client_is_given_each_of_them(folder: Path) -> None:
    registry = {"schema_registry": "https://h/x", "schema_registry_ca": "ca.crt"}
    login = {"schema_registry_user": "u", "schema_registry_password": SECRET}
    made = client_settings(Settings(**registry, **login).service("schema_registry"))
    assert made["basic.auth.user.info"] == f"u:{SECRET}"
    assert made["ssl.ca.location"] == str(folder / "ca.crt")
    token = Settings(**registry, schema_registry_token=SECRET).service("schema_registry")
    assert client_settings(token)["bearer.auth.token"] == SECRET


def test_a_ca_for_a_store_that_takes_none_is_an_error_and_not_passed_over() -> None:
    store = ModelStore(Settings(snapshot_store="memory://models", snapshot_store_ca="ca.crt"))
    with pytest.raises(StoreError, match="of use for S3 only"):
        store.fetch("key", "version", "digest")
