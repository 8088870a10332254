"""Nothing secret of a setting is printed, whatever is wrong with it."""

import json
import logging
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from overcast.commands import options
from overcast.contract.registry import push
from overcast.embedded.certificates import Authority
from streams.addresses import shown
from streams.models.snapshot_store import ModelStore, StoreError
from streams.secret_url import SecretUrl
from streams.settings import Settings
from tests.support.own_folder import own_folder

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    return own_folder(tmp_path, monkeypatch)


REFUSED = {
    "kafka": [f"user:{SECRET}@h:1"],
    "redis": [
        f"redis:{SECRET}",
        f"http://:{SECRET}@h:1/0",
        f"redis://:{SECRET}/x@h:6379/0",
        f"redis://:x#{SECRET}@h:6379",
        f"redis://h:{SECRET}/0",
        f"redis://[{SECRET}@h/0",
        f"unix://{SECRET}",
        f"redis+sentinel://:{SECRET}@h1,h2",
        f"redis+cluster://u:{SECRET}@h1:1,h2:{SECRET}",
        f"redis+cluster://u:{SECRET}@h1,u:{SECRET}@h2",
        f"redis://u:{SECRET}@h1,h2",
        f"redis://h?{SECRET}=1",
    ],
    "signing_key": [SECRET + "0" * 53, "0" * 63 + "O" + SECRET],
    "operator_key": [SECRET + "0" * 53],
    "operator_keys": [SECRET, f"asha={SECRET}", f"={SECRET}"],
    "trusted_keys": [f"{'0' * 64},{SECRET}"],
}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_no_refused_value_of_any_setting_is_echoed(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it comes by a flag, from the environment or from the file."""
    errors = list[BaseException]()

    def refuse(**flags: Any) -> bool:
        try:
            Settings(**flags)
        except ValueError as error:  # pydantic's, and tomllib's
            errors.append(error)
            return True
        return False

    file = folder / "overcast.toml"
    assert refuse(**{name: [SECRET]})
    for wrong in REFUSED.get(name, [SECRET]):
        refuse(**{name: wrong})
        monkeypatch.setenv(f"OVERCAST_{name.upper()}", wrong)
        assert refuse() or name not in REFUSED
        monkeypatch.delenv(f"OVERCAST_{name.upper()}")
        file.write_text(f"{name} = {json.dumps(wrong)}")
        assert refuse() or name not in REFUSED
    for broken in (f'["{SECRET}"]', f'{{a = "{SECRET}"}}', SECRET, f'"{SECRET}', f"'{SECRET}\n'"):
        file.write_text(f"{name} = {broken}\n")
        assert refuse()
    for error in errors:
        assert SECRET not in f"{error} {error!r}"
        assert name in str(error) or "line" in str(error)


URLS = {
    f"redis://user:{SECRET}@h:6379/0": "redis://h:6379/0",
    f"rediss://:{SECRET}@[::1]:6379/0?password={SECRET}": "rediss://[::1]:6379/0",
    f"redis://h/0?username=u&password={SECRET}": "redis://h/0",
    f"redis://:p%40{SECRET}@h:1": "redis://h:1",
    f"unix://user@/run/redis.sock?password={SECRET}": "unix:///run/redis.sock",
    f"redis://:{SECRET}/b@h:6379/0": "redis://…",
    f"redis://:a#{SECRET}@h:6379/0": "redis://…",
    f"redis://:a?{SECRET}@h:6379/0": "redis://…",
    f"redis://h/0?password=x@{SECRET}": "redis://…",
    f"redis://[{SECRET}@h": "redis://…",
    f"redis+sentinel://u:{SECRET}@h1:1,h2/m/0?sentinel_password={SECRET}": (
        "redis+sentinel://h1:1,h2/m/0"
    ),
    f"rediss+cluster://u:{SECRET}@[::1]:1,h2:2": "rediss+cluster://[::1]:1,h2:2",
    f"redis+cluster://u:{SECRET}@h1,u:{SECRET}2@h2": "redis+cluster://h2",
    f"redis+cluster://u:{SECRET}/@h1,h2:2": "redis+cluster://…",
    f"user:{SECRET}@h": "…",
    "memory://models": "memory://models",
    "/srv/models": "/srv/models",
    "": "",
}


@pytest.mark.parametrize(("url", "printed"), URLS.items())
def test_an_address_is_printed_without_user_password_and_query(url: str, printed: str) -> None:
    assert shown(url) == printed
    secret = SecretUrl(url)
    assert str(secret) == f"{secret}" == printed
    assert SECRET not in repr(secret)
    if SECRET in url:
        assert SECRET not in secret.without_secrets(f"cannot reach {url}: {SECRET} is wrong")
    else:
        assert secret.without_secrets(f"cannot reach {url}") == f"cannot reach {url}"


WITH_TLS = {"kafka_security_protocol": "SSL"}
WITH_PASSWORD = {"kafka_security_protocol": "SASL_SSL", "kafka_sasl_mechanism": "SCRAM-SHA-512"}
WITH_TOKENS = {
    "kafka_security_protocol": "SASL_SSL",
    "kafka_sasl_mechanism": "OAUTHBEARER",
    "kafka_oauth_endpoint": "https://h/token",
    "kafka_oauth_client_id": "c",
}
BY_OIDC = {
    "dashboard_oidc_issuer": "https://h/",
    "dashboard_oidc_client_id": "c",
    "dashboard_oidc_viewers": "*",
    "dashboard_url": "https://page",
}
NEEDING = {  # what is needed beside a secret; those of Kafka are never all there together
    "dashboard_oidc_client_secret": BY_OIDC,
    "kafka_password": WITH_PASSWORD | {"kafka_user": "u"},
    "kafka_oauth_client_secret": WITH_TOKENS,
    "kafka_ssl_key_password": WITH_TLS,
    "snapshot_store_password": {"snapshot_store_user": "u"},
    "traces_password": {"traces_user": "u"},
    "traces_token": {},
    "schema_registry_password": {"schema_registry_user": "u"},
    "schema_registry_token": {},
    "redis_password": {"redis": "redis://u@h:1/0"},  # a URL without one
}
HOLDING = {
    "redis": f"redis://:{SECRET}@h:1/0",
    "dashboard_token": SECRET,
    "signing_key": "5ec4e7" + "0" * 58,
    "operator_key": "5ec4e7" + "1" * 58,
    "traces": f"https://u:{SECRET}@h/x",
    "schema_registry": f"https://u:{SECRET}@h/x",
    "snapshot_store": f"s3://u:{SECRET}@bucket/x",
}


@pytest.fixture
def client_key(folder: Path) -> dict[str, str]:
    """The settings of a client's certificate, whose key is locked by SECRET."""
    issued = Authority("test").issue("client", password=SECRET)
    cert, key = issued.write(folder, "client")
    return {"kafka_ssl_cert": str(cert), "kafka_ssl_key": str(key)}


@pytest.mark.parametrize("needing", NEEDING)
def test_no_secret_is_in_what_settings_print_dump_or_log(
    needing: str, client_key: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    files = client_key if needing == "kafka_ssl_key_password" else {}
    holding = HOLDING | {needing: SECRET}
    made = Settings(**holding | NEEDING[needing] | files)
    logging.getLogger("test").warning("%s %r", made, made)
    for text in (
        repr(made),
        str(made),
        str(made.model_dump()),
        made.model_dump_json(),
        caplog.text,
    ):
        assert SECRET not in text
        assert HOLDING["signing_key"] not in text
    assert {type(getattr(made, name)) for name in holding} == {SecretUrl, SecretStr}


def test_each_setting_that_is_a_secret_is_under_test_here_and_none_looks_like_one_and_is_not() -> (
    None
):
    secret = {n for n, f in Settings.model_fields.items() if f.annotation in {SecretUrl, SecretStr}}
    assert secret == HOLDING.keys() | NEEDING.keys()
    named = re.compile(r"password|secret|token$|_key$")
    looking = {name for name in Settings.model_fields if named.search(name)}
    assert looking - secret == {"kafka_ssl_key"}  # the path of a file


def test_another_process_is_given_the_secrets_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Settings(**HOLDING, partitions=7)
    for name, value in made.as_environment(Settings.model_fields).items():
        monkeypatch.setenv(name, value)
    assert Settings() == made


def test_the_redis_of_up_is_as_secret_as_one_that_was_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = {"kafka": "h:1", "redis": f"redis://:{SECRET}@h:2/0"}
    monkeypatch.setattr(options, "status", lambda _: running)
    chosen = options.settings()
    assert chosen.redis.get_secret_value() == running["redis"]
    assert SECRET not in repr(chosen)


STORES = [
    "redis://h",
    "rediss://:p%2Fq@h:1/2",
    "unix:///run/r.sock?db=1",
    "redis+sentinel://u:p@h1,h2:2/main/1?sentinel_password=q",
    "rediss+cluster://u:p@h1:1,h2:2",
]


@pytest.mark.parametrize("url", STORES)
def test_what_redis_takes_is_taken(url: str) -> None:
    made = Settings(redis=url)
    assert made.redis.get_secret_value() == made.redis_url == url


def test_redis_password_is_that_of_the_urls_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And comes from a file of its own, as any secret does; both passwords together are refused."""
    file = tmp_path / "password"
    file.write_text(f"{SECRET}/\n")
    monkeypatch.setenv("OVERCAST_REDIS_PASSWORD_FILE", str(file))
    made = Settings(redis="redis+cluster://u@h1,h2")
    assert made.redis_url == f"redis+cluster://u:{SECRET}%2F@h1,h2"
    assert SECRET not in f"{made} {made!r}"
    with pytest.raises(ValueError, match="redis_password has no effect") as refused:
        Settings(redis="redis://:other@h")
    assert SECRET not in f"{refused.value!r}"


def certificates(folder: Path) -> dict[str, str]:
    authority, ca, wrong = Authority("test"), folder / "ca.crt", folder / "wrong.crt"
    ca.write_bytes(authority.cert)
    wrong.write_text("no certificate")
    cert, key = authority.issue("client").write(folder, "client")
    other, _ = authority.issue("other").write(folder, "other")
    names = {"ca": ca, "wrong": wrong, "cert": cert, "key": key, "other": other}
    return {name: str(path) for name, path in names.items()}


@pytest.mark.parametrize(
    ("query", "why"),
    {
        "ssl_ca_certs={ca}&ssl_certfile={cert}&ssl_keyfile={key}": "",
        "ssl_ca_certs=ca.crt": "does not begin at the root",
        "ssl_ca_certs={ca}x": "a file that is not there",
        "ssl_ca_certs={wrong}": "no file of certificates",
        "ssl_certfile={other}&ssl_keyfile={key}": "that belong together",
    }.items(),
)
def test_files_of_certificates_in_redis_url_are_tried_before_anything_connects(
    query: str, why: str, tmp_path: Path
) -> None:
    url = f"rediss://u:{SECRET}@h/0?{query.format(**certificates(tmp_path))}"
    if not why:
        assert Settings(redis=url).redis_url == url
        return
    with pytest.raises(ValueError, match=why) as refused:
        Settings(redis=url)
    assert SECRET not in f"{refused.value!r}"


def test_errors_of_stores_and_registries_name_no_secret() -> None:
    store = ModelStore(Settings(snapshot_store=f"nosuch://u:{SECRET}@h/models"))
    with pytest.raises(StoreError, match="nosuch") as failed:
        store.fetch("k", "v", "d" * 16)
    registry = Settings(schema_registry=f"http://u:{SECRET}@127.0.0.1:1")
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:1 did not take a schema") as refused:
        list(push(registry))
    for error in (failed.value, refused.value):
        assert SECRET not in str(error)
        assert error.__suppress_context__


def test_a_setting_that_is_copied_keeps_its_secret() -> None:
    made = Settings(**HOLDING)
    assert pickle.loads(pickle.dumps(made.redis)) == made.redis  # noqa: S301  our own
    assert made.model_copy(update={"partitions": 2}).redis == made.redis
