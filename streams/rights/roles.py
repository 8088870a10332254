"""The roles of a deployment, and the least rights of each, as data: Kafka enforces them.

There is no role of a learner: it does not run apart, and a worker learns what it has forecast.
Writing or reading brings the right to describe, in Kafka, and no client needs a right to write
without transactions. `streams.rights.acls` sets the rights; docs/security.md is made from the
roles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from streams.kafka.client_config import ARCHIVE, FOLLOWER, LOG_READER
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
    real_name,
)
from streams.settings import Settings

Kind = Literal["topic", "group", "transactional-id"]
ALL: Final = "*"  # Kafka takes it for every name, or for every user
DOWNSTREAM = "downstream-"  # groups of other teams' consumers begin with it
READ, WRITE, DESCRIBE = "Read", "Write", "Describe"
DESCRIBE_CONFIGS = "DescribeConfigs"
KEEP_TOPICS = ("Create", DESCRIBE, "Alter", DESCRIBE_CONFIGS, "AlterConfigs")


@dataclass(frozen=True, slots=True)
class Role:
    """Who does what, on which topics, and what the holder of a stolen credential can do.

    `joins`: as a member of the workers' group; `observes`: from outside, what it has committed.
    `groups` are those that its clients name without joining them.
    """

    name: str
    runs: str
    stolen: str
    writes: tuple[Topic, ...] = ()
    reads: tuple[Topic, ...] = ()
    keeps: tuple[Topic, ...] = ()
    groups: tuple[str, ...] = ()
    joins: bool = False
    observes: bool = False
    downstream: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """Operations on one resource of Kafka, or on all whose names begin as `prefixed` says."""

    kind: Kind
    name: str
    operations: tuple[str, ...]
    prefixed: bool = False


FEED = Role(
    "feed",
    "`overcast replay`, or a feed of your own",
    "tell matches that are not played, and correct or cancel what is told of those that are; "
    "reads nothing, and what it told stays in the log",
    writes=(BALLS,),
)
WORKER = Role(
    "worker",
    "`overcast worker`: forecasts and learns",
    "publish forecasts, labels, models and decisions, pretend that an order was checked, and stop "
    "the work of the group. It changes no ball and writes no order; a model that it forges is "
    "refused where `trusted_keys` is set, unless it has the signing key too",
    writes=(PREDICTIONS, LABELS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS),
    reads=TOPICS,
    groups=(LOG_READER, FOLLOWER),
    joins=True,
)
VIEWER = Role(
    "viewer",
    "`overcast dashboard`, `overcast watch`, `overcast archive FOLDER`; consumers of other teams",
    "read the forecasts, labels and scores, and disturb the groups of other teams' consumers",
    reads=(PREDICTIONS, LABELS, METRICS, DRIFT),
    groups=(LOG_READER, FOLLOWER, ARCHIVE),
    downstream=True,
)
OPERATOR = Role(
    "operator",
    "`overcast promote`, `rollback`, `freeze`, `unfreeze`, `history`, `models`",
    "give orders: serve a challenger, go back, freeze. Each is on the log, and can be undone",
    writes=(ORDERS,),
    reads=(ORDERS, METRICS, MODELS, DRIFT, CONTESTS, DEAD_LETTERS),
    groups=(LOG_READER, FOLLOWER),
)
AUDITOR = Role(
    "auditor",
    "`overcast history`, `models`, `reproduce`, and checks of the log such as `consumers.audit`",
    "read all that was fed, forecast, learned and ordered, and the progress of the workers",
    reads=tuple(topic for topic in TOPICS if topic is not CONTESTS),
    groups=(LOG_READER, FOLLOWER),
    observes=True,
)
ADMINISTRATOR = Role(
    "administrator",
    "`overcast topics --create`",
    "let topics forget what they hold, by their settings, and add partitions. It reads and writes "
    "no message, deletes no topic and gives no right",
    keeps=TOPICS,
)
ROLES = {r.name: r for r in (FEED, WORKER, VIEWER, OPERATOR, AUDITOR, ADMINISTRATOR)}


def role_of(name: str) -> Role:
    """The role of a name; ValueError if there is none."""
    try:
        return ROLES[name]
    except KeyError:
        raise ValueError(f"no role {name!r}; there are {', '.join(ROLES)}") from None


def principal_of(role: Role) -> str:
    """The user that has a role, unless another is named."""
    return f"User:{role.name}"


def rights(role: Role, settings: Settings) -> list[Right]:
    """The least rights of a role in a deployment, whose prefix and group the settings name."""
    return [*_on_topics(role, settings), *_on_groups(role, settings), *_on_claims(role, settings)]


def _on_topics(role: Role, settings: Settings) -> Iterator[Right]:
    for topic in TOPICS:
        operations = [READ] * (topic in role.reads) + [WRITE] * (topic in role.writes)
        if role.joins and topic in role.writes:
            operations.append(DESCRIBE_CONFIGS)  # how large a message the topic takes
        if topic in role.keeps:
            operations += KEEP_TOPICS
        if operations:
            yield Right("topic", real_name(topic, settings), tuple(operations))


def _on_groups(role: Role, settings: Settings) -> Iterator[Right]:
    if role.joins:
        yield Right("group", _group(settings), (READ,))
    if role.observes:
        yield Right("group", _group(settings), (DESCRIBE,))
    for name in role.groups:
        yield Right("group", name, (DESCRIBE,))
    if role.downstream:
        yield Right("group", DOWNSTREAM, (READ,), prefixed=True)


def _on_claims(role: Role, settings: Settings) -> Iterator[Right]:
    """The transactional ids by which a worker claims partitions: `GROUP/TOPIC/PARTITION`."""
    if role.joins:
        yield Right("transactional-id", f"{_group(settings)}/", (WRITE,), prefixed=True)


def _group(settings: Settings) -> str:
    """The workers' group; ValueError for one that Kafka takes for every group."""
    if settings.group == ALL:
        raise ValueError("the group '*' would give rights on every group: set OVERCAST_GROUP")
    return settings.group


def together(given: Iterable[Right]) -> list[tuple[Right, list[str]]]:
    """Rights that differ in their names only, as one and its names, for what is written once."""
    found: dict[tuple[Kind, tuple[str, ...], bool], tuple[Right, list[str]]] = {}
    for right in given:
        key = (right.kind, right.operations, right.prefixed)
        found.setdefault(key, (right, []))[1].append(right.name)
    return list(found.values())
