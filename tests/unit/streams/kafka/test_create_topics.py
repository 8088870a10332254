"""Topics are made where they are missing, by who may; nobody else needs the right to."""

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from streams.expected_errors import sentence
from streams.kafka import topics
from streams.kafka.topics import BALLS, LABELS, create_topics
from streams.settings import Settings

OWN = Settings(topic_prefix="x.")
NO_TOPIC_RIGHT = KafkaError.TOPIC_AUTHORIZATION_FAILED


class Cluster:
    """An administrator's client of a cluster that has some topics, and answers by these errors."""

    def __init__(self, *there: str, error: int | None = None) -> None:
        self._there = there
        self._error = error
        self.wanted: list[str] = []

    def list_topics(self, **_: Any) -> SimpleNamespace:
        return SimpleNamespace(topics=dict.fromkeys(self._there))

    def create_topics(self, wanted: list[Any], **_: Any) -> dict[str, Future[None]]:
        self.wanted = [topic.topic for topic in wanted]
        answers = {name: Future[None]() for name in self.wanted}
        for answer in answers.values():
            if self._error is None:
                answer.set_result(None)
            else:
                answer.set_exception(KafkaException(KafkaError(self._error)))
        return answers


def created(monkeypatch: pytest.MonkeyPatch, cluster: Cluster) -> list[str]:
    monkeypatch.setattr(topics, "await_answer", lambda _: None)
    monkeypatch.setattr(topics, "AdminClient", lambda _: cluster)
    return create_topics(OWN, [BALLS, LABELS])


def test_only_what_is_missing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster("x.cricket.balls", "cricket.labels")
    assert created(monkeypatch, cluster) == ["x.cricket.labels"] == cluster.wanted


def test_who_finds_all_topics_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster("x.cricket.balls", "x.cricket.labels", error=NO_TOPIC_RIGHT)
    assert created(monkeypatch, cluster) == cluster.wanted == []


def test_what_another_was_faster_to_make_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(error=KafkaError.TOPIC_ALREADY_EXISTS)
    assert created(monkeypatch, cluster) == []
    assert len(cluster.wanted) == 2


@pytest.mark.parametrize("code", [NO_TOPIC_RIGHT, KafkaError.CLUSTER_AUTHORIZATION_FAILED])
def test_who_may_not_make_a_missing_topic_is_told_who_may(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KafkaException) as error:
        created(monkeypatch, Cluster("x.cricket.labels", error=code))
    told = sentence(error.value)
    assert told.startswith("x.cricket.balls is not there, or this client may not see it")
    assert "run 'overcast topics --create' as an administrator" in told


def test_another_error_is_kafkas_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KafkaException) as error:
        created(monkeypatch, Cluster(error=KafkaError.INVALID_REPLICATION_FACTOR))
    assert error.value.args[0].code() == KafkaError.INVALID_REPLICATION_FACTOR
