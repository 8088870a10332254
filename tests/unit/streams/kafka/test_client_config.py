"""One access to Kafka, in the form of each library."""

import asyncio
import ssl
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth
from pydantic import SecretStr

from overcast.embedded.certificates import Authority
from streams.access import (
    PASSWORD_MECHANISMS,
    KafkaAccess,
    PasswordLogin,
    PasswordMechanism,
    Tls,
    TokenLogin,
)
from streams.kafka.client_config import aiokafka_options, client, reader
from streams.kafka.log_reader import LogReader
from streams.oauth_tokens import token_provider
from streams.settings import Settings
from streams.worker.application import create_app, faust_options
from streams.worker.credentials import credentials

SECRET = SecretStr("s3cr3tW0rd")
PLAIN = KafkaAccess("h:1,i:2")
TOKENS = TokenLogin("https://id.example/token", "me", SECRET, "s", "logicalCluster=l,pool=p")


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    authority = Authority("test")
    ca = tmp_path / "ca.crt"
    ca.write_bytes(authority.cert)
    locked = authority.issue("client", password=SECRET.get_secret_value())
    cert, key = locked.write(tmp_path, "client")
    return Tls(str(ca), str(cert), str(key), SECRET)


def every_access(tls: Tls) -> list[KafkaAccess]:
    """Each way that there is."""
    logins = [PasswordLogin(mechanism, "u", SECRET) for mechanism in PASSWORD_MECHANISMS]
    files = [None, Tls(), Tls(tls.ca), tls]
    return [
        KafkaAccess("127.0.0.1:1", file, login)
        for file in files
        for login in (None, TOKENS, *logins)
    ]


def test_a_plain_kafka_is_configured_as_it_always_was() -> None:
    always = {"bootstrap.servers": "h:1,i:2", "log_level": 2, "reconnect.backoff.max.ms": 500}
    assert client(PLAIN) == always
    reading = {"enable.auto.commit": False, "receive.message.max.bytes": 1 << 30, "group.id": "g"}
    reading["queued.max.messages.kbytes"] = 16_384  # four times as many by default
    assert reader(PLAIN, "g") == always | reading
    assert aiokafka_options(PLAIN) == {"bootstrap_servers": ["h:1", "i:2"]}
    assert credentials(PLAIN) is None
    assert "broker_credentials" not in faust_options(Settings(kafka="h:1"))


def test_librdkafka_is_told_the_files_and_the_login(tls: Tls) -> None:
    access = KafkaAccess("h:1", tls, PasswordLogin("SCRAM-SHA-512", "u", SECRET))
    told = {
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": tls.ca,
        "ssl.certificate.location": tls.cert,
        "ssl.key.location": tls.key,
        "ssl.key.password": "s3cr3tW0rd",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "u",
        "sasl.password": "s3cr3tW0rd",
    }
    assert client(access) == client(KafkaAccess("h:1")) | told


def test_librdkafka_fetches_tokens_itself(tls: Tls) -> None:
    login = TokenLogin(TOKENS.endpoint, "me", SECRET, "s", TOKENS.extensions, tls.ca)
    told = {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "OAUTHBEARER",
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.token.endpoint.url": "https://id.example/token",
        "sasl.oauthbearer.client.id": "me",
        "sasl.oauthbearer.client.secret": "s3cr3tW0rd",
        "sasl.oauthbearer.scope": "s",
        "sasl.oauthbearer.extensions": "logicalCluster=l,pool=p",
        "https.ca.location": tls.ca,
    }
    assert client(KafkaAccess("h:1", None, login)) == client(KafkaAccess("h:1")) | told


def test_each_client_of_librdkafka_takes_every_way(tls: Tls) -> None:
    """It refuses properties that it does not know, and files that it cannot read."""
    for access in every_access(tls):
        Producer(client(access))
        Consumer(reader(access, "g")).close()
        AdminClient(client(access))
    with pytest.raises(KafkaException):
        Producer(client(KafkaAccess("h:1", Tls(tls.ca, tls.cert, tls.key, SecretStr("wrong")))))


def test_aiokafka_takes_every_way(tls: Tls) -> None:
    async def shown(access: KafkaAccess) -> set[str]:
        options = aiokafka_options(access)
        clients = AIOKafkaProducer(**options).client, AIOKafkaConsumer(**options)._client  # noqa: SLF001
        return {client._security_protocol for client in clients}  # noqa: SLF001

    for access in every_access(tls):
        assert asyncio.run(shown(access)) == {access.protocol}


@pytest.mark.parametrize("mechanism", PASSWORD_MECHANISMS)
def test_aiokafka_is_told_the_same_login(tls: Tls, mechanism: PasswordMechanism) -> None:
    options = aiokafka_options(KafkaAccess("h:1", tls, PasswordLogin(mechanism, "u", SECRET)))
    context = options.pop("ssl_context")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1  # those of the system are not trusted too
    assert options == {
        "bootstrap_servers": ["h:1"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": mechanism,
        "sasl_plain_username": "u",
        "sasl_plain_password": "s3cr3tW0rd",
    }


def test_aiokafkas_clients_of_one_login_share_their_tokens() -> None:
    one, other = (
        aiokafka_options(KafkaAccess(server, None, TOKENS))["sasl_oauth_token_provider"]
        for server in ("h:1", "i:1")
    )
    assert one is other is token_provider(TOKENS)
    assert one.extensions() == {"logicalCluster": "l", "pool": "p"}


def test_fausts_own_clients_get_what_aiokafkas_get(tls: Tls) -> None:
    for access in every_access(tls):
        ours = aiokafka_options(access)
        del ours["bootstrap_servers"]
        fausts = credentials_to_aiokafka_auth(credentials(access))
        contexts = ours.pop("ssl_context", None), fausts.pop("ssl_context", None)
        assert [context is None for context in contexts] == [access.tls is None] * 2
        assert fausts == {"security_protocol": "PLAINTEXT"} | ours


def test_the_worker_gives_the_whole_access_to_faust_and_to_its_fetcher(tls: Tls) -> None:
    settings = Settings(
        kafka="h:1",
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="PLAIN",
        kafka_user="u",
        kafka_password=SECRET,
        kafka_ssl_ca=tls.ca,
    )
    app = create_app(settings)
    assert app.consumer._fetcher._arguments[0] == settings.kafka_access  # noqa: SLF001
    shown = credentials_to_aiokafka_auth(app.conf.broker_credentials)
    assert (shown["sasl_plain_username"], shown["security_protocol"]) == ("u", "SASL_SSL")


def test_a_client_that_is_made_later_has_the_same_access() -> None:
    """The admin of a reader of the log is made when it is first needed."""
    reading = LogReader(KafkaAccess("127.0.0.1:1", None, PasswordLogin("PLAIN", "u", SECRET)))
    assert reading._settings["sasl.password"] == "s3cr3tW0rd"  # noqa: SLF001
    assert "s3cr3tW0rd" not in repr(reading)
    assert isinstance(reading._admin, AdminClient)  # noqa: SLF001
