"""One trial: a worker of a kind, its own topics, a load; what it did is asked of the log."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psutil

from benchmarks.load import Load
from consumers.audit import Audit, audit
from consumers.group import Group
from consumers.latency import Latency, latencies, percentiles
from overcast.embedded.servers import Addresses
from streams.journal import Journal
from streams.outbox import Outbox
from streams.settings import Settings
from streams.topics import BALLS, PREDICTIONS, create_topics, real_name

WORKERS = {
    "Faust": [sys.executable, "-m", "overcast", "worker"],
    "plain loop": [sys.executable, "-m", "benchmarks.plain"],
}
LOOK_SECONDS = 0.2
PASSED_ON = {"kafka", "redis", "topic_prefix", "group"}
Messages = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Throughput:
    """A backlog worked off: balls a second from the first prediction's append to the last's."""

    kind: str
    balls: int
    seconds: float
    balls_per_second: float
    cpu_per_100_000: float
    audit: Audit


def throughput(kind: str, addresses: Addresses, load: Load) -> Throughput:
    """Works off the whole load, which lies in the log before the worker starts."""
    settings = _deployment(addresses)
    _send(settings, load.messages)
    with _worker(kind, settings) as process, Group(settings) as group:
        while not group.done():
            _alive(process)
            time.sleep(LOOK_SECONDS)
        times = psutil.Process(process.pid).cpu_times()
    found = audit(settings)
    seconds = _span(settings)
    cpu = (times.user + times.system) / found.balls * 100_000
    return Throughput(kind, found.balls, seconds, found.balls / seconds, cpu, found)


def live_latency(kind: str, addresses: Addresses, messages: Messages, rate: float) -> Latency:
    """Latency of a live feed of `rate` messages a second, after a warm-up of a fifth of it."""
    settings = _deployment(addresses)
    with _worker(kind, settings) as process, Group(settings) as group:
        while not group.ready():
            _alive(process)
            time.sleep(LOOK_SECONDS)
        _send(settings, messages, rate)
        while not group.done():
            _alive(process)
            time.sleep(LOOK_SECONDS)
    found = latencies(settings)
    return percentiles(found[len(found) // 5 :])


def _deployment(addresses: Addresses) -> Settings:
    name = f"bench-{uuid4().hex[:8]}."
    settings = Settings(
        kafka=addresses.kafka, redis=addresses.redis, topic_prefix=name, group=f"{name}workers"
    )
    create_topics(settings)
    return settings


@contextmanager
def _worker(kind: str, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    values = settings.model_dump(include=PASSED_ON)
    environment = os.environ | {f"OVERCAST_{k.upper()}": str(v) for k, v in values.items()}
    process = subprocess.Popen(WORKERS[kind], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _alive(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        raise RuntimeError(f"the worker ended (exit {process.returncode}): {process.args!r}")


def _send(settings: Settings, messages: Messages, rate: float | None = None) -> None:
    """Appends the messages, as fast as possible or evenly at a rate."""
    topic, due = real_name(BALLS, settings), time.monotonic()
    with Outbox(settings.kafka, linger_ms=0 if rate else 5) as outbox:
        for key, value in messages:
            outbox.send(topic, key, value)
            if rate:
                due += 1.0 / rate
                time.sleep(max(0.0, due - time.monotonic()))


def _span(settings: Settings) -> float:
    """Seconds between the appends of the first prediction and the last."""
    journal, name, times = Journal(settings.kafka), real_name(PREDICTIONS, settings), []
    for partition in range(settings.partitions):
        times += [message.timestamp()[1] for message in journal.whole(name, partition)]
    return max(max(times) - min(times), 1) / 1_000
