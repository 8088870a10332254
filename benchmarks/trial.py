"""One trial: workers of a kind, their own topics, a load; what they did is asked of the log."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psutil

from benchmarks.candidates import Candidate
from consumers.audit import audit
from consumers.group import Group
from consumers.latency import Latency, latencies, percentiles
from overcast.embedded.servers import Addresses
from streams.journal import Journal
from streams.outbox import Outbox
from streams.settings import Settings
from streams.topics import BALLS, PREDICTIONS, create_topics, real_name

LOOK_SECONDS = 0.2
PASSED_ON = {"kafka", "redis", "topic_prefix", "group"}
MEGABYTE = 1_000_000
Messages = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Throughput:
    """A backlog worked off: answers a second from the first one's append to the last's."""

    balls: int
    seconds: float
    balls_per_second: float
    cpu_per_100_000: float
    megabytes: float
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and memory of some processes so far."""

    seconds: float
    megabytes: float


def throughput(
    kind: Candidate, addresses: Addresses, messages: Messages, workers: int = 1
) -> Throughput:
    """Works off the messages, which lie in the log before the workers start."""
    settings = deployment(addresses)
    send(settings, messages[: len(messages) // kind.share])
    with started(kind, settings, workers) as processes, Group(settings) as group:
        await_(group.done, processes)
        spent = cost(processes)
    balls, seconds = _span(settings)
    faults = audit(settings).faults if kind.audited else []
    rate, cpu = balls / seconds, spent.seconds / balls * 100_000
    return Throughput(balls, seconds, rate, cpu, spent.megabytes, faults)


def live_latency(kind: Candidate, addresses: Addresses, messages: Messages, rate: float) -> Latency:
    """Latency of a live feed of `rate` messages a second, after a warm-up of a fifth of it."""
    settings = deployment(addresses)
    with started(kind, settings) as processes, Group(settings) as group:
        await_(group.ready, processes)
        send(settings, messages, rate)
        await_(group.done, processes)
    found = latencies(settings)
    return percentiles(found[len(found) // 5 :])


def deployment(addresses: Addresses) -> Settings:
    """Topics of its own."""
    name = f"bench-{uuid4().hex[:8]}."
    settings = Settings(
        kafka=addresses.kafka, redis=addresses.redis, topic_prefix=name, group=f"{name}workers"
    )
    create_topics(settings)
    return settings


@contextmanager
def started(
    kind: Candidate, settings: Settings, workers: int = 1
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers for the length of a block."""
    values = settings.model_dump(include=PASSED_ON)
    environment = os.environ | {f"OVERCAST_{k.upper()}": str(v) for k, v in values.items()}
    processes = [
        subprocess.Popen(kind.command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
        for _ in range(workers)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def cost(processes: Sequence[subprocess.Popen[bytes]]) -> Cost:
    """What the processes have spent."""
    looked = [psutil.Process(process.pid) for process in processes]
    times = [process.cpu_times() for process in looked]
    memory = sum(process.memory_info().rss for process in looked)
    return Cost(sum(t.user + t.system for t in times), memory / MEGABYTE)


def await_(done: object, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Returns when `done()` says so; an error if a worker ends before."""
    assert callable(done)
    while not done():
        for process in processes:
            if process.poll() is not None:
                raise RuntimeError(f"a worker ended ({process.returncode}): {process.args!r}")
        time.sleep(LOOK_SECONDS)


def send(settings: Settings, messages: Messages, rate: float | None = None) -> None:
    """Appends the messages, as fast as possible or evenly at a rate."""
    topic, due = real_name(BALLS, settings), time.monotonic()
    with Outbox(settings.kafka, linger_ms=0 if rate else 5) as outbox:
        for key, value in messages:
            outbox.send(topic, key, value)
            if rate:
                due += 1.0 / rate
                time.sleep(max(0.0, due - time.monotonic()))


def _span(settings: Settings) -> tuple[int, float]:
    """How many answers there are, and seconds between the appends of the first and the last."""
    journal, name, times = Journal(settings.kafka), real_name(PREDICTIONS, settings), []
    for partition in range(settings.partitions):
        times += [message.timestamp()[1] for message in journal.whole(name, partition)]
    return len(times), max(max(times) - min(times), 1) / 1_000
