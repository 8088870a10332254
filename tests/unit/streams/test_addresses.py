"""Addresses as people write them: one reading for all clients, and nothing secret is printed."""

import asyncio
import json
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import server_list
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from overcast.commands import options
from overcast.contract.registry import push
from streams.addresses import SecretUrl, bootstrap_servers, check_store, shown
from streams.kafka import fenced_producer
from streams.kafka.client_config import client, reader
from streams.models.snapshot_store import ModelStore, StoreError
from streams.settings import Settings
from streams.worker.application import create_app, faust_options

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
TWO = "[::1]:9092,kafka-1:9093"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OVERCAST_{name.upper()}", raising=False)
    monkeypatch.setenv("OVERCAST_STATE_DIR", str(tmp_path / "state"))
    return tmp_path


@pytest.mark.parametrize(
    ("written", "servers"),
    [
        ("h:1", ["h:1"]),
        ("h", ["h:9092"]),
        ("a:1, b:2 ,\tc:3", ["a:1", "b:2", "c:3"]),
        ("a:1,", ["a:1"]),
        (",a:1,,b:2,", ["a:1", "b:2"]),
        ("a:1,a:1", ["a:1"]),
        ("[::1]:9092", ["[::1]:9092"]),
        ("[::1]", ["[::1]:9092"]),
        ("[2001:db8::5]:19092, 10.0.0.1:9092", ["[2001:db8::5]:19092", "10.0.0.1:9092"]),
        ("[fe80::1%eth0]:9092", ["[fe80::1%eth0]:9092"]),
        ("kafka_1.example-2.internal:9092", ["kafka_1.example-2.internal:9092"]),
        (" \n h:1 \n", ["h:1"]),
    ],
)
def test_bootstrap_servers_are_read_as_people_write_them(written: str, servers: list[str]) -> None:
    assert bootstrap_servers(written) == servers
    assert Settings(kafka=written).kafka == ",".join(servers)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "names no server"),
        (" , ,", "names no server"),
        ("::1:9092", "in brackets"),
        ("a:1,2001:db8::5", "server 2 .*in brackets"),
        ("[::1", "server 1 is not host:port"),
        ("[kafka]:9092", "only an IPv6 address"),
        ("h:0", "1 to 65535"),
        ("h:65536", "1 to 65535"),
        ("h:http", "not host:port"),
        ("kafka://h:9092", "without scheme"),
        (f"user:{SECRET}@h:9092", "without scheme and user"),
        ("h:1;i:2", "not host:port"),
        ("a b:1", "not host:port"),
    ],
)
def test_what_is_no_server_is_refused_with_its_place(written: str, why: str) -> None:
    with pytest.raises(ValidationError, match=f"kafka\\n.*{why}") as refused:
        Settings(kafka=written)
    assert SECRET not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_servers_or_refused(text: str) -> None:
    try:
        servers = bootstrap_servers(text)
    except ValueError:
        return
    assert bootstrap_servers(",".join(servers)) == servers


def test_every_client_connects_to_the_same_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    servers, written = TWO.split(","), " [::1] ,, kafka-1:9093,"
    assert client(written)["bootstrap.servers"] == TWO
    assert reader(written, "g")["bootstrap.servers"] == TWO
    brokers = faust_options(Settings(kafka=written))["broker"].split(";")
    assert [broker.partition("://")[2] for broker in brokers] == servers

    app = create_app(Settings(kafka=written))
    fetching = app.consumer._fetcher._arguments  # noqa: SLF001
    joining = server_list(app.transport.url, app.transport.default_port)
    assert fetching[0].split(",") == joining == servers

    class Producer:
        def __init__(self, **options: Any) -> None:
            assert options["bootstrap_servers"] == servers

        async def start(self) -> None: ...

    monkeypatch.setattr(fenced_producer, "AIOKafkaProducer", Producer)
    asyncio.run(fenced_producer._login(written, "n"))  # noqa: SLF001


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
    ],
    "signing_key": [SECRET + "0" * 53, "0" * 63 + "O" + SECRET],
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


HOLDING = {
    "redis": f"redis://:{SECRET}@h:1/0",
    "dashboard_token": SECRET,
    "signing_key": "5ec4e7" + "0" * 58,
    "traces": f"https://u:{SECRET}@h/x",
    "schema_registry": f"https://u:{SECRET}@h/x",
    "snapshot_store": f"s3://u:{SECRET}@bucket/x",
}


def test_no_secret_is_in_what_settings_print_dump_or_log(caplog: pytest.LogCaptureFixture) -> None:
    made = Settings(**HOLDING)
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
    assert {type(getattr(made, name)) for name in HOLDING} == {SecretUrl, SecretStr}


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


@pytest.mark.parametrize("url", ["redis://h", "rediss://:p%2Fq@h:1/2", "unix:///run/r.sock?db=1"])
def test_what_redis_takes_is_taken(url: str) -> None:
    check_store(url)
    assert Settings(redis=url).redis.get_secret_value() == url


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
