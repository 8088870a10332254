"""What a secured Kafka is made of: who can read it, what `ps` shows, whom a certificate is for."""

import stat
import tomllib
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from overcast.commands import options
from overcast.embedded import detached, kafka, secured
from overcast.embedded.certificates import Authority
from overcast.embedded.errors import EmbeddedError
from overcast.embedded.servers import Addresses
from streams.access import KafkaAccess
from streams.settings import Settings
from tests.support.own_folder import own_folder
from tests.unit.overcast.embedded.test_servers import written


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own; no Java is looked for."""
    monkeypatch.setattr(kafka, "find_java", lambda: Path("java"))
    monkeypatch.setattr(kafka, "kafka_jars", lambda _: [Path("a b.jar"), Path("c.jar")])
    return own_folder(tmp_path, monkeypatch)


def test_what_holds_a_secret_can_be_read_by_its_owner_only(folder: Path) -> None:
    made = secured.make(folder / "secured", ["feed"])
    made.write_settings("h:1")
    kafka.prepare(folder / "kafka", 1, 2, print, made)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in made.folder.iterdir()}
    assert modes.pop("ca.crt") & modes.pop("redis.crt") & 0o044
    of_redis = {"redis.acl", "redis.key"}
    assert modes.keys() == {"broker.pem", "admin.toml", "feed.toml", "format"} | of_redis
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_no_password_is_on_a_command_line_or_in_the_brokers_settings(folder: Path) -> None:
    made = secured.make(folder / "secured", ["feed"])
    files = kafka.prepare(folder / "kafka", 1, 2, print, made)
    properties = (folder / "kafka/server.properties").read_text()
    argument_file = (made.folder / "format").read_text()
    for password in made.passwords.values():
        assert len(password) >= 32
        assert password not in f"{files} {properties} {made!r}"
        assert password in argument_file
    assert '"a b.jar:c.jar"\n' in argument_file
    assert files.format == ["java", f"@{made.folder / 'format'}"]


def test_users_of_redis_have_its_url_in_their_settings_and_others_have_not(folder: Path) -> None:
    made = secured.make(folder / "secured", ["feed", "worker"])
    made.write_settings("h:1")
    for user in ("admin", "worker"):
        (folder / "overcast.toml").write_bytes((made.folder / f"{user}.toml").read_bytes())
        url = Settings().redis_url
        assert made.passwords[user] in url
        assert url.split("://")[1].startswith(f"{user}:")
        assert made.passwords[user] not in f"{Settings()!r} {made.redis.command(folder)}"
        assert made.passwords[user] not in (made.folder / "redis.acl").read_text()
    assert "redis" not in made.settings("feed", "h:1")
    assert "@" not in made.redis.address
    assert (made.folder / "redis.acl").read_text().startswith("user default off\n")


def test_a_plain_kafka_is_prepared_as_before(folder: Path) -> None:
    files = kafka.prepare(folder / "kafka", 1, 2, print)
    assert (folder / "kafka/server.properties").read_text() == kafka.PROPERTIES.format(
        port=1, controller=2, logs=folder / "kafka/logs"
    )
    assert files.format[-2:] == ["-c", str(folder / "kafka/server.properties")]


def test_each_user_has_settings_that_can_be_used_as_they_are(folder: Path) -> None:
    made = secured.make(folder / "secured", ["feed"])
    assert made.write_settings("h:1") == made.folder / "admin.toml"
    (folder / "overcast.toml").write_bytes((made.folder / "feed.toml").read_bytes())
    access = Settings().kafka_access
    assert (access.servers, access.protocol) == ("h:1", "SASL_SSL")
    assert access == Settings(**made.settings("feed", "h:1")).kafka_access
    assert made.passwords["feed"] != made.passwords["admin"]


def test_commands_find_the_security_of_up_whatever_the_environment_asks_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = secured.make(folder / "secured")
    running = {"kafka": "h:1", "redis": "redis://h:2/0"}
    running["settings_file"] = str(made.write_settings("h:1"))
    monkeypatch.setattr(options, "status", lambda _: running)
    assert options.settings().kafka_access == Settings(**made.settings("admin", "h:1")).kafka_access
    assert options.settings(kafka="i:1").kafka_access == Settings(kafka="i:1").kafka_access
    monkeypatch.setenv("OVERCAST_KAFKA_SECURITY_PROTOCOL", "SSL")
    assert options.settings().kafka_access.protocol == "SASL_SSL"
    del running["settings_file"]
    assert options.settings().kafka_access == KafkaAccess("h:1")


def test_plain_servers_are_not_taken_for_secured_ones(folder: Path) -> None:
    place = detached.servers_folder(folder)
    written(place, psutil.Process(), kafka="h:1", redis="redis://h:2/0")
    assert detached.up(folder, print, worker=False) == Addresses("h:1", "redis://h:2/0")
    with pytest.raises(EmbeddedError, match="not secured: end them first with 'overcast down'"):
        detached.up(folder, print, worker=False, secure=True)


def certificate(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def test_a_clients_certificate_is_no_servers() -> None:
    authority = Authority("test")
    client = certificate(authority.issue("feed").cert)
    server = certificate(authority.issue("broker", ["127.0.0.1", "localhost"]).cert)
    uses = [
        set(each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        for each in (client, server)
    ]
    client_use, server_use = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
    assert uses == [{client_use}, {client_use, server_use}]
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert client.subject.rfc4514_string() == "CN=feed"
    client.verify_directly_issued_by(certificate(authority.cert))


def test_a_life_below_zero_has_ended() -> None:
    expired = certificate(Authority("test").issue("feed", life=timedelta(minutes=-5)).cert)
    assert expired.not_valid_before_utc < expired.not_valid_after_utc
    whole = certificate(Authority("test").issue("feed").cert)
    assert expired.not_valid_after_utc < whole.not_valid_before_utc + timedelta(hours=1)


def test_settings_are_written_as_toml(folder: Path) -> None:
    made = secured.make(folder / "sec ured")
    assert tomllib.loads(made.write_settings("h:1").read_text()) == made.settings("admin", "h:1")
