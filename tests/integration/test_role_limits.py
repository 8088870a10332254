"""Roles at a real broker: what each of them cannot do."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.cimpl import NewPartitions, NewTopic

from overcast.embedded.servers import Addresses
from streams.kafka.client_config import client, reader
from streams.kafka.fenced_producer import claim_producer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import DeliveryError, Producer
from streams.kafka.topics import (
    BALLS,
    CONTESTS,
    DEAD_LETTERS,
    DRIFT,
    LABELS,
    METRICS,
    MODELS,
    ORDERS,
    PREDICTIONS,
    TOPICS,
    Topic,
    create_topics,
    real_name,
)
from streams.rights.acls import apply
from streams.rights.roles import ROLES, VIEWER, Role
from streams.settings import Settings
from tests.support.parties import as_role, deployed

OUTPUT = {PREDICTIONS, LABELS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS}
WRITES = {"feed": {BALLS}, "worker": OUTPUT, "operator": {ORDERS}}
READS = {
    "worker": set(TOPICS),
    "viewer": {PREDICTIONS, LABELS, METRICS, DRIFT},
    "operator": {ORDERS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS},
    "auditor": set(TOPICS) - {CONTESTS},
}
each_role = pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)


@pytest.fixture(scope="module")
def rights(secured: Addresses) -> Settings:
    """A deployment in which each topic holds a message."""
    made = deployed(secured, "rights")
    with Producer(made.kafka_access) as outbox:
        for topic in TOPICS:
            outbox.send(real_name(topic, made), b"k", b"{}")
    return made


def allowed(step: Callable[[], object]) -> bool:
    """Whether Kafka lets a step be taken; what fails for another reason is an error."""
    try:
        step()
    except (KafkaException, DeliveryError) as error:
        if "AUTHORIZATION" not in str(error).upper().replace(" ", "_"):
            raise
        return False
    return True


def write(own: Settings, topic: Topic) -> None:
    with Producer(own.kafka_access) as outbox:
        outbox.send(real_name(topic, own), b"k", b"{}")


def read(own: Settings, topic: Topic) -> None:
    assert list(LogReader(own.kafka_access).read_all(real_name(topic, own), 0))


def lengths(own: Settings) -> dict[Topic, int]:
    """How much each topic holds, whoever says that he has written."""
    log, names = LogReader(own.kafka_access), {topic: real_name(topic, own) for topic in TOPICS}
    return {topic: sum(log.end(n, p) for p in log.partitions(n)) for topic, n in names.items()}


@each_role
def test_a_role_writes_the_topics_that_are_its_own_and_no_other(
    role: Role, rights: Settings
) -> None:
    own, before = as_role(rights, role), lengths(rights)
    let = {topic for topic in TOPICS if allowed(lambda t=topic: write(own, t))}  # type: ignore[misc]
    after = lengths(rights)
    assert let == {topic for topic in TOPICS if after[topic] > before[topic]}
    assert let == WRITES.get(role.name, set())


@each_role
def test_a_role_reads_the_topics_that_it_works_with_and_no_other(
    role: Role, rights: Settings
) -> None:
    own = as_role(rights, role)
    read_topics = {topic for topic in TOPICS if allowed(lambda t=topic: read(own, t))}  # type: ignore[misc]
    assert read_topics == READS.get(role.name, set())


@dataclass
class Change:
    """Something that changes the cluster, and who may do it."""

    name: str
    step: Callable[[AdminClient, Settings], object]
    by: tuple[str, ...] = ("administrator",)


def make_topic(admin: AdminClient, own: Settings) -> None:
    """Make a topic that nobody has made."""
    name = real_name(BALLS, own) + "2"
    admin.create_topics([NewTopic(name, 1, 1)])[name].result()


def change_settings(admin: AdminClient, own: Settings) -> None:
    entry = ConfigEntry("retention.ms", "1000000", incremental_operation=AlterConfigOpType.SET)
    place = ConfigResource("topic", real_name(DEAD_LETTERS, own), incremental_configs=[entry])
    admin.incremental_alter_configs([place])[place].result()


def add_partitions(admin: AdminClient, own: Settings) -> None:
    name = real_name(METRICS, own)
    try:
        admin.create_partitions([NewPartitions(name, 2)])[name].result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.INVALID_PARTITIONS:  # another test did it
            raise


def delete_topic(admin: AdminClient, own: Settings) -> None:
    name = real_name(ORDERS, own)
    admin.delete_topics([name])[name].result()


def give_right(_: AdminClient, own: Settings) -> None:
    with pytest.raises(KafkaException, match="may not give rights") as error:
        apply(own, [(VIEWER, "User:thief")])
    raise error.value.__cause__ or error.value


CHANGES = (
    Change("a topic that is none of the deployment's", make_topic, by=()),
    Change("settings of a topic", change_settings),
    Change("partitions of a topic", add_partitions),
    Change("a topic that is deleted", delete_topic, by=()),
    Change("a right", give_right, by=()),
)


@each_role
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_nobody_but_the_administrator_changes_the_cluster(
    change: Change, role: Role, rights: Settings
) -> None:
    own = as_role(rights, role)
    admin = AdminClient(client(own.kafka_access))
    assert allowed(lambda: change.step(admin, own)) == (role.name in change.by)


@each_role
def test_missing_topics_are_made_by_the_administrator_only(role: Role, secured: Addresses) -> None:
    admin = Settings(**secured.settings, topic_prefix=f"new-{role.name}.", partitions=1)
    apply(admin, [(role, f"User:{role.name}")])
    own = as_role(admin, role)
    if role.name == "administrator":
        assert len(create_topics(own)) == len(TOPICS)
        return
    with pytest.raises(KafkaException, match="run 'overcast topics --create' as an administrator"):
        create_topics(own)


def member_error(own: Settings, group: str, topic: Topic) -> KafkaError | None:
    """What a consumer hears that joins a group; None if it is let in and given partitions."""
    assigned: list[object] = []
    consumer = Consumer(reader(own.kafka_access, group))
    consumer.subscribe([real_name(topic, own)], on_assign=lambda *_: assigned.append(1))
    try:
        while not assigned:
            message = consumer.poll(1)
            if message is not None and message.error() is not None:
                return message.error()
        return None
    finally:
        consumer.close()


@each_role
def test_only_a_worker_joins_the_workers_group_or_claims_what_they_write(
    role: Role, rights: Settings
) -> None:
    own, is_worker = as_role(rights, role), role.name == "worker"
    readable = [t for t in TOPICS if t in READS.get(role.name, ())]
    error = member_error(own, own.group, readable[0] if readable else BALLS)
    if is_worker:
        assert error is None
    else:
        assert error is not None
        assert "AUTHORIZATION_FAILED" in error.name()
    name, places = f"{own.group}/test/0", [(real_name(PREDICTIONS, own), 0)]

    def claim() -> None:
        claim_producer(own.kafka_access, name, places).close()

    assert allowed(claim) == is_worker
    assert allowed(lambda: Producer(own.kafka_access).claim(name)) == is_worker


def test_a_viewers_groups_are_those_of_downstream_teams(rights: Settings) -> None:
    own = as_role(rights, VIEWER)
    assert member_error(own, "downstream-scores", PREDICTIONS) is None
    refused = member_error(own, "overcast", PREDICTIONS)
    assert refused is not None
    assert refused.code() == KafkaError.GROUP_AUTHORIZATION_FAILED
