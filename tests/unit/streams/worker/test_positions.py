"""A committed offset carries the proof of its log; what was deleted unread is counted."""

from types import SimpleNamespace

import pytest
from confluent_kafka import OFFSET_BEGINNING, OFFSET_INVALID, TopicPartition
from faust.types import TP
from prometheus_client import REGISTRY, Counter

from streams.kafka.log_identity import LOGS_CHANGED
from streams.worker.positions import DELETED_UNREAD, CommitProofs, ReadPositions, proven, start
from tests.support.kept_log import KeptLog

LOG = KeptLog({offset: 1_000 + offset for offset in range(100, 200)}, low=100)
TOPIC = "t.cricket.balls"


def committed(offset: int, metadata: str = "", partition: int = 0) -> TopicPartition:
    place = TopicPartition(TOPIC, partition, offset)
    return SimpleNamespace(  # its metadata cannot be set from Python
        topic=place.topic, partition=partition, offset=offset, metadata=metadata
    )


def counted(counter: Counter, partition: int) -> float:
    name = next(iter(counter.collect())).name + "_total"
    labels = {"topic": TOPIC, "partition": str(partition)}
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    ("offset", "metadata", "first"),
    [
        (OFFSET_INVALID, "", OFFSET_BEGINNING),  # nothing was committed
        (0, "", OFFSET_BEGINNING),
        (150, "log=now;appended=1149;", 150),
        (150, "log=now;appended=1149;ca!", 150),  # as the client gives it
        (150, "log=;appended=1149;", 150),
        (150, "log=before;appended=1149;", OFFSET_BEGINNING),
        (150, "", 150),  # of an earlier version
        (150, "a tool's own words", 150),
        (150, "log=now;appended=77;", OFFSET_BEGINNING),
        (200, "log=now;appended=1199;", 200),  # the end
        (201, "log=now;appended=1200;", OFFSET_BEGINNING),  # beyond it
        (100, "log=now;appended=77;", 100),  # the message before it was deleted
    ],
)
def test_a_log_is_read_on_only_if_it_is_the_same(offset: int, metadata: str, first: int) -> None:
    before = counted(LOGS_CHANGED, 0)
    assert start(LOG, committed(offset, metadata)).offset == first
    known = offset <= 0 or first == offset
    assert counted(LOGS_CHANGED, 0) == before + (not known)


def test_messages_that_were_deleted_before_the_start_are_counted_and_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert start(LOG, committed(75, partition=2)).offset == 75
    assert counted(DELETED_UNREAD, 2) == 25
    assert "partition 2: 25 messages deleted before they were read, 75 to 100" in caplog.text


def test_messages_that_were_deleted_between_two_fetches_are_counted() -> None:
    """But not what a transaction leaves between two messages."""
    positions, tp = ReadPositions(), TP(TOPIC, 3)
    positions.begin([TopicPartition(TOPIC, 3, 10)])
    positions.passed(tp, 10, 20, low=0)
    positions.passed(tp, 22, 30, low=5)
    assert counted(DELETED_UNREAD, 3) == 0
    positions.passed(tp, 41, 50, low=41)
    assert counted(DELETED_UNREAD, 3) == 10


def test_a_commit_proves_the_message_before_it() -> None:
    proofs, tp = CommitProofs(lambda _: "id"), TP(TOPIC, 0)
    for offset, time in ((9, 500), (19, 600)):
        proofs.note(tp, SimpleNamespace(offset=offset, timestamp=time))  # type: ignore[arg-type]
    assert proven(proofs.metadata(tp, 10)) == (500, "id")
    assert proven(proofs.metadata(tp, 20)) == (600, "id")
    assert proofs.metadata(tp, 10) == ""
    assert proofs.metadata(TP(TOPIC, 1), 5) == ""
    assert proven(None) == (0, "")
