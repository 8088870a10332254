"""Kafka's jars: locked, verified, kept whole; nothing here reaches the network."""

import hashlib
from pathlib import Path

import pytest

from overcast.embedded import jars, maven
from overcast.embedded.errors import EmbeddedError
from overcast.embedded.jars import Jar, kafka_jars, locked

CONTENT = b"a jar"
JAR = Jar("org.example", "thing", "1.0", hashlib.sha256(CONTENT).hexdigest())
KAFKA = Jar("org.apache.kafka", "kafka_2.13", "4.1.0", JAR.sha256)


class Shelf:
    """Stands in for Maven Central; counts what is fetched."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.fetched: list[str] = []

    def fetch(self, group: str, artifact: str, version: str, work: Path) -> Path:
        self.fetched.append(f"{group}:{artifact}:{version}")
        path = work / artifact
        path.write_bytes(self.content)
        return path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERCAST_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(jars, "locked", lambda: [JAR, KAFKA])
    return tmp_path / "kafka"


def shelf(monkeypatch: pytest.MonkeyPatch, content: bytes = CONTENT) -> Shelf:
    made = Shelf(content)
    monkeypatch.setattr(maven, "fetch", made.fetch)
    return made


def test_the_lock_names_each_jar_once_with_its_digest() -> None:
    names = [jar.name for jar in locked()]
    assert len(names) == len(set(names))
    assert "kafka_2.13-4.1.0.jar" in names
    assert all(len(jar.sha256) == 64 for jar in locked())


def test_the_broker_can_speak_of_its_failures() -> None:
    assert "log4j-slf4j-impl" in {jar.artifact for jar in locked()}


def test_jars_are_fetched_once_and_leave_nothing_else(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    central = shelf(monkeypatch)
    said: list[str] = []
    first, second = kafka_jars(said.append), kafka_jars(said.append)
    assert first == second
    assert sorted(p.name for p in cache.iterdir()) == ["kafka_2.13-4.1.0.jar", "thing-1.0.jar"]
    assert len(central.fetched) == 2
    assert said == [f"Fetching Apache Kafka 4.1.0 once (2 jars, kept in {cache}) …"]


def test_a_damaged_jar_is_fetched_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    central = shelf(monkeypatch)
    kafka_jars(print)
    (cache / JAR.name).write_bytes(b"half of it")
    kafka_jars(print)
    assert (cache / JAR.name).read_bytes() == CONTENT
    assert central.fetched.count("org.example:thing:1.0") == 2


def test_a_forged_download_is_refused_and_not_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf(monkeypatch, b"something else")
    with pytest.raises(EmbeddedError, match=r"has SHA-256 \w+, \w+ is locked"):
        kafka_jars(print)
    assert list(cache.iterdir()) == []


def test_without_a_network_the_error_says_what_to_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: object) -> Path:
        raise OSError("no route to host")

    monkeypatch.setattr(maven, "fetch", fetch)
    with pytest.raises(EmbeddedError, match=r"no route to host.*by hand"):
        kafka_jars(print)
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OVERCAST_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(EmbeddedError, match="OVERCAST_CACHE_DIR"):
        kafka_jars(print)


SETTINGS = """<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0"><mirrors>
  <mirror><id>other</id><mirrorOf>snapshots</mirrorOf><url>http://no.example</url></mirror>
  <mirror><id>house</id><mirrorOf>{of}</mirrorOf><url> http://jars.example/maven/ </url></mirror>
</mirrors></settings>"""


@pytest.mark.parametrize("of", ["*", "central", "snapshots, central"])
def test_the_users_mirror_of_central_is_used(tmp_path: Path, of: str) -> None:
    (tmp_path / "settings.xml").write_text(SETTINGS.format(of=of))
    assert maven.mirror_of_central(tmp_path / "settings.xml") == "http://jars.example/maven"


def test_without_a_mirror_central_itself_is_used(tmp_path: Path) -> None:
    assert maven.mirror_of_central(tmp_path / "settings.xml") is None
    (tmp_path / "settings.xml").write_text(SETTINGS.format(of="snapshots"))
    assert maven.mirror_of_central(tmp_path / "settings.xml") is None
