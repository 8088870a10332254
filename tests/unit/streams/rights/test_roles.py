"""The roles as data; tests/integration/test_role_limits.py tries them at a real Kafka."""

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AclOperation, ResourcePatternType

from streams.kafka.client_config import FOLLOWER, LOG_READER
from streams.kafka.topics import BALLS, LABELS, ORDERS, TOPICS
from streams.rights import NAMES, acls
from streams.rights.roles import ROLES, WORKER, Right, rights, role_of, together
from streams.settings import Settings

STAGING = Settings(topic_prefix="staging.", group="staging-workers")


def test_the_names_that_a_command_offers_are_those_of_the_roles() -> None:
    assert tuple(ROLES) == NAMES


def test_each_topic_has_one_role_that_writes_it() -> None:
    writers = {t.name: [r.name for r in ROLES.values() if t in r.writes] for t in TOPICS}
    assert all(len(named) == 1 for named in writers.values()), writers
    assert (writers[BALLS.name], writers[ORDERS.name]) == (["feed"], ["operator"])


def test_each_topic_is_read_by_a_role_and_kept_by_the_administrator() -> None:
    for topic in TOPICS:
        assert [r.name for r in ROLES.values() if topic in r.reads], topic.name
        assert [r.name for r in ROLES.values() if topic in r.keeps] == ["administrator"]


def test_rights_name_the_topics_and_the_group_of_the_deployment() -> None:
    for role in ROLES.values():
        named = {right.name for right in rights(role, STAGING) if right.kind == "topic"}
        assert named <= {f"staging.{topic.name}" for topic in TOPICS}
    groups = [r for r in rights(WORKER, STAGING) if r.kind == "group"]
    assert Right("group", "staging-workers", ("Read",)) in groups
    assert {r.name for r in groups} == {"staging-workers", LOG_READER, FOLLOWER}
    (claims,) = [r for r in rights(WORKER, STAGING) if r.kind == "transactional-id"]
    assert claims == Right("transactional-id", "staging-workers/", ("Write",), prefixed=True)


def test_a_group_that_kafka_takes_for_every_group_is_refused() -> None:
    with pytest.raises(ValueError, match="set OVERCAST_GROUP"):
        rights(WORKER, Settings(group="*"))


def test_an_unknown_role_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="no role 'learner'; there are feed, worker, viewer"):
        role_of("learner")


def test_rights_that_differ_in_their_names_are_written_once() -> None:
    given = [
        Right("topic", "a", ("Read",)),
        Right("group", "a", ("Read",)),
        Right("topic", "b", ("Read",)),
        Right("topic", "c", ("Read",), prefixed=True),
        Right("topic", "d", ("Read", "Write")),
    ]
    assert [names for _, names in together(given)] == [["a", "b"], ["a"], ["c"], ["d"]]


def test_the_bindings_are_the_rights_operation_by_operation() -> None:
    found = acls.bindings(WORKER, "User:w", STAGING)
    assert len(set(found)) == len(found)
    assert len(found) == sum(len(right.operations) for right in rights(WORKER, STAGING))
    assert {(b.principal, b.host) for b in found} == {("User:w", "*")}
    prefixed = [b for b in found if b.resource_pattern_type is ResourcePatternType.PREFIXED]
    assert [(b.name, b.operation) for b in prefixed] == [("staging-workers/", AclOperation.WRITE)]
    labels = {b.operation for b in found if b.name == f"staging.{LABELS.name}"}
    assert labels == {AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS}


@pytest.mark.parametrize(
    "principal", ["User:worker", "User:CN=wor ker,O=club", "User:a:b", "ServiceAccount:sa-1"]
)
def test_a_principal_is_as_kafka_writes_it(principal: str) -> None:
    assert acls.check_principal(principal) == principal


@pytest.mark.parametrize(
    "principal",
    ["", "worker", "User:", ":worker", "User: worker", "User:w\nx", "Us er:w", "User:w "],
)
def test_what_is_no_principal_is_refused(principal: str) -> None:
    with pytest.raises(ValueError, match="is no principal: write it as Kafka does"):
        acls.check_principal(principal)


def test_everybody_has_no_role() -> None:
    with pytest.raises(ValueError, match=r"User:\* is everybody"):
        acls.check_principal("User:*")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (KafkaError.SECURITY_DISABLED, "the Kafka at h:1 has no authorizer"),
        (KafkaError.CLUSTER_AUTHORIZATION_FAILED, "this client may not give rights at h:1"),
    ],
)
def test_what_kafka_refuses_is_said_with_what_to_do(
    code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing:
        def __init__(self, _: object) -> None: ...

        def describe_acls(self, *_: object, **__: object) -> None:
            raise KafkaException(KafkaError(code))

    monkeypatch.setattr(acls, "await_answer", lambda _: None)
    monkeypatch.setattr(acls, "AdminClient", Refusing)
    with pytest.raises(KafkaException, match=words):
        acls.apply(Settings(kafka="h:1"), [(WORKER, "User:worker")])


class Answering:
    """A client of a cluster that says what it may do on each topic; None where it is not told."""

    def __init__(self, allowed: dict[str, list[AclOperation] | None]) -> None:
        self._allowed = allowed

    def describe_topics(self, wanted: TopicCollection, **_: object) -> dict[str, Any]:
        return {name: self._answer(name) for name in wanted.topic_names}

    def _answer(self, name: str) -> SimpleNamespace:
        every = [AclOperation.READ, AclOperation.WRITE]
        found = SimpleNamespace(authorized_operations=self._allowed.get(name, every))
        return SimpleNamespace(result=lambda: found)


def test_what_a_worker_lacks_is_named_right_by_right(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = {
        "staging.cricket.labels": [AclOperation.READ, AclOperation.DESCRIBE],
        "staging.cricket.orders": [AclOperation.DESCRIBE],
        "staging.cricket.drift": None,  # a broker that does not tell
    }
    monkeypatch.setattr(acls, "AdminClient", lambda _: Answering(allowed))
    assert acls.lacking(STAGING, WORKER) == [
        "Read on staging.cricket.orders",
        "Write on staging.cricket.labels",
    ]
    monkeypatch.setattr(acls, "AdminClient", lambda _: Answering({}))
    assert acls.lacking(STAGING, WORKER) == []
