"""The settings of Kafka's clients: what goes together, and what is refused without its value."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from overcast.embedded.certificates import Authority
from streams.access import KafkaAccess, PasswordLogin, Tls, TokenLogin
from streams.expected_errors import sentence
from streams.kafka_settings import UNSECURED, USES, KafkaSettings
from streams.settings import Settings
from tests.support.own_folder import own_folder

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
PASSWORD = {"kafka_user": "u", "kafka_password": SECRET}
SCRAM = {"kafka_security_protocol": "SASL_SSL", "kafka_sasl_mechanism": "SCRAM-SHA-512"}
OAUTH = {
    "kafka_security_protocol": "SASL_PLAINTEXT",
    "kafka_sasl_mechanism": "OAUTHBEARER",
    "kafka_oauth_endpoint": "https://id.example/token",
    "kafka_oauth_client_id": "c",
    "kafka_oauth_client_secret": SECRET,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own, with certificates."""
    authority = Authority("test")
    (tmp_path / "ca.crt").write_bytes(authority.cert)
    authority.issue("client").write(tmp_path, "client")
    authority.issue("other").write(tmp_path, "other")
    authority.issue("locked", password=SECRET).write(tmp_path, "locked")
    (tmp_path / "no.crt").write_text("nothing of PEM")
    return own_folder(tmp_path, monkeypatch)


def refused(**given: Any) -> str:
    with pytest.raises(ValidationError) as error:
        Settings(**given)
    said = sentence(error.value)
    assert SECRET not in f"{error.value} {said}"
    assert "\n" not in said
    return said


def test_without_any_of_them_kafka_is_as_plain_as_before() -> None:
    assert Settings().kafka_access == KafkaAccess("127.0.0.1:9092")
    assert Settings(kafka="h:1").kafka_access == KafkaAccess("h:1")
    assert Settings().kafka_access.protocol == "PLAINTEXT"
    assert Settings(**UNSECURED) == Settings()


def test_every_way_that_kafka_knows_becomes_one_value(folder: Path) -> None:
    ca, cert, key = (str(folder / name) for name in ("ca.crt", "locked.crt", "locked.key"))
    files = {"kafka_ssl_cert": "locked.crt", "kafka_ssl_key": "locked.key"}
    tls = {"kafka_ssl_ca": "ca.crt", **files, "kafka_ssl_key_password": SECRET}
    access = Settings(kafka_security_protocol="SSL", **tls).kafka_access
    assert access == KafkaAccess("127.0.0.1:9092", Tls(ca, cert, key, SecretStr(SECRET)))
    assert access.protocol == "SSL"

    for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"):
        way = SCRAM | {"kafka_sasl_mechanism": mechanism}
        login = Settings(**way, **PASSWORD).kafka_access.login
        assert isinstance(login, PasswordLogin)
        assert (login.mechanism, login.user) == (mechanism, "u")
        assert login.password.get_secret_value() == SECRET

    more = {"kafka_oauth_scope": "s", "kafka_oauth_extensions": "logicalCluster=lkc-1,pool=p"}
    token = Settings(**OAUTH, **more, kafka_oauth_ca="ca.crt").kafka_access
    assert isinstance(token.login, TokenLogin)
    assert (token.protocol, token.login.ca, token.login.scope) == ("SASL_PLAINTEXT", ca, "s")


MISSING = [
    ({"kafka_security_protocol": "SASL_SSL"}, "kafka_sasl_mechanism"),
    ({"kafka_security_protocol": "SASL_PLAINTEXT"}, "kafka_sasl_mechanism"),
    (SCRAM, "kafka_user"),
    (SCRAM | {"kafka_user": "u"}, "kafka_password"),
    (SCRAM | {"kafka_password": SECRET}, "kafka_user"),
    *((OAUTH | {name: ""}, name) for name in OAUTH if name.startswith("kafka_oauth_")),
    ({"kafka_security_protocol": "SSL", "kafka_ssl_cert": "client.crt"}, "kafka_ssl_key"),
    ({"kafka_security_protocol": "SSL", "kafka_ssl_key": "client.key"}, "kafka_ssl_cert"),
    ({"kafka_security_protocol": "SSL", "kafka_ssl_key_password": SECRET}, "kafka_ssl_key"),
]


@pytest.mark.parametrize(("given", "name"), MISSING)
def test_what_is_missing_is_named_with_what_needs_it_and_where_to_set_it(
    given: dict[str, str], name: str
) -> None:
    said = refused(**given)
    assert said.startswith(f"{name} is missing, and kafka_s")
    assert f"set OVERCAST_{name.upper()} (or …_FILE), or {name} in overcast.toml" in said


NO_EFFECT = [
    ({"kafka_sasl_mechanism": "PLAIN", **PASSWORD}, "kafka_sasl_mechanism"),
    ({"kafka_security_protocol": "SSL", "kafka_sasl_mechanism": "PLAIN"}, "kafka_sasl_mechanism"),
    ({"kafka_user": "u"}, "kafka_user"),
    ({"kafka_password": SECRET}, "kafka_password"),
    ({"kafka_security_protocol": "SSL", **PASSWORD}, "kafka_user"),
    ({**OAUTH, "kafka_password": SECRET}, "kafka_password"),
    ({**SCRAM, **PASSWORD, "kafka_oauth_client_secret": SECRET}, "kafka_oauth_client_secret"),
    ({"kafka_oauth_scope": "s"}, "kafka_oauth_scope"),
    ({"kafka_ssl_ca": "ca.crt"}, "kafka_ssl_ca"),
    ({**OAUTH, "kafka_ssl_ca": "ca.crt"}, "kafka_ssl_ca"),
    ({"kafka_ssl_key_password": SECRET}, "kafka_ssl_key_password"),
]


@pytest.mark.parametrize(("given", "name"), NO_EFFECT)
def test_what_would_secure_nothing_is_refused(given: dict[str, str], name: str) -> None:
    said = refused(**given)
    assert said.startswith(f"{name} has no effect unless kafka_s")


FILES = ["kafka_ssl_ca", "kafka_ssl_cert", "kafka_ssl_key", "kafka_oauth_ca"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("path", [f"{SECRET}.crt", "."])
def test_a_file_that_is_not_there_is_refused(
    name: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"OVERCAST_{name.upper()}", path)
    said = refused(kafka_security_protocol="SASL_SSL")
    variable = f"OVERCAST_{name.upper()}"
    assert said.startswith(f"{name} in {variable} in the environment: names a file that is not")


WRONG_FILES = [
    ({"kafka_ssl_ca": "no.crt"}, "kafka_ssl_ca names a file without a certificate"),
    ({"kafka_ssl_cert": "client.crt", "kafka_ssl_key": "other.key"}, "belong together"),
    ({"kafka_ssl_cert": "no.crt", "kafka_ssl_key": "client.key"}, "belong together"),
    ({"kafka_ssl_cert": "client.key", "kafka_ssl_key": "client.key"}, "belong together"),
    ({"kafka_ssl_cert": "locked.crt", "kafka_ssl_key": "locked.key"}, "not open the key"),
    (
        {
            "kafka_ssl_cert": "locked.crt",
            "kafka_ssl_key": "locked.key",
            "kafka_ssl_key_password": f"{SECRET}!",
        },
        "not open the key",
    ),
]


@pytest.mark.parametrize(("given", "words"), WRONG_FILES)
def test_files_without_a_certificate_or_a_key_of_its_own_are_refused(
    given: dict[str, str], words: str
) -> None:
    assert words in refused(kafka_security_protocol="SSL", **given)


def test_a_token_endpoints_authority_must_hold_a_certificate() -> None:
    assert "kafka_oauth_ca names a file without" in refused(**OAUTH, kafka_oauth_ca="no.crt")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kafka_oauth_endpoint", f"https://u:{SECRET}@id.example/token"),
        ("kafka_oauth_endpoint", f"file:///{SECRET}"),
        ("kafka_oauth_endpoint", SECRET),
        ("kafka_oauth_endpoint", f"https://h:{SECRET}/"),
        ("kafka_oauth_extensions", SECRET),
        ("kafka_oauth_extensions", f"auth={SECRET}"),
        ("kafka_oauth_extensions", f"a={SECRET},b"),
        ("kafka_security_protocol", SECRET),
        ("kafka_sasl_mechanism", SECRET),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_repeated(name: str, value: str) -> None:
    assert refused(**OAUTH | {name: value}).startswith(f"{name} in ")


def test_the_group_goes_to_another_process_with_its_servers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Settings(kafka="h:1", **SCRAM, **PASSWORD, kafka_ssl_ca="ca.crt")
    for name, value in made.as_environment(["kafka"]).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder.parent)
    assert Settings().kafka_access == made.kafka_access


def test_no_secret_is_in_what_access_prints() -> None:
    for given in (SCRAM | PASSWORD, OAUTH):
        access = Settings(**given).kafka_access
        assert SECRET not in f"{access} {access!r}"
        assert pickle.loads(pickle.dumps(access)) == access  # noqa: S301  our own


def test_each_setting_of_the_group_is_in_one_rule() -> None:
    """A setting that is added is judged too."""
    ruled = [name for use in USES for name in use.names]
    assert sorted([*ruled, "kafka", "kafka_security_protocol"]) == sorted(
        KafkaSettings.model_fields
    )
