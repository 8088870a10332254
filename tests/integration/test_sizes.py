"""Whatever the size of what a feed sends, and of what a topic takes, no partition stops."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace

import msgspec
import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from consumers.audit.one_prediction import audit
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.kafka.client_config import client
from streams.kafka.log_reader import LogReader
from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer, TooLargeError
from streams.kafka.size_limits import USUAL_LIMIT, SizeLimits
from streams.kafka.topics import (
    BALLS,
    CONTESTS,
    DEAD_LETTERS,
    DRIFT,
    LABELS,
    LARGEST_MESSAGE,
    METRICS,
    MODELS,
    PREDICTIONS,
    Topic,
    real_name,
)
from streams.messages.dead_letters import LONGEST_COPY
from streams.messages.events import LARGEST_EVENT, BallBowled, MatchEvent, MatchStarted, encode
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for

MATCH = "1426294"
EDGE = (0, 1, 50, 90, 110, 130, 200)  # bytes below the largest message
NAME = "Ωmega " * 70  # in UTF-8 nearly the longest name that is taken


def limit(settings: Settings, topic: Topic, most: int) -> None:
    """Lower, or raise, the largest message of a topic, as an operator can at any time."""
    entry = ConfigEntry("max.message.bytes", str(most), incremental_operation=AlterConfigOpType.SET)
    place = ConfigResource("topic", real_name(topic, settings), incremental_configs=[entry])
    admin = AdminClient(client(settings.kafka_access))
    for answer in admin.incremental_alter_configs([place]).values():
        answer.result()
    wait_for(lambda: stated(settings, topic) == most, f"{topic.name} to take {most} bytes")


def stated(settings: Settings, topic: Topic) -> int:
    """What Kafka says that a topic takes."""
    name, limits = real_name(topic, settings), SizeLimits(settings.kafka_access)
    limits.ask([name])
    return limits.of(name)


def feed(match_id: str) -> list[MatchEvent]:
    """A recorded match under another id."""
    own = timed_events(shipped_match(MATCH))
    return [msgspec.structs.replace(event, match_id=match_id) for event in own]


def with_long_names(match_id: str) -> list[MatchEvent]:
    """The same match between sides and players of very long names."""
    events = feed(match_id)
    start = events[0]
    assert isinstance(start, MatchStarted)
    names = {player: f"{NAME}{number}" for number, player in enumerate(start.fixture.names)}
    assert len(names) > 20
    fixture = replace(start.fixture, names=names, event=NAME, venue=NAME)
    return [msgspec.structs.replace(start, fixture=fixture), *events[1:]]


def nasty(settings: Settings) -> list[tuple[bytes | None, bytes | None]]:
    """Keys and values that no event has, up to the largest message that Kafka takes."""
    key = b"k" * 1_000_000
    sizes = [LARGEST_EVENT + 1, LONGEST_COPY, LONGEST_COPY - 1, USUAL_LIMIT, USUAL_LIMIT - 80]
    assert stated(settings, BALLS) == LARGEST_MESSAGE
    sizes += [LARGEST_MESSAGE - 100 - below for below in EDGE]
    incompressible = os.urandom(LARGEST_MESSAGE)
    values = [incompressible[:size] for size in sizes]
    odd = [(None, None), (key, None), (key, b""), (b"", b"")]
    return odd + [(None, value) for value in values] + [(key, b"\x00" * 7_000_000)]


def send(deployment: Deployment, messages: Iterable[tuple[bytes | None, bytes | None]]) -> int:
    """Send any messages, each as a batch of its own, to partition 0; return how many."""
    name, count = real_name(BALLS, deployment.settings), 0
    with Producer(deployment.settings.kafka_access, more={"compression.type": "none"}) as producer:
        for key, value in messages:
            try:
                producer.write([Outgoing(name, key, value, 0)])
                count += 1
            except TooLargeError:
                assert len(value or b"") > LARGEST_MESSAGE - 200
    return count


LIMITS = {
    "as they are created": {},
    "small": dict.fromkeys((PREDICTIONS, LABELS, METRICS, DRIFT, MODELS, CONTESTS), 6_000)
    | {DEAD_LETTERS: 700},
    "letters smaller than predictions": {DEAD_LETTERS: 1_000},
    "hardly any": dict.fromkeys((PREDICTIONS, LABELS, METRICS, MODELS, CONTESTS), 300)
    | {DEAD_LETTERS: 400},
}


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_no_size_stops_a_partition(deployment: Deployment, limits: dict[Topic, int]) -> None:
    settings = deployment.settings
    for topic, most in limits.items():
        limit(settings, topic, most)
    worker = deployment.start()
    sent = send(deployment, nasty(settings))
    deployment.send([*with_long_names("long"), *feed("plain")])
    send(deployment, [(b"long", encode(event)) for event in with_long_names("long again")])
    deployment.settle()
    assert worker.poll() is None, "the worker has ended"
    assert audit(settings).faults == []
    letters = [m for m in deployment.messages(DEAD_LETTERS) if b"too large" not in reason(m)]
    assert len(letters) == sent > 15
    if PREDICTIONS not in limits:
        balls = sum(isinstance(event, BallBowled) for event in feed("plain"))
        assert len(deployment.predictions()) == 3 * balls
        assert {label.match_id for label in deployment.labels()} == {"long", "plain", "long again"}


def reason(letter: object) -> bytes:
    return dict(letter.headers())["reason"]  # type: ignore[attr-defined]


def test_a_dead_letter_holds_the_beginning_and_says_what_the_whole_is(
    deployment: Deployment,
) -> None:
    deployment.start()
    large = os.urandom(3_000_000)
    send(deployment, [(b"m", large), (b"m", b"{}")])
    deployment.settle()
    cut, whole = deployment.messages(DEAD_LETTERS)
    assert cut.value() == large[:LONGEST_COPY]
    headers = dict(cut.headers() or [])
    assert headers["length"] == b"3000000"
    assert headers["sha256"] == hashlib.sha256(large).hexdigest().encode()
    assert whole.value() == b"{}"
    topic, partition, offset = bytes(headers["origin"] or b"").decode().split("/")
    log = deployment.log_reader()
    (original,) = log.read(topic, int(partition), int(offset), int(offset) + 1)
    assert original.value() == large


def test_a_limit_that_is_lowered_while_a_worker_runs_stops_nothing(deployment: Deployment) -> None:
    settings = deployment.settings
    worker = deployment.start()
    events = feed("m")
    deployment.send(events[:60])
    deployment.settle()
    for topic, most in ((PREDICTIONS, 3_000), (DEAD_LETTERS, 500), (LABELS, 20_000)):
        limit(settings, topic, most)
    deployment.send(events[60:])
    send(deployment, [(b"m", os.urandom(100_000))])
    deployment.settle()
    assert worker.poll() is None, "the worker has ended"
    assert audit(settings).faults == []


def test_a_transaction_that_is_too_large_leaves_nothing_and_the_next_claim_writes(
    settings: Settings,
) -> None:
    topic = real_name(METRICS, settings)
    limit(settings, METRICS, 2_000)
    producer = Producer(settings.kafka_access).claim(f"{settings.group}/test/0")
    small, large = Outgoing(topic, b"k", b"small", 0), Outgoing(topic, b"k", os.urandom(3_000), 0)
    with pytest.raises(TooLargeError, match="does not take"):
        producer.write([small, large])
    producer = Producer(settings.kafka_access).claim(f"{settings.group}/test/0")
    producer.write([small._replace(value=b"next")])
    producer.write([small._replace(value=os.urandom(1_500)) for _ in range(5)])
    Producer(settings.kafka_access).claim(
        f"{settings.group}/test/0"
    )  # answered when all can be read
    values = [message.value() for message in LogReader(settings.kafka_access).read_all(topic, 0)]
    assert values[0] == b"next"
    assert len(values) == 6


def test_what_a_topic_takes_is_asked_of_kafka(settings: Settings) -> None:
    names = [real_name(topic, settings) for topic in (BALLS, PREDICTIONS, LABELS)]
    limit(settings, LABELS, 12_345)
    limits = SizeLimits(settings.kafka_access)
    limits.ask([*names, "no-such-topic"])
    assert [limits.of(name) for name in names] == [LARGEST_MESSAGE, USUAL_LIMIT, 12_345]
    assert limits.of("no-such-topic") == USUAL_LIMIT
