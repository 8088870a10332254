"""Snapshots on the wire and in the store: signed, found again, refused; nothing is executed."""

import os
import pickle
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from confluent_kafka import Message
from moto.server import ThreadedMotoServer

from learning.contest.state import ContestState
from learning.model.snapshot import Snapshot, SnapshotError, blank, encode, sealed
from streams.models import contest_log
from streams.models.signing import new_keys
from streams.models.snapshot_messages import ModelMessages
from streams.models.snapshot_store import ModelStore, StoreError
from streams.settings import Settings

NEW = blank("t20-male", "new~alert@3041+3050")
PRIVATE, PUBLIC = new_keys()
OTHER, _ = new_keys()


@dataclass
class Sent:
    """A message as Kafka's client gives it."""

    text: bytes
    header: list[tuple[str, Any]] | None = None

    def value(self) -> bytes:
        return self.text

    def headers(self) -> list[tuple[str, Any]] | None:
        return self.header

    def offset(self) -> int:
        return 7

    def key(self) -> bytes:
        return b"t20-male"


def sent(value: bytes, headers: Any = None) -> Message:
    return cast("Message", Sent(value, headers))


def messages(folder: Path | str, **settings: Any) -> ModelMessages:
    return ModelMessages(Settings(snapshot_store=str(folder), **settings))


@pytest.fixture
def signed(tmp_path: Path) -> ModelMessages:
    """A learner's, with a key of its own."""
    return messages(tmp_path, signing_key=PRIVATE)


def test_a_signed_snapshot_is_installed_by_who_trusts_the_key(
    signed: ModelMessages, tmp_path: Path
) -> None:
    value, headers = next(signed.forms(NEW))
    assert messages(tmp_path, trusted_keys=PUBLIC).read(sent(value, headers)) == NEW
    assert signed.read(sent(value, headers)) == NEW


def test_who_names_keys_refuses_the_unsigned_the_forged_and_the_strangers(tmp_path: Path) -> None:
    reads = messages(tmp_path, trusted_keys=PUBLIC)
    with pytest.raises(SnapshotError, match="not signed"):
        reads.read(sent(encode(NEW)))
    value, headers = next(messages(tmp_path, signing_key=OTHER).forms(NEW))
    with pytest.raises(SnapshotError, match="of no trusted key"):
        reads.read(sent(value, headers))
    _, own = next(messages(tmp_path, signing_key=PRIVATE).forms(NEW))
    forged = encode(sealed(replace(NEW, version="forged")))
    with pytest.raises(SnapshotError, match="of no trusted key"):
        reads.read(sent(forged, own))


def test_who_names_no_key_takes_the_unsigned_that_is_whole(tmp_path: Path) -> None:
    reads = messages(tmp_path)
    assert reads.read(sent(encode(NEW))) == NEW
    with pytest.raises(SnapshotError):
        reads.read(sent(encode(NEW)[:-9]))


def test_the_local_store_has_every_published_snapshot_with_its_signature(
    signed: ModelMessages, tmp_path: Path
) -> None:
    next(signed.forms(NEW))
    stem = f"{NEW.version}_{NEW.digest[:16]}.json"
    assert (tmp_path / NEW.key / stem).read_bytes() == encode(NEW)
    assert len((tmp_path / NEW.key / f"{stem}.sig").read_bytes()) == 64


def test_a_pointer_leads_to_the_snapshot_in_the_readers_own_store(tmp_path: Path) -> None:
    writes = messages(tmp_path, signing_key=PRIVATE, snapshot_pointers=True)
    value, headers = next(writes.forms(NEW))
    assert len(value) < 300
    reads = messages(tmp_path, trusted_keys=PUBLIC)
    assert reads.read(sent(value, headers)) == NEW
    (stored,) = (tmp_path / NEW.key).glob("*.json")
    stored.write_bytes(encode(sealed(replace(NEW, version="forged"))))
    with pytest.raises(SnapshotError, match="of no trusted key"):
        reads.read(sent(value, headers))
    stored.unlink()
    with pytest.raises(SnapshotError, match="pointer"):
        reads.read(sent(value, headers))


def test_a_pointer_to_another_snapshot_than_it_names_is_refused(tmp_path: Path) -> None:
    writes = messages(tmp_path, snapshot_pointers=True)
    value, _ = next(writes.forms(NEW))
    (stored,) = (tmp_path / NEW.key).glob("*.json")
    stored.write_bytes(encode(blank(NEW.key, "another")))
    with pytest.raises(SnapshotError, match="another snapshot"):
        writes.read(sent(value))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "s3://elsewhere", "", "..", "x\0"])
def test_a_pointer_cannot_lead_out_of_the_store(tmp_path: Path, name: str) -> None:
    store = ModelStore(Settings(snapshot_store=str(tmp_path)))
    for key, version in ((name, "v"), ("t20-male", name)):
        with pytest.raises(StoreError, match="no name of a snapshot"):
            store.fetch(key, version, NEW.digest)


def test_a_store_that_fails_does_not_stop_the_learner(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    value, _ = next(messages(tmp_path / "file", snapshot_pointers=True).forms(NEW))
    assert value == encode(NEW)  # whole, since no pointer would lead anywhere
    assert "snapshot not stored" in caplog.text


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 server on this machine."""
    import boto3  # noqa: PLC0415  slow, and for this test only

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # of a server that asks for none
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="models")
    yield "s3://models/overcast"
    server.stop()


def test_an_s3_store_gives_what_it_was_given(bucket: str) -> None:
    writes = messages(bucket, signing_key=PRIVATE, snapshot_pointers=True)
    value, headers = next(writes.forms(NEW))
    assert b"model_pointer" in value
    assert messages(bucket, trusted_keys=PUBLIC).read(sent(value, headers)) == NEW


def test_an_s3_store_is_shown_the_credentials_of_the_settings(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    login = {"snapshot_store_user": "an-id", "snapshot_store_password": "a-secret"}
    value, headers = next(messages(bucket, snapshot_pointers=True, **login).forms(NEW))
    assert b"model_pointer" in value
    assert messages(bucket, **login).read(sent(value, headers)) == NEW


class Bomb:
    """Says so when somebody unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return os.putenv, ("OVERCAST_TEST_BOMB", "went off")


HOSTILE = {
    "pickle": pickle.dumps(Bomb()),
    "deep": b"[" * 200_000,
    "deep pointer": b'{"type":"model_pointer","key":' + b"[" * 200_000,
    "huge": b'{"key":"' + b"x" * (9 << 20) + b'"}',
    "number": b'{"format_version":' + b"9" * 5_000 + b"}",
    "object": b'{"py/object":"os.system","py/reduce":["echo"]}',
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_nothing_from_the_wire_is_executed(
    value: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(pickle, "loads", lambda *_: called.append("loads"))
    monkeypatch.setattr(os, "putenv", lambda *_: called.append("putenv"))
    threads = threading.active_count()
    with pytest.raises(SnapshotError):
        messages(tmp_path).read(sent(value))
    with pytest.raises(contest_log.ContestError):
        contest_log.decode(value)
    assert called == []
    assert threading.active_count() == threads


class Log:
    """The contests' topic."""

    def __init__(self, *found: Message) -> None:
        self._found = found

    def read_all(self, topic: str, partition: int) -> Iterator[Message]:
        assert (topic, partition) == ("cricket.contests", 0)
        return iter(self._found)


def contest(version: str) -> ContestState:
    return ContestState(blank("t20-male", version))


def test_a_learner_goes_on_from_the_last_contest_that_is_whole_and_signed(
    signed: ModelMessages, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = (contest_log.encode(contest(v)) for v in ("old", "new"))
    log: Any = Log(
        sent(old, signed.signed(old)),
        sent(new),
        sent(new[:-3], signed.signed(new[:-3])),
        sent(new[:40] + bytes([new[40] ^ 1]) + new[41:]),
    )
    found = contest_log.newest_contests(log, Settings(), signed)
    assert found == {"t20-male": contest("old")}
    assert len(caplog.records) == 3


def test_a_contest_with_a_forged_model_is_refused() -> None:
    model: Snapshot = replace(NEW, version="forged")
    with pytest.raises(contest_log.ContestError, match="digest"):
        contest_log.decode(contest_log.encode(ContestState(model)))
    with pytest.raises(contest_log.ContestError, match="contest version"):
        contest_log.decode(contest_log.encode(ContestState(blank("t20-male"), contest_version=0)))
