"""Addresses as people write them: one reading for all clients."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import server_list
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.access import KafkaAccess
from streams.addresses import bootstrap_servers
from streams.kafka import fenced_producer
from streams.kafka.client_config import client, reader
from streams.settings import Settings
from streams.worker.application import create_app, faust_options
from tests.support.own_folder import own_folder

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
TWO = "[::1]:9092,kafka-1:9093"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    return own_folder(tmp_path, monkeypatch)


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
    assert client(KafkaAccess(written))["bootstrap.servers"] == TWO
    assert reader(KafkaAccess(written), "g")["bootstrap.servers"] == TWO
    brokers = faust_options(Settings(kafka=written))["broker"].split(";")
    assert [broker.partition("://")[2] for broker in brokers] == servers

    app = create_app(Settings(kafka=written))
    fetching = app.consumer._fetcher._arguments  # noqa: SLF001
    joining = server_list(app.transport.url, app.transport.default_port)
    assert fetching[0].servers.split(",") == joining == servers

    class Producer:
        def __init__(self, **options: Any) -> None:
            assert options["bootstrap_servers"] == servers

        async def start(self) -> None: ...

    monkeypatch.setattr(fenced_producer, "AIOKafkaProducer", Producer)
    asyncio.run(fenced_producer._login(KafkaAccess(written), "n"))  # noqa: SLF001
