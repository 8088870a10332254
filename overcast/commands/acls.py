"""`overcast acls`: the least rights of each role, printed; those in Kafka set too."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from overcast.commands import options
from streams.rights import NAMES

if TYPE_CHECKING:
    from streams.rights.acls import Applied
    from streams.rights.roles import Right, Role
    from streams.settings import Settings

LOGIN = "admin.properties"
SETUSER = ("ACL", "SETUSER")  # of Redis: passwords of a user that is there stay as they are


def acls(
    role: Annotated[
        str | None,
        typer.Option(
            help=f"One of {', '.join(NAMES)}; default: all.",
            autocompletion=lambda incomplete: [r for r in NAMES if r.startswith(incomplete)],
        ),
    ] = None,
    principal: Annotated[
        str | None,
        typer.Option(help="Who has the --role, such as User:CN=worker; default: User:<role>."),
    ] = None,
    apply: Annotated[  # noqa: FBT002
        bool, typer.Option("--apply", help="Set the rights, instead of printing the commands.")
    ] = False,
    command_config: Annotated[
        str | None,
        typer.Option(
            help="Java properties by which kafka-acls.sh logs in, for the printed commands; "
            f"default: {LOGIN}, unless Kafka is plain."
        ),
    ] = None,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Print the least rights of each role as commands of kafka-acls.sh and redis-cli, or set them.

    They are for the topics of this prefix, and for the workers' group (OVERCAST_GROUP). Rights in
    Redis are printed only: a new user needs a password there too, `>PASSWORD` at the end.
    """
    from features.store_rights import acl_rules
    from streams.rights import acls as kafka_acls

    wanted = _wanted(role, principal)
    if apply and command_config:
        raise ValueError(
            "--command-config is for the printed commands; --apply logs in by the settings"
        )
    settings = options.settings(kafka, None, topic_prefix)
    if apply:
        for who, applied in kafka_acls.apply(settings, wanted).items():
            _report(who, applied)
        return
    for each, who in wanted:
        typer.echo(f"# {each.name}: {each.runs.replace('`', '')}")
        for command in commands(each, who, settings, command_config):
            typer.echo(command)
        if rules := acl_rules(each.name, settings.topic_prefix):
            user = who.partition(":")[2]
            typer.echo(shlex.join(["redis-cli", "-u", str(settings.redis), *SETUSER, user, *rules]))


def _wanted(role: str | None, principal: str | None) -> "list[tuple[Role, str]]":
    """The roles, each with its principal."""
    from streams.rights.acls import check_principal
    from streams.rights.roles import ROLES, principal_of, role_of

    if principal is not None and role is None:
        raise ValueError(f"--principal {principal} needs --role: which of {', '.join(NAMES)}?")
    chosen = [role_of(role)] if role is not None else list(ROLES.values())
    return [(r, check_principal(principal or principal_of(r))) for r in chosen]


def commands(
    role: "Role", principal: str, settings: "Settings", login: str | None = None
) -> Iterator[str]:
    """The commands of Kafka's own tool that give a principal a role's rights."""
    from streams.rights.roles import rights, together

    if login is None and settings.kafka_security_protocol != "PLAINTEXT":
        login = LOGIN
    start = ["kafka-acls.sh", "--bootstrap-server", settings.kafka]
    start += ["--command-config", login] if login else []
    start += ["--add", "--force", "--allow-principal", principal]
    for right, names in together(rights(role, settings)):
        yield shlex.join([*start, *_arguments(right, names)])


def _arguments(right: "Right", names: list[str]) -> Iterator[str]:
    for operation in right.operations:
        yield from ("--operation", operation)
    if right.prefixed:
        yield from ("--resource-pattern-type", "prefixed")
    for name in names:
        yield from (f"--{right.kind}", name)


def _report(principal: str, applied: "Applied") -> None:
    """Show what a principal was given and had, and what no role that was named gives it."""
    typer.echo(f"{principal}: {len(applied.given)} rights given, {len(applied.kept)} were there")
    for right in applied.given:
        typer.echo(f"  {right}")
    for right in applied.more:
        typer.echo(f"  beyond the role, left as it is: {right}")
