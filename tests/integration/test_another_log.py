"""The log is not what it was: made again, cut short, deleted from, with more partitions.

Whatever happened to it, each ball of the log that is there has one prediction in the end.
"""

from collections.abc import Callable, Iterable

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions

from consumers.audit.one_prediction import audit
from features.store import OnlineStore
from features.store_client import redis_client
from producers.simulator import season
from streams.kafka.client_config import client
from streams.kafka.topics import BALLS, create_topics, real_name
from streams.messages.events import MatchEvent
from streams.settings import Settings
from streams.worker.fatal import EXIT_CODE
from tests.integration.deployment import Deployment, interleaved, wait_for

FIRST, SECOND = interleaved(season(4, seed=31)), interleaved(season(6, seed=32))


class Topic:
    """What an operator, or an accident, does to the topic of balls."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = AdminClient(client(settings.kafka_access))
        self.name = real_name(BALLS, settings)

    def make_again(self) -> None:
        """Delete the topic with all its messages, and create it."""
        self._admin.delete_topics([self.name])[self.name].result()
        wait_for(lambda: self.name not in self._admin.list_topics().topics, "the topic to go")
        wait_for(lambda: self.name in create_topics(self._settings), "the topic to be made")

    def delete_before(self, stops: Iterable[TopicPartition]) -> None:
        """Delete the oldest messages, as retention does."""
        for answer in self._admin.delete_records(list(stops)).values():
            answer.result()

    def grow(self, partitions: int) -> None:
        """Add partitions."""
        grown = self._admin.create_partitions([NewPartitions(self.name, partitions)])
        grown[self.name].result()

    def commit(self, offset: int) -> None:
        """Set the group's offsets, as a tool does that knows nothing of the log."""
        places = [TopicPartition(self.name, p, offset) for p in range(self._settings.partitions)]
        group = ConsumerGroupTopicPartitions(self._settings.group, places)
        answers = self._admin.alter_consumer_group_offsets([group])
        answers[self._settings.group].result()


@pytest.fixture
def topic(settings: Settings) -> Topic:
    return Topic(settings)


def judged(deployment: Deployment) -> None:
    """Each ball of the log has one prediction, and nothing was refused."""
    report = audit(deployment.settings)
    assert report.faults == []
    assert report.predictions == report.balls > 0
    assert report.refused == 0


def until_answered(deployment: Deployment) -> None:
    """Returns when each ball has its prediction, which a settled group may not have noticed yet."""
    faults: list[str] = []

    def none() -> bool:
        faults[:] = audit(deployment.settings).faults
        return not faults

    try:
        wait_for(none, "each ball to have its prediction", deployment.log)
    except AssertionError as error:
        raise AssertionError(f"{faults}\n{error}") from error


def restarted(deployment: Deployment, change: Callable[[], object]) -> None:
    """The worker ends, something changes, the worker is started and has worked everything off."""
    deployment.stop_workers()
    change()
    deployment.start()
    deployment.settle()


def worked(deployment: Deployment, events: list[MatchEvent]) -> None:
    deployment.start()
    deployment.send(events)
    deployment.settle()


@pytest.mark.parametrize(
    "events",
    [FIRST, SECOND + FIRST, FIRST[:300]],
    ids=["the same", "elsewhere in the log", "a shorter log"],
)
def test_a_topic_that_was_made_again_is_worked_from_its_beginning(
    deployment: Deployment, topic: Topic, events: list[MatchEvent]
) -> None:
    worked(deployment, FIRST)

    def change() -> None:
        topic.make_again()
        deployment.send(events)

    restarted(deployment, change)
    judged(deployment)
    assert "another log" in deployment.log.read_text()


@pytest.mark.parametrize("offset", [60, 1_000_000])
def test_committed_offsets_of_a_log_that_is_gone_are_not_believed(
    deployment: Deployment, topic: Topic, offset: int
) -> None:
    """Within the new log, and beyond its end."""
    worked(deployment, FIRST)

    def change() -> None:
        topic.make_again()
        deployment.send(SECOND)
        topic.commit(offset)

    restarted(deployment, change)
    judged(deployment)


def test_a_topic_that_is_made_again_under_a_running_worker_loses_nothing(
    deployment: Deployment, topic: Topic
) -> None:
    """It may have read on at the old offset of the new log: it ends, and its successor knows."""
    worker = deployment.start()
    deployment.send(FIRST)
    deployment.settle()
    topic.make_again()
    deployment.send(SECOND)
    wait_for(lambda: worker.poll() is not None, "the worker to notice", deployment.log)
    assert worker.returncode == EXIT_CODE
    deployment.start()
    deployment.settle()
    judged(deployment)


def test_messages_that_were_deleted_unread_are_counted(
    deployment: Deployment, topic: Topic
) -> None:
    worked(deployment, FIRST)
    log = deployment.log_reader()
    ends = {p: end for p in log.partitions(topic.name) if (end := log.end(topic.name, p)) > 0}

    def change() -> None:
        deployment.send(SECOND)
        topic.delete_before(TopicPartition(topic.name, p, end + 25) for p, end in ends.items())

    restarted(deployment, change)
    for partition, end in ends.items():
        line = (
            f"partition {partition}: 25 messages deleted before they were read, {end} to {end + 25}"
        )
        assert line in deployment.log.read_text()


@pytest.mark.parametrize("running", [True, False])
def test_partitions_that_are_added_are_worked_like_the_others(
    deployment: Deployment, topic: Topic, *, running: bool
) -> None:
    worked(deployment, FIRST)
    if running:
        topic.grow(6)
    else:
        restarted(deployment, lambda: topic.grow(6))
    deployment.send(SECOND)
    until_answered(deployment)
    deployment.settle()
    judged(deployment)
    assert len({m.partition() for m in deployment.messages(BALLS)}) > 4


def test_a_match_that_redis_has_evicted_is_restored_from_the_log(deployment: Deployment) -> None:
    """Whether its worker still has it in memory or not."""
    settings = deployment.settings
    half = len(FIRST) // 2
    worked(deployment, FIRST[:half])
    url = settings.redis_url
    store = OnlineStore(url, settings.topic_prefix, settings.match_ttl)
    keys = [store.key(p, m) for p in range(4) for m in {event.match_id for event in FIRST}]

    def evict() -> None:
        assert redis_client(url).delete(*keys) > 0

    evict()
    deployment.send(FIRST[half : half + 100])
    deployment.settle()
    restarted(deployment, evict)
    deployment.send(FIRST[half + 100 :])
    deployment.settle()
    judged(deployment)
