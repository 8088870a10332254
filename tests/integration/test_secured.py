"""A Kafka that lets nobody in who cannot prove who he is: each way in, and each refusal."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from confluent_kafka import KafkaException

from consumers.audit.one_prediction import audit
from overcast.embedded import status
from overcast.embedded.certificates import Authority
from overcast.embedded.detached import servers_folder
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.expected_errors import sentence
from streams.kafka.client_config import await_answer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import DeliveryError, Producer
from streams.kafka.topics import BALLS, create_topics, real_name
from streams.messages.events import BallBowled
from streams.rights.roles import ROLES
from streams.settings import Settings
from tests.integration.deployment import Deployment
from tests.integration.secured import CLIENT_SECRET, STRANGER, SecuredServers
from tests.support.parties import run_overcast

MATCH = list(timed_events(shipped_match("1426294")))
NO_RIGHT = r"(?i)authorization.?failed"
WAYS = ("SCRAM-SHA-512", "PLAIN", "mutual TLS", "OAUTHBEARER")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredServers]:
    made = SecuredServers(tmp_path_factory.mktemp("secured"))
    yield made
    made.stop()


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_match_goes_through_a_worker_by_every_way_in(
    way: str, servers: SecuredServers, tmp_path: Path
) -> None:
    name = way.replace(" ", "-").lower()
    settings = servers.settings(way, topic_prefix=f"{name}.", group=name, partitions=2)
    create_topics(settings)
    deployment = Deployment(settings, tmp_path)
    try:
        deployment.start()
        deployment.send(MATCH)
        deployment.settle()
        assert len(deployment.predictions()) == sum(isinstance(e, BallBowled) for e in MATCH)
        assert {label.match_id for label in deployment.labels()} == {"1426294"}
        assert audit(settings).faults == []
    finally:
        deployment.stop()
    written = deployment.log.read_text() + servers.log.read_text()
    for secret in (*servers.made.passwords.values(), CLIENT_SECRET):
        assert secret not in written
    assert servers.tokens.asked > 1 or way != "OAUTHBEARER"


def refused(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]) -> str:
    """What a client is told that is not let in."""
    monkeypatch.setattr("streams.kafka.client_config.ANSWER_SECONDS", 3.0)
    with pytest.raises(KafkaException) as error:
        await_answer(Settings(**given).kafka_access)
    said = sentence(error.value)
    assert "\n" not in said
    assert str(given.get("kafka_password", "none")) not in said
    return said


@pytest.mark.parametrize("way", ["SCRAM-SHA-512", "PLAIN"])
def test_a_wrong_password_is_named_with_its_user_and_the_server(
    way: str, servers: SecuredServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(monkeypatch, servers.way(way) | {"kafka_password": "wr0ngs3cr3t"})
    assert said.startswith(f"Kafka at 127.0.0.1:{servers.port} does not accept user admin ({way}")


def test_a_client_whose_secret_is_wrong_gets_no_token(
    servers: SecuredServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = servers.way("OAUTHBEARER") | {"kafka_oauth_client_secret": "wr0ngs3cr3t"}
    said = refused(monkeypatch, given)
    assert f"client overcast with a token of {servers.tokens.url}/token" in said
    assert "wr0ngs3cr3t" not in said


def test_a_server_of_another_authority_is_refused(
    servers: SecuredServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "foreign.crt"
    foreign.write_bytes(Authority("foreign").cert)
    given = servers.way("SCRAM-SHA-512") | {"kafka_ssl_ca": str(foreign)}
    said = refused(monkeypatch, given)
    assert said.startswith(f"Kafka at 127.0.0.1:{servers.port}: no TLS (SSL handshake failed")
    assert f"kafka_ssl_ca {foreign}" in said


def test_a_certificate_of_another_authority_or_one_that_has_expired_is_refused(
    servers: SecuredServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = Authority("overcast up --secure").issue("admin").write(tmp_path, "foreign")
    expired = servers.made.authority.issue("admin", life=timedelta(minutes=-1))
    for cert, key in (foreign, expired.write(tmp_path, "expired")):
        files = {"kafka_ssl_cert": str(cert), "kafka_ssl_key": str(key)}
        said = refused(monkeypatch, servers.way("mutual TLS") | files)
        assert f"kafka_ssl_cert {cert}" in said


def test_a_client_that_speaks_plainly_is_told_to_set_the_protocol(
    servers: SecuredServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(monkeypatch, {"kafka": f"127.0.0.1:{servers.port}"})
    assert said.startswith(f"Kafka at 127.0.0.1:{servers.port} closes connections by PLAINTEXT")
    assert "set kafka_security_protocol" in said


@pytest.mark.parametrize("way", ["SCRAM-SHA-512", "mutual TLS"])
def test_who_is_known_and_has_no_right_can_do_nothing(way: str, servers: SecuredServers) -> None:
    own = servers.settings("SCRAM-SHA-512", topic_prefix="rights.", partitions=1)
    create_topics(own)
    given = servers.way(way, STRANGER)
    stranger = Settings(**given, topic_prefix="rights.", partitions=1)
    with pytest.raises(KafkaException, match=NO_RIGHT):
        create_topics(stranger)
    outbox = Producer(stranger.kafka_access)
    outbox.send(real_name(BALLS, stranger), b"m", b"{}")
    with pytest.raises(DeliveryError, match=NO_RIGHT):
        outbox.flush()
    with pytest.raises(KafkaException, match=NO_RIGHT):
        LogReader(stranger.kafka_access).partitions(real_name(BALLS, stranger))


def overcast(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of a user who works in a folder."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("OVERCAST_KAFKA")}
    return run_overcast(environment, folder, *arguments)


def password(file: Path) -> str:
    """The password in a file of settings."""
    return file.read_text().partition('kafka_password = "')[2].partition('"')[0]


def test_up_secure_is_found_by_commands_and_shows_no_secret(tmp_path: Path) -> None:
    started = overcast(tmp_path, "up", "--secure")
    try:
        assert started.returncode == 0, started.stderr
        running = status.read(servers_folder(tmp_path / "state"))
        assert running is not None
        file = Path(running["settings_file"])
        assert str(file) in started.stdout
        passwords = {f.stem: password(f) for f in file.parent.glob("*.toml")}
        assert passwords.keys() == {"admin", *ROLES}
        assert min(map(len, passwords.values())) > 20

        topics = overcast(tmp_path, "topics")
        shown = overcast(tmp_path, "status", "--json")
        (tmp_path / "overcast.toml").write_text(file.read_text())  # as a user copies it
        replayed = overcast(tmp_path, "replay", "1426294")
        assert (topics.returncode, replayed.returncode) == (0, 0), replayed.stderr
        again = overcast(tmp_path, "up")
        keeper = psutil.Process(running["pids"]["keeper"])
        lines = [" ".join(each.cmdline()) for each in (keeper, *keeper.children(recursive=True))]
        assert any("kafka.Kafka" in line for line in lines)
        logs = "".join(log.read_text() for log in file.parents[1].glob("*.log"))
        printed = [started, topics, shown, replayed, again]
        texts = [*lines, logs, json.dumps(running), *(p.stdout + p.stderr for p in printed)]
        assert not any(secret in text for text in texts for secret in passwords.values())
        assert {user for user in passwords if f"Authenticated as {user} via" in logs} == {"worker"}
        readable = [p for p in file.parent.iterdir() if stat.S_IMODE(p.stat().st_mode) & 0o077]
        assert sorted(path.name for path in readable) == ["ca.crt", "redis.crt"]
        assert running["redis"].startswith(("rediss://127.0.0.1:", "unix://"))
        assert f"admin:{passwords['admin']}@" in file.read_text()  # of Redis
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    finally:
        down = overcast(tmp_path, "down")
    assert down.returncode == 0
    assert not file.exists()
