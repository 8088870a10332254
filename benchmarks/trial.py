"""One trial: workers of a kind, their own topics, a load; what they did is asked of the log."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from tempfile import TemporaryDirectory
from uuid import uuid4

import psutil

from benchmarks.candidates import Candidate
from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.latency import Latency, latencies, percentiles
from consumers.audit.one_prediction import audit
from overcast.embedded.servers import Addresses
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.topics import BALLS, PREDICTIONS, create_topics, real_name
from streams.models.updates import SETTLE_SECONDS
from streams.settings import Settings

LOOK_SECONDS = 0.2
IDLE_SHARE = 0.15  # of a core: a worker that waits for balls
WARM = 5  # a fifth of the messages warms up
PASSED_ON = {"kafka", "redis", "topic_prefix", "group"}
MEGABYTE = 1_000_000
RESULT = b'{"type":"match_result"'
Messages = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Throughput:
    """A backlog worked off: answers a second, from when it may begin to the last one's append.

    Not from the first answer's append: what is appended by the batch hides its first batch's work.
    """

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
    """Works off a backlog, after a warm-up: a start, and tables built for a first ball, are not it.

    The workers are stopped for the moment in which the backlog is appended.
    """
    settings, chosen = deployment(addresses), messages[: len(messages) // kind.share]
    warm = len(chosen) // WARM
    with started(kind, settings, workers) as processes, WorkerGroup(settings) as group:
        await_(group.ready, processes)
        send(settings, chosen[:warm])
        await_(group.done, processes)
        settle(kind, processes)
        found = grown(settings, processes, group, chosen[warm:])
    return replace(found, faults=audit(settings).faults if kind.audited else [])


def grown(
    settings: Settings,
    processes: Sequence[subprocess.Popen[bytes]],
    group: WorkerGroup,
    messages: Messages,
) -> Throughput:
    """The log grows by so much at once: how fast it is worked off, and at what cost."""
    before, answered = cost(processes), ends(settings)
    with stopped(processes):
        send(settings, messages)
    began = time.time() * 1_000  # Kafka's clock too: it runs on this machine
    await_(group.done, processes)
    after = cost(processes)
    times = _appended(settings, answered)
    balls, seconds = len(times), (times[-1] - began) / 1_000
    cpu = (after.seconds - before.seconds) / balls * 100_000
    return Throughput(balls, seconds, balls / seconds, cpu, after.megabytes, [])


def live_latency(kind: Candidate, addresses: Addresses, messages: Messages, rate: float) -> Latency:
    """Latency of a live feed of `rate` messages a second; a fifth of it comes before, at once."""
    settings, warm = deployment(addresses), len(messages) // WARM
    with started(kind, settings) as processes, WorkerGroup(settings) as group:
        await_(group.ready, processes)
        send(settings, messages[:warm])
        await_(group.done, processes)
        settle(kind, processes)
        send(settings, messages[warm:], rate)
        await_(group.done, processes)
    found = _echoed(settings) if kind.echoes else latencies(settings)
    return percentiles(found[warm:])


def settle(kind: Candidate, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """A worker builds the tables of the other formats a while after its start: that is not it."""
    if not kind.audited:
        return
    time.sleep(SETTLE_SECONDS)
    before, now = 0.0, cost(processes).seconds
    while now - before > IDLE_SHARE:
        time.sleep(1.0)
        before, now = now, cost(processes).seconds


def deployment(addresses: Addresses) -> Settings:
    """Topics of its own."""
    name = f"bench-{uuid4().hex[:8]}."
    settings = Settings(**addresses.settings, topic_prefix=name, group=f"{name}workers")
    create_topics(settings)
    return settings


@contextmanager
def started(
    kind: Candidate, settings: Settings, workers: int = 1
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers for the length of a block."""
    with TemporaryDirectory(prefix="bench-") as store:
        environment = os.environ | settings.as_environment(PASSED_ON)
        environment["OVERCAST_SNAPSHOT_STORE"] = store
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
    with Producer(settings.kafka_access, linger_ms=0 if rate else 5) as outbox:
        for key, value in messages:
            outbox.send(topic, key, value)
            if rate:
                due += 1.0 / rate
                time.sleep(max(0.0, due - time.monotonic()))


@contextmanager
def stopped(processes: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Processes that do nothing for the length of a block, which must be short of a session."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def _echoed(settings: Settings) -> list[int]:
    """Milliseconds from each message's append to its echo's, which has the same place."""
    journal, found = LogReader(settings.kafka_access), list[tuple[int, int]]()
    for partition in journal.partitions(real_name(BALLS, settings)):
        names = (real_name(topic, settings) for topic in (BALLS, PREDICTIONS))
        sent, echoed = ([m.timestamp()[1] for m in journal.read_all(n, partition)] for n in names)
        found += zip(sent, echoed, strict=True)
    return [after - before for before, after in sorted(found)]


def ends(settings: Settings) -> dict[int, int]:
    """Where the predictions' partitions end."""
    journal, name = LogReader(settings.kafka_access), real_name(PREDICTIONS, settings)
    return {p: journal.end(name, p) for p in journal.partitions(name)}


def _appended(settings: Settings, since: dict[int, int]) -> list[int]:
    """When each answer since then was appended, in milliseconds, in order."""
    journal, name = LogReader(settings.kafka_access), real_name(PREDICTIONS, settings)
    stretches = (journal.read(name, p, since[p], end) for p, end in ends(settings).items())
    answers = (m for m in chain.from_iterable(stretches) if not _is_result(m.value() or b""))
    return sorted(message.timestamp()[1] for message in answers)


def _is_result(value: bytes) -> bool:
    """Whether it is a match's official result, which answers no ball."""
    return value.startswith(RESULT)
