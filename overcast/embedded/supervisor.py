"""The keeper: the process that runs the servers and ends them, whatever happens to its owner.

Started by `overcast.embedded.servers` as `python -m overcast.embedded.supervisor FOLDER`. It
reports what it waits for, one JSON object a line, and finally the addresses. With `--attached` it
lives as long as its standard input is open, which an owner's end closes in any case, `kill -9`
included. With `--worker` it also runs a worker, and restarts it when it ends.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from overcast.embedded import kafka, redis, status
from overcast.embedded import secured as secured_kafka
from overcast.embedded.children import free_ports, spawn, stop
from overcast.embedded.errors import EmbeddedError, last_lines
from overcast.embedded.servers import Addresses
from streams.settings import Settings, as_variables

START_SECONDS = 600.0  # of a busy machine; a child that ends is noticed at once
LOOK_SECONDS = 0.05
WATCH_SECONDS = 1.0
WORKER_STARTS = 5  # a worker that ends this often within STEADY_SECONDS will not recover
STEADY_SECONDS = 30.0
SECURED = "secured"  # the folder of certificates and settings

TO_OWNER = os.fdopen(os.dup(1), "w")  # stdout, while a library's `print` goes to stderr


def report(**fields: object) -> None:
    """Send one line to the owner; end if the owner has gone."""
    try:
        print(json.dumps(fields), file=TO_OWNER, flush=True)
    except BrokenPipeError:
        raise SystemExit(0) from None


def report_progress(text: str) -> None:
    """Send a line of progress that the owner may show to its user."""
    report(say=text)


class Keeper:
    """The servers of one folder."""

    def __init__(self, folder: Path, *, worker: bool, secure: bool = False) -> None:
        self.folder = folder
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.kafka_port, self.controller_port, self.redis_port = free_ports(3)
        self._with_worker = worker
        self._secure = secure
        self._secured: secured_kafka.Secured | None = None
        self._settings_file = ""
        self._worker_starts: list[float] = []

    def start(self) -> None:
        """Start all servers and return when they answer."""
        folder = self.folder
        status.write(folder, {}, self.children)
        if self._secure:
            from streams.rights.roles import ROLES  # noqa: PLC0415  slow

            self._secured = secured_kafka.make(folder / SECURED, ROLES)
        self.children["redis"] = spawn(self._redis_command(), self._log("redis"))
        files = self._prepare_kafka()
        report_progress(f"Formatting Kafka's storage in {folder} …")
        self._run_to_end("kafka", files.format)
        self.children["kafka"] = spawn(files.run, self._log("kafka"))
        report_progress(f"Waiting for Kafka to answer on 127.0.0.1:{self.kafka_port} …")
        self._await("kafka", self._kafka_answers)
        settings = Settings(**Addresses(**self.addresses).settings)
        report_progress(f"Waiting for Redis to answer on {settings.redis} …")
        self._await("redis", lambda: redis.serves(settings.redis_url))
        if self._secured:
            self._give_rights(settings)
        if self._with_worker:
            self._start_worker()
        status.write(folder, self.addresses, self.children)

    def _redis_command(self) -> list[str]:
        if self._secured:
            return self._secured.redis.command(self.folder)
        return redis.command(self.redis_port, str(self.folder))

    def _prepare_kafka(self) -> kafka.KafkaFiles:
        if self._secured:
            self._settings_file = str(self._secured.write_settings(self.addresses["kafka"]))
        ports = (self.kafka_port, self.controller_port)
        return kafka.prepare(self.folder / "kafka", *ports, report_progress, self._secured)

    def _give_rights(self, settings: Settings) -> None:
        """Create the topics, and give each role its rights: only then can they do their work."""
        from streams.kafka.topics import create_topics  # noqa: PLC0415
        from streams.rights.acls import apply  # noqa: PLC0415  as slow
        from streams.rights.roles import ROLES, principal_of  # noqa: PLC0415

        report_progress("Giving each role its rights …")
        create_topics(settings)
        apply(settings, [(role, principal_of(role)) for role in ROLES.values()])

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _failure(self, name: str, what: str) -> EmbeddedError:
        log = self._log(name)
        return EmbeddedError(f"{name} {what}; the end of {log}:\n{last_lines(log)}")

    def _run_to_end(self, name: str, command: list[str]) -> None:
        child = self.children[name] = spawn(command, self._log(name))
        if child.wait(START_SECONDS):
            raise self._failure(name, f"could not be prepared (exit {child.returncode})")

    def _await(self, name: str, ready: Callable[[], bool]) -> None:
        """Wait until a child is ready; if it ends or stays silent, raise its last log lines."""
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self.children[name].poll() is not None:
                raise self._failure(name, "ended")
            if time.monotonic() > deadline:
                raise self._failure(name, f"gave no answer in {START_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)

    def _kafka_answers(self) -> bool:
        from confluent_kafka import KafkaException  # noqa: PLC0415  slow, and Kafka starts now
        from confluent_kafka.admin import AdminClient  # noqa: PLC0415

        from streams.kafka.client_config import client  # noqa: PLC0415

        try:
            access = Settings(**Addresses(**self.addresses).settings).kafka_access
            admin = AdminClient(client(access, log_level=0))
            return bool(admin.list_topics(timeout=1).brokers)
        except KafkaException:
            return False

    @property
    def addresses(self) -> dict[str, str]:
        """Where the servers listen."""
        return {
            "kafka": f"127.0.0.1:{self.kafka_port}",
            "redis": self._secured.redis.address if self._secured else self._plain_redis,
            "settings_file": self._settings_file,
        }

    @property
    def _plain_redis(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def _start_worker(self) -> None:
        recent = time.monotonic() - STEADY_SECONDS
        self._worker_starts = [start for start in self._worker_starts if start > recent]
        if len(self._worker_starts) >= WORKER_STARTS:
            raise self._failure("worker", f"ended {WORKER_STARTS} times in {STEADY_SECONDS:.0f} s")
        self._worker_starts.append(time.monotonic())
        own = Addresses(**self.addresses).settings_of("worker")
        settings = own | {"snapshot_store": self.folder / "models"}
        variables = as_variables(settings)
        command = [sys.executable, "-m", "overcast", "worker"]
        self.children["worker"] = spawn(command, self._log("worker"), variables)

    def watch(self) -> None:
        """Watch for ever: restart a worker that ends, raise if a server ends."""
        while True:
            time.sleep(WATCH_SECONDS)
            ended = [name for name, child in self.children.items() if child.poll() is not None]
            if ended == ["worker"]:
                self._start_worker()
                status.write(self.folder, self.addresses, self.children)
            elif ended:
                raise self._failure(ended[0], "ended")

    def stop(self, *, keep_logs: bool) -> None:
        """End everything and remove the folder, or everything in it but the logs."""
        stop(*self.children.values())
        status.remove(self.folder)
        for kept in ("kafka", SECURED) if keep_logs else ("",):
            shutil.rmtree(self.folder / kept, ignore_errors=True)


def _end(signum: int, frame: FrameType | None) -> None:
    """End at the first signal; a second one must not disturb the work of the first."""
    del signum, frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def _end_with_owner() -> None:
    """Read until the owner has closed our standard input, then ask this process to end."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def keep(keeper: Keeper, *, attached: bool) -> int:
    """Run the servers until a signal raises SystemExit; report a failure and return 1."""
    error = ""
    try:
        keeper.start()
        report(ready=keeper.addresses)
        keeper.watch()
    except EmbeddedError as failure:
        error = str(failure)
    except Exception:  # noqa: BLE001  whatever it is, the owner must know of it
        error = f"the servers' keeper failed:\n{traceback.format_exc()}"
    finally:
        keeper.stop(keep_logs=bool(error) and not attached)
    report(error=error)
    return 1


def main() -> None:
    """Run the servers until a signal or the owner's end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--attached", action="store_true")
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--secure", action="store_true")
    arguments = parser.parse_args()
    sys.stdout = sys.stderr
    keeper = Keeper(arguments.folder, worker=arguments.worker, secure=arguments.secure)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    if arguments.attached:
        threading.Thread(target=_end_with_owner, daemon=True).start()
    code = 0
    try:
        code = keep(keeper, attached=arguments.attached)
    except SystemExit:
        pass
    finally:
        os._exit(code)  # downloads that are still under way must not hold us


if __name__ == "__main__":
    main()
