"""500 viewers of the live page at once: lag and memory. `python -m benchmarks.viewers`.

The page's server runs as a process on a real Kafka; the viewers, in this one, each hold a stream
open and read every event of it: half of them the list, half one match, into which every ball goes.
Lag is from the prediction's append in Kafka, by its clock, until a viewer has read the delta that
tells it. Server, Kafka and all viewers share the machine's cores.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import psutil

from benchmarks.load import simulated
from consumers.dashboard.live import MATCHES, channel_of
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from overcast.embedded.servers import Addresses, running_servers
from streams.failure import run
from streams.kafka.producer import Producer
from streams.kafka.topics import PREDICTIONS, create_topics, real_name
from streams.messages.predictions import Prediction, encode
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.settings import Settings

KEY = "t20-male"
VIEWERS, RATE, BALLS = 500, 10.0, 450  # balls a second; a memory that grew would in 45 s
WARM_BALLS = 100  # before memory is looked at for the first time
LONGEST_LINE = 1 << 22  # bytes: a snapshot is one line
SETTLE_SECONDS = 3.0  # after the last ball, for what is still on its way
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Watched:
    """Lags in ms over every event of every viewer; memory of the server in MiB."""

    viewers: int
    balls: int
    balls_per_second: float
    events: int
    missed: int
    p50_ms: float
    p99_ms: float
    most_ms: float
    memory_start: float
    memory_end: float


class _Row(msgspec.Struct):
    at: int


class _Head(msgspec.Struct):
    row: _Row


class _Point(msgspec.Struct):
    seq: int


class _Delta(msgspec.Struct):
    """What a viewer looks at, of either channel."""

    rows: tuple[_Row, ...] = ()
    points: tuple[_Point, ...] = ()
    head: _Head | None = None


@dataclass(slots=True)
class Viewer:
    """One stream, read to its end; `seen` are the balls that it was told of."""

    channel: str
    lags: list[float] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    async def watch(self, port: int) -> None:
        """Reads until it is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LONGEST_LINE)
        path = f"/api/events?channel={self.channel}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: page\r\n\r\n".encode())
        snapshot = False
        try:
            async for line in reader:
                if line.startswith(b"event: "):
                    snapshot = line == b"event: snapshot\n"
                elif line.startswith(b"data: "):
                    self._heard(line[6:], snapshot=snapshot)
        finally:
            writer.close()

    def _heard(self, data: bytes, *, snapshot: bool) -> None:
        now = time.time() * 1_000
        delta = msgspec.json.decode(data, type=_Delta)
        self.seen.update(point.seq for point in delta.points)
        rows = (*delta.rows, *((delta.head.row,) if delta.head else ()))
        if rows and not snapshot:
            self.lags.append(now - max(row.at for row in rows))


def predictions(balls: int) -> list[Prediction]:
    """A long simulated match as a worker predicts it: several, told as one."""
    models = {KEY: Forecaster(load_starter()[KEY])}
    log = [
        receive(key, value, Source("cricket.balls", 0, offset))
        for offset, (key, value) in enumerate(simulated(1, 2 * balls).messages)
    ]
    made = [s for s in advance({}, log, models).predictions if isinstance(s, Prediction)]
    return [
        msgspec.structs.replace(said, match_id="watched", seq=seq)
        for seq, said in enumerate(made[:balls])
    ]


@contextmanager
def _page(settings: Settings) -> Iterator[tuple[psutil.Process, int]]:
    """The server and its port, when it has read the topics."""
    names = ["kafka", "topic_prefix", "dashboard_per_address"]
    environment = os.environ | settings.as_environment(names)
    command = [sys.executable, "-u", "-m", "overcast", "dashboard", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().decode().strip().rpartition(":")[2])
        while httpx.get(f"http://127.0.0.1:{port}/health").status_code != httpx.codes.OK:
            time.sleep(PAUSE_SECONDS)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


def watched(addresses: Addresses, viewers: int = VIEWERS, balls: int = BALLS) -> Watched:
    """The measurement, on running servers."""
    settings = Settings(
        **addresses.settings,
        topic_prefix=f"viewers-{uuid4().hex[:8]}.",
        dashboard_per_address=10_000,  # all of them are here
    )
    create_topics(settings)
    made = predictions(balls + WARM_BALLS)
    with _page(settings) as (server, port):
        return asyncio.run(_measured(settings, made, server, port, viewers))


async def _measured(
    settings: Settings, made: list[Prediction], server: psutil.Process, port: int, viewers: int
) -> Watched:
    await asyncio.to_thread(_tell, settings, made[:WARM_BALLS], 200.0)
    channels = (MATCHES, channel_of("watched"))
    crowd = [Viewer(channels[number % 2]) for number in range(viewers)]
    tasks = [asyncio.create_task(viewer.watch(port)) for viewer in crowd]
    await asyncio.sleep(SETTLE_SECONDS)
    memory_start, began = _memory(server), time.monotonic()
    await asyncio.to_thread(_tell, settings, made[WARM_BALLS:], RATE)
    seconds = time.monotonic() - began
    await asyncio.sleep(SETTLE_SECONDS)
    memory_end = _memory(server)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    lags = sorted(lag for viewer in crowd for lag in viewer.lags)
    return Watched(
        viewers=viewers,
        balls=len(made) - WARM_BALLS,
        balls_per_second=(len(made) - WARM_BALLS) / seconds,
        events=len(lags),
        missed=sum(len(made) - len(viewer.seen) for viewer in crowd[1::2]),
        p50_ms=lags[len(lags) // 2],
        p99_ms=lags[len(lags) * 99 // 100],
        most_ms=lags[-1],
        memory_start=memory_start,
        memory_end=memory_end,
    )


def _tell(settings: Settings, made: list[Prediction], rate: float) -> None:
    topic, due = real_name(PREDICTIONS, settings), time.monotonic()
    with Producer(settings.kafka_access, linger_ms=0) as outbox:
        for said in made:
            outbox.send(topic, b"watched", encode(said))
            due += 1.0 / rate
            time.sleep(max(0.0, due - time.monotonic()))


def _memory(server: psutil.Process) -> float:
    return float(server.memory_info().rss / 2**20)


def in_words(found: Watched) -> str:
    """The figures in a line."""
    return (
        f"Live page: {found.viewers} viewers at {found.balls_per_second:.1f} balls a second, lag "
        f"p50 {found.p50_ms:.0f}, p99 {found.p99_ms:.0f}, most {found.most_ms:.0f} ms over "
        f"{found.events:,} events, {found.missed} balls missed; memory {found.memory_start:.0f} "
        f"MiB before, {found.memory_end:.0f} after"
    )


def main() -> None:
    """Starts Kafka, measures, prints; leaves `build/viewers.json`."""
    with running_servers(print) as addresses:
        found = watched(addresses)
    result = Path("build/viewers.json")
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps(asdict(found), indent=2) + "\n")
    print(in_words(found))


if __name__ == "__main__":
    run(main)
