"""Roles at a real broker: what each of them can do, and above all what it cannot."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.cimpl import NewPartitions, NewTopic

from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.one_prediction import audit
from overcast.embedded.servers import Addresses, running_servers
from streams.acls import apply
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
from streams.roles import ROLES, VIEWER, Role
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, Deployment
from tests.support.parties import as_role, prepare

MATCH = "1426294"
NO_RIGHT = r"(?i)authorization.?failed"
OUTPUT = {PREDICTIONS, LABELS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS}
WRITES = {"feed": {BALLS}, "worker": OUTPUT, "operator": {ORDERS}}
READS = {
    "worker": set(TOPICS),
    "viewer": {PREDICTIONS, LABELS, METRICS, DRIFT},
    "operator": {ORDERS, METRICS, MODELS, DRIFT, DEAD_LETTERS},
    "auditor": set(TOPICS) - {CONTESTS},
}
each_role = pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)


@pytest.fixture(scope="module")
def secured() -> Iterator[Addresses]:
    with running_servers(print, secure=True) as found:
        yield found


def deployed(addresses: Addresses, name: str) -> Settings:
    """The settings of who may do everything, in a deployment of which each role has its part."""
    made = Settings(
        **addresses.settings, topic_prefix=f"{name}.", group=f"{name}.workers", partitions=1
    )
    prepare(made)
    return made


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


@each_role
def test_a_role_writes_the_topics_that_are_its_own_and_no_other(
    role: Role, rights: Settings
) -> None:
    own = as_role(rights, role)
    written = {topic for topic in TOPICS if allowed(lambda t=topic: write(own, t))}  # type: ignore[misc]
    assert written == WRITES.get(role.name, set())


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


def made(admin: AdminClient, own: Settings) -> None:
    """Make a topic that nobody has made."""
    name = real_name(BALLS, own) + "2"
    admin.create_topics([NewTopic(name, 1, 1)])[name].result()


def forgetful(admin: AdminClient, own: Settings) -> None:
    entry = ConfigEntry("retention.ms", "1000000", incremental_operation=AlterConfigOpType.SET)
    place = ConfigResource("topic", real_name(DEAD_LETTERS, own), incremental_configs=[entry])
    admin.incremental_alter_configs([place])[place].result()


def grown(admin: AdminClient, own: Settings) -> None:
    name = real_name(METRICS, own)
    try:
        admin.create_partitions([NewPartitions(name, 2)])[name].result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.INVALID_PARTITIONS:  # another test did it
            raise


def deleted(admin: AdminClient, own: Settings) -> None:
    name = real_name(ORDERS, own)
    admin.delete_topics([name])[name].result()


def entitled(_: AdminClient, own: Settings) -> None:
    with pytest.raises(KafkaException, match="may not give rights") as error:
        apply(own, [(VIEWER, "User:thief")])
    raise error.value.__cause__ or error.value


CHANGES = (
    Change("a topic that is none of the deployment's", made, by=()),
    Change("settings of a topic", forgetful),
    Change("partitions of a topic", grown),
    Change("a topic that is deleted", deleted, by=()),
    Change("a right", entitled, by=()),
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


@pytest.fixture(scope="module")
def club(secured: Addresses) -> Settings:
    """A deployment in which everybody does his work."""
    return deployed(secured, "club")


def overcast(
    role: str, club: Settings, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """A command as a role runs it, in a folder of its own."""
    names = Settings.model_fields.keys() - {"state_dir"}
    environment = os.environ | as_role(club, ROLES[role]).as_environment(names)
    environment |= {"OVERCAST_STATE_DIR": str(folder / "state"), "COLUMNS": "200"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "overcast", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def done(
    role: str, club: Settings, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """The same of a command that succeeds."""
    ended = overcast(role, club, folder, *arguments)
    assert ended.returncode == 0, ended.stderr
    return ended


def test_each_role_can_do_its_work(club: Settings, tmp_path: Path) -> None:
    """A match from the feed to the audit; nobody comes as more than his role."""
    deployment = Deployment(club, tmp_path)
    try:
        assert (
            "nothing, all exist"
            in done("administrator", club, tmp_path, "topics", "--create").stdout
        )
        deployment.start()
        done("feed", club, tmp_path, "replay", MATCH)
        deployment.settle()
        auditor = as_role(club, ROLES["auditor"])
        found = audit(auditor)
        assert (found.balls, found.faults) == (252, [])
        with WorkerGroup(auditor) as group:
            assert group.done()
        watched = done("viewer", club, tmp_path, "watch", MATCH, "--until", "1.5")
        assert len(watched.stdout.splitlines()) > 10
        done("viewer", club, tmp_path, "archive", "kept", "--once")
        assert {path.parents[1].name for path in (tmp_path / "kept").glob("*/*/*.parquet")} == {
            "cricket.predictions",
            "cricket.labels",
            "cricket.metrics",
        }
        for role in ("operator", "auditor"):
            assert "serves starter" in done(role, club, tmp_path, "history", "t20-male").stdout
    finally:
        deployment.stop()


@pytest.mark.parametrize(
    ("role", "arguments", "words"),
    [
        ("viewer", ("replay", MATCH), r"club\.cricket\.balls is not there, or this client may not"),
        ("feed", ("watch",), r"club\.cricket\.predictions is not there, or this client may not"),
        ("feed", ("worker",), r"run 'overcast topics --create' as an administrator"),
        ("viewer", ("history",), r"club\.cricket\.models: .*'overcast acls' prints the rights"),
        ("feed", ("freeze", "t20-male"), r"(?i)authorization failed.*'overcast acls' prints"),
        ("administrator", ("acls", "--apply"), r"administrator may not give rights at 127"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else None,
)
def test_a_missing_right_is_one_sentence(
    role: str, arguments: tuple[str, ...], words: str, club: Settings, tmp_path: Path
) -> None:
    ended = overcast(role, club, tmp_path, *arguments)
    lines = ended.stderr.strip().splitlines()
    assert ended.returncode == 2, ended.stderr
    assert len(lines) == 1
    assert re.search(words, lines[0]), lines


def test_a_worker_that_lacks_a_right_says_which(club: Settings, tmp_path: Path) -> None:
    other = club.model_copy(update={"group": "other"})
    ended = overcast("worker", other, tmp_path, "worker")
    assert ended.returncode == 2
    assert "needs rights that worker does not have: Read on group other." in ended.stderr
