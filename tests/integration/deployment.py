"""Workers as processes of their own, and what can be asked of the topics."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from confluent_kafka import KafkaException, Message

from consumers.audit.consumer_group import WorkerGroup
from cricket.cricsheet import RecordedMatch
from producers.faults import Delivery
from producers.feed_producer import FeedProducer
from producers.replay import deliver
from producers.schedule import timed_events
from streams.kafka.client_config import await_answer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.topics import BALLS, DEAD_LETTERS, LABELS, PREDICTIONS, Topic, real_name
from streams.messages.events import MatchEvent, encode
from streams.messages.labels import LabelMessage, decode_label
from streams.messages.predictions import Prediction, PredictionMessage, decode_prediction
from streams.rights.roles import AUDITOR, FEED, WORKER, Role
from streams.settings import Settings
from tests.support.parties import as_role

STOP_SECONDS = 30.0  # then by force
DEADLINE = 900.0  # seconds, of a machine that is busy with anything: only what hangs takes so long


def wait_for(
    condition: Callable[[], bool],
    what: str,
    log: Path | None = None,
    process: subprocess.Popen[bytes] | None = None,
) -> None:
    """Returns as soon as the condition holds; fails loudly, with the last words in the log.

    It fails at once if the process ends that is to bring the condition about.
    """
    end = time.monotonic() + DEADLINE
    while not condition():
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > end:
            said = log.read_text()[-3000:] if log and log.exists() else ""
            why = f"exit {process.returncode}" if process and ended else f"waited {DEADLINE} s"
            raise AssertionError(f"{why}, in vain for: {what}\n{said}")
        time.sleep(0.1)


def answers(settings: Settings) -> bool:
    """Whether Kafka answers yet."""
    try:
        await_answer(settings.kafka_access)
    except KafkaException:
        return False
    return True


def interleaved(matches: Iterable[RecordedMatch]) -> list[MatchEvent]:
    """The messages of matches that are all played at the same time."""
    events = (event for match in matches for event in timed_events(match))
    return sorted(events, key=lambda event: event.seq)


class Deployment:
    """Workers of one test, its feed and who examines the log: each as its role."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.log = folder / "worker.log"
        self._group = WorkerGroup(as_role(settings, AUDITOR))
        self._workers: list[subprocess.Popen[bytes]] = []

    def of(self, role: Role) -> Settings:
        """The settings of a party."""
        return as_role(self.settings, role)

    def environment(self, role: Role = WORKER) -> dict[str, str]:
        """The settings as a worker, or another party, reads them."""
        names = Settings.model_fields.keys() - {"state_dir", "signing_key", "operator_key"}
        store = {"OVERCAST_SNAPSHOT_STORE": str(self.log.parent / "models")}
        return os.environ | self.of(role).as_environment(names) | store

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Starts a worker and returns when all partitions are taken."""
        worker = self.launch(*command)
        wait_for(self._group.ready, "partitions to be taken", self.log, worker)
        return worker

    def owners(self) -> int:
        """How many workers own partitions, if none is being moved."""
        return len([1 for owned in self._group.owners().values() if owned])

    def launch(self, *command: str, role: Role = WORKER) -> subprocess.Popen[bytes]:
        """Starts a worker, or what another party runs, and does not wait for it."""
        chosen = command or (sys.executable, "-m", "overcast", "worker")
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                chosen, stdout=log, stderr=subprocess.STDOUT, env=self.environment(role)
            )
        self._workers.append(worker)
        return worker

    def kill_with_work_left(
        self, worker: subprocess.Popen[bytes], send: Callable[[], object]
    ) -> None:
        """`kill -9` of a worker that has been frozen before the last was sent: it is not done."""
        worker.send_signal(signal.SIGSTOP)
        send()
        self.kill(worker)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """`kill -9`, and the body is gone."""
        worker.kill()
        worker.wait()

    def stop(self) -> None:
        """Ends every worker, and the questions about them."""
        self.stop_workers()
        self._group.close()

    def stop_workers(self) -> None:
        """Ends every worker as an operator would; by force where that does not help."""
        for worker in self._workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in self._workers:
            try:
                worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill(worker)

    def send(self, events: Iterable[MatchEvent]) -> int:
        """Sends events as a feed would; returns how many."""
        count = 0
        with FeedProducer(self.of(FEED).kafka_access) as outbox:
            for event in events:
                self.send_raw(outbox, event.match_id.encode(), encode(event))
                count += 1
        return count

    def send_faulty(self, deliveries: Iterable[Delivery]) -> None:
        """Sends what a bad feed sends."""
        with FeedProducer(self.of(FEED).kafka_access) as outbox:
            for _ in deliver(deliveries, outbox, self.settings):
                pass

    def send_raw(self, outbox: Producer, key: bytes, value: bytes) -> None:
        """Queues any bytes on cricket.balls."""
        outbox.send(real_name(BALLS, self.settings), key, value)

    def settle(self) -> None:
        """Returns when every message has been worked on."""
        wait_for(self._group.done, "all messages to be done", self.log)

    def log_reader(self) -> LogReader:
        """Reads any topic again, as an auditor."""
        return LogReader(self.of(AUDITOR).kafka_access)

    def messages(self, topic: Topic) -> list[Message]:
        """All that a topic holds, partition by partition."""
        journal, name = self.log_reader(), real_name(topic, self.settings)
        return [message for p in journal.partitions(name) for message in journal.read_all(name, p)]

    def answers(self) -> int:
        """How many messages lie on the topic of predictions."""
        log, name = self.log_reader(), real_name(PREDICTIONS, self.settings)
        return sum(log.end(name, partition) for partition in log.partitions(name))

    def predictions(self) -> list[Prediction]:
        """All predictions, in order within their partition."""
        return [said for said in self.said() if isinstance(said, Prediction)]

    def said(self) -> list[PredictionMessage]:
        """All predictions, and what revises them, in order within their partition."""
        return [decode_prediction(m.value() or b"") for m in self.messages(PREDICTIONS)]

    def labels(self) -> list[LabelMessage]:
        """All labels."""
        return [decode_label(m.value() or b"") for m in self.messages(LABELS)]

    def dead_letters(self) -> list[tuple[bytes, str, str]]:
        """Value, reason and origin of each dead letter."""
        return [_letter(message) for message in self.messages(DEAD_LETTERS)]


def _letter(message: Message) -> tuple[bytes, str, str]:
    headers = {name: bytes(value or b"").decode() for name, value in message.headers() or []}
    return message.value() or b"", headers["reason"], headers["origin"]
