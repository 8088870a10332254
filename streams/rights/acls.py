"""Sets the rights of roles in Kafka, and tells what a principal has beyond its role.

Kafka keeps a right once, however often it is given. None is taken away: others may have given it.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
)
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from streams.kafka.client_config import await_answer, client
from streams.kafka.errors import RETRY_SECONDS
from streams.rights.roles import ALL, DESCRIBE, READ, WRITE, Kind, Right, Role, rights
from streams.settings import Settings

ANSWER_SECONDS = 30.0
RESOURCES: dict[Kind, ResourceType] = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional-id": ResourceType.TRANSACTIONAL_ID,
}
OPERATIONS = {
    READ: AclOperation.READ,
    WRITE: AclOperation.WRITE,
    DESCRIBE: AclOperation.DESCRIBE,
    "Create": AclOperation.CREATE,
    "Alter": AclOperation.ALTER,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    "AlterConfigs": AclOperation.ALTER_CONFIGS,
}
_PRINCIPAL = re.compile(r"[^\s:]+:\S(.*\S)?")


@dataclass(frozen=True, slots=True)
class Applied:
    """What a principal has now: rights that were `given`, that were `kept`, and others' `more`."""

    given: list[str]
    kept: list[str]
    more: list[str]


def check_principal(principal: str) -> str:
    """The principal, if it is one user; else ValueError."""
    if not _PRINCIPAL.fullmatch(principal) or not principal.isprintable():
        raise ValueError(
            f"{principal!r} is no principal: write it as Kafka does, TYPE:NAME, such as "
            "User:worker or User:CN=worker,O=club"
        )
    if principal.endswith(f":{ALL}"):
        raise ValueError(f"{principal} is everybody: name the one user that has the role")
    return principal


def bindings(role: Role, principal: str, settings: Settings) -> list[AclBinding]:
    """A role's rights as Kafka's client takes them."""
    return [b for right in rights(role, settings) for b in _bindings(right, principal)]


def _bindings(right: Right, principal: str) -> Iterable[AclBinding]:
    pattern = ResourcePatternType.PREFIXED if right.prefixed else ResourcePatternType.LITERAL
    for operation in right.operations:
        yield AclBinding(
            RESOURCES[right.kind],
            right.name,
            pattern,
            principal,
            ALL,
            OPERATIONS[operation],
            AclPermissionType.ALLOW,
        )


def apply(settings: Settings, wanted: Iterable[tuple[Role, str]]) -> dict[str, Applied]:
    """Give principals the rights of their roles; what each has then, by principal.

    KafkaException with advice if Kafka has no authorizer, or this client may not give rights.
    """
    access = settings.kafka_access
    by_principal: dict[str, list[AclBinding]] = {}
    for role, principal in wanted:
        by_principal.setdefault(principal, []).extend(bindings(role, principal, settings))
    await_answer(access)
    admin = AdminClient(client(access))
    try:
        return {p: _applied(admin, p, list(dict.fromkeys(b))) for p, b in by_principal.items()}
    except KafkaException as error:
        raise _advised(error, settings) from error


def _applied(admin: AdminClient, principal: str, wanted: list[AclBinding]) -> Applied:
    before = _held(admin, principal)
    answers = admin.create_acls(wanted, request_timeout=ANSWER_SECONDS)
    errors = [future.exception() for future in answers.values()]
    for error in filter(None, errors):
        raise error
    _await_enforced(admin, principal, wanted)
    return Applied(
        [_shown(b) for b in wanted if b not in before],
        [_shown(b) for b in wanted if b in before],
        sorted(_shown(b) for b in before if b not in wanted),
    )


def _await_enforced(admin: AdminClient, principal: str, wanted: list[AclBinding]) -> None:
    """Return when the broker knows the rights, which its controller has taken."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while missing := set(wanted) - set(_held(admin, principal)):
        if time.monotonic() > deadline:
            raise KafkaException(f"{principal} does not have: {', '.join(map(_shown, missing))}")
        time.sleep(RETRY_SECONDS)


def lacking(settings: Settings, role: Role) -> list[str]:
    """What a role must read or write, and this client may not; its topics must be there."""
    names = {r.name: r for r in rights(role, settings) if r.kind == "topic"}
    admin = AdminClient(client(settings.kafka_access))
    answers = admin.describe_topics(
        TopicCollection(list(names)),
        include_authorized_operations=True,
        request_timeout=ANSWER_SECONDS,
    )
    allowed = {name: answers[name].result().authorized_operations for name in names}
    return [
        f"{operation} on {name}"
        for name, right in names.items()
        for operation in right.operations
        if operation in {READ, WRITE}
        and allowed[name] is not None
        and OPERATIONS[operation] not in allowed[name]
    ]


def _held(admin: AdminClient, principal: str) -> list[AclBinding]:
    """All that a principal has in the cluster."""
    every = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # any
        ResourcePatternType.ANY,
        principal,
        None,  # type: ignore[arg-type]  # any
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    found: list[AclBinding] = admin.describe_acls(every, request_timeout=ANSWER_SECONDS).result()
    return found


def _shown(binding: AclBinding) -> str:
    """A right in words: `Read on topic cricket.balls`."""
    operation = _name(binding.operation).replace("_", " ").title().replace(" ", "")
    kind = _name(binding.restype).lower().replace("_", "-").replace("broker", "cluster")
    prefixed = binding.resource_pattern_type is ResourcePatternType.PREFIXED
    named = f"{binding.name}{'…' if prefixed else ''}"
    denied = "" if binding.permission_type is AclPermissionType.ALLOW else ", denied"
    hosts = "" if binding.host == ALL else f", from {binding.host}"
    return f"{operation} on {kind} {named}{denied}{hosts}"


def _name(of: object) -> str:
    return of.name if isinstance(of, Enum) else str(of)


def _advised(error: KafkaException, settings: Settings) -> KafkaException:
    reason = error.args[0]
    code = reason.code() if isinstance(reason, KafkaError) else None
    if code == KafkaError.SECURITY_DISABLED:
        return KafkaException(
            f"the Kafka at {settings.kafka} has no authorizer, so that everybody may do anything "
            "there: set authorizer.class.name in its properties, or run 'overcast up --secure'"
        )
    if code == KafkaError.CLUSTER_AUTHORIZATION_FAILED:
        who = settings.kafka_user or "this client"
        return KafkaException(
            f"{who} may not give rights at {settings.kafka}: come as a super user, or as one that "
            "may alter the cluster"
        )
    return error
