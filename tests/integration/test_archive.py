"""The archive under kill -9, and the examples for downstream teams, on a real Kafka."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from subprocess import Popen

import pandas as pd
import pytest

from consumers.archive.parquet import NAME
from overcast.embedded.children import spawn, stop
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.kafka.client_config import client
from streams.kafka.producer import Producer
from streams.kafka.topics import LABELS, PREDICTIONS, real_name
from streams.messages.events import encode as encode_event
from streams.messages.labels import LabelMessage
from streams.messages.predictions import Prediction, PredictionMessage, encode
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive
from streams.rights.roles import VIEWER, WORKER
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, Deployment, wait_for
from tests.support.matches import models
from tests.support.parties import as_role
from tests.support.tools import tool

ROOT = Path(__file__).parents[2]
MATCH = "1426294"
KILLS = 2


def answered() -> Effects:
    """What is said of a shipped match."""
    events = enumerate(timed_events(shipped_match(MATCH)))
    batch = [receive(None, encode_event(e), Source("cricket.balls", 0, n)) for n, e in events]
    return advance({}, batch, models())


SAID = answered()
BALLS = [said for said in SAID.predictions if isinstance(said, Prediction)]


def said_of_the_match(settings: Settings, messages: list[PredictionMessage | LabelMessage]) -> None:
    """As a worker would, in Kafka."""
    access, name = as_role(settings, WORKER).kafka_access, f"{settings.group}/test/0"
    with Producer(access) as outbox, outbox.claim(name) as claimed:
        for message in messages:
            topic = LABELS if isinstance(message, LabelMessage) else PREDICTIONS
            chosen = outbox if topic is LABELS else claimed
            chosen.send(real_name(topic, settings), MATCH.encode(), encode(message))
    outbox.claim(name)  # answered when the whole transaction can be read


class Archiver:
    """`overcast archive` as a process."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.folder = folder
        self._deployment = deployment

    def start(self, *options: str) -> Popen[bytes]:
        command = [sys.executable, "-m", "overcast", "archive", str(self.folder), *options]
        return spawn(command, self._deployment.log, self._deployment.environment(VIEWER))

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*/*/*.parquet"))


def test_an_archive_that_is_killed_holds_every_message_exactly_once(
    deployment: Deployment, tmp_path: Path
) -> None:
    archiver = Archiver(deployment, tmp_path / "archive")
    parts = [SAID.predictions[n :: KILLS + 1] for n in range(KILLS + 1)]
    for part in parts[:-1]:
        before = len(archiver.files())
        process = archiver.start("--rows", "7", "--every", "0.2")
        said_of_the_match(deployment.settings, [*part])
        wait_for(lambda n=before: len(archiver.files()) > n + 2, "files", deployment.log)  # type: ignore[misc]
        deployment.kill(process)
    unfinished = archiver.folder / "cricket.predictions/date=2030-01-01/.unfinished-x.parquet"
    unfinished.parent.mkdir()
    unfinished.write_bytes(b"PAR1 half of a file")
    said_of_the_match(deployment.settings, [*parts[-1], *SAID.labels])
    assert archiver.start("--once").wait(DEADLINE) == 0, deployment.log.read_text()
    assert not unfinished.exists()
    for topic, count in ((PREDICTIONS, len(SAID.predictions)), (LABELS, len(SAID.labels))):
        log = {(m.partition(), m.offset()): m.value() for m in deployment.messages(topic)}
        held = pd.read_parquet(archiver.folder / topic.name)
        rows = list(zip(held["partition"], held["offset"], held["message"], strict=True))
        assert len(rows) == len(log) == count
        assert {(p, o): message.encode() for p, o, message in rows} == log
    stretches = [NAME.fullmatch(path.name) for path in archiver.files()]
    places = sorted(
        (s["topic"], s["partition"], int(s["first"]), int(s["last"])) for s in stretches if s
    )
    assert len(places) > 2 * KILLS
    assert all(a[:2] != b[:2] or a[3] < b[2] for a, b in pairwise(places))


@pytest.fixture
def predicted(settings: Settings) -> Iterator[Settings]:
    said_of_the_match(settings, [*BALLS])
    return settings


def line(made: Prediction) -> str:
    card = made.card
    return f"{card.batting} {card.runs}/{card.wickets} ({card.overs}): "


def assert_tells(lines: list[str]) -> None:
    """Every ball once and in order."""
    assert [text.partition(": ")[0] + ": " for text in lines] == [line(made) for made in BALLS]


def properties(settings: Settings, folder: Path) -> dict[str, str]:
    """A file of librdkafka's properties for this Kafka, as both examples are told of it."""
    file = folder / "client.properties"
    file.write_text(
        "".join(f"{n}={v}\n" for n, v in client(as_role(settings, VIEWER).kafka_access).items())
    )
    return {"KAFKA_PROPERTIES": str(file), "KCAT_CONFIG": str(file)}


def test_the_consumer_in_plain_confluent_kafka_tells_every_ball(
    predicted: Settings, tmp_path: Path
) -> None:
    told = tmp_path / "told.txt"
    source = (ROOT / "examples/consumer.py").read_text()
    code = source.rpartition('"""\n')[2]
    assert len([each for each in code.splitlines() if each]) <= 30
    topic = real_name(PREDICTIONS, predicted)
    command = [sys.executable, str(ROOT / "examples/consumer.py"), predicted.kafka, topic]
    process = spawn(command, told, properties(predicted, tmp_path))
    try:
        wait_for(lambda: len(told.read_text().splitlines()) == len(BALLS), "balls", told, process)
    finally:
        stop(process)
    assert_tells(told.read_text().splitlines())


def test_the_consumer_without_python_tells_every_ball(predicted: Settings, tmp_path: Path) -> None:
    if predicted.kafka_security_protocol != "PLAINTEXT":
        pytest.skip("kcat 1.7.1 (librdkafka 2.0.2) comes through TLS, and not through SCRAM")
    tool("kcat")
    tool("jq")
    topic = real_name(PREDICTIONS, predicted)
    command = [str(ROOT / "examples/kcat.sh"), predicted.kafka, topic, "-e"]
    environment = os.environ | properties(predicted, tmp_path)
    ran = subprocess.run(
        command, text=True, capture_output=True, check=True, timeout=DEADLINE, env=environment
    )
    told = ran.stdout.splitlines()
    assert_tells(told)
    assert told[-1].endswith(f"% to win, {BALLS[-1].ball}")
