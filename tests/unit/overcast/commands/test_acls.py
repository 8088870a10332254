"""`overcast acls`: what is printed is what a shell gives to Kafka's own tool."""

import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from features.store_rights import acl_rules
from overcast import cli
from streams.rights.roles import ROLES, rights
from streams.settings import Settings
from tests.support.own_folder import own_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    return own_folder(tmp_path, monkeypatch)


def printed(*arguments: str, tool: str = "kafka-acls.sh") -> list[list[str]]:
    """The commands of a tool as a shell takes them apart."""
    result = CliRunner().invoke(cli.app, ["acls", *arguments])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    return [shlex.split(line) for line in lines if line.startswith(tool)]


def granted(command: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each right that a command gives: kind, name with `…` of a prefix, operation."""
    options = list(pairwise(command))
    more = "…" if ("--resource-pattern-type", "prefixed") in options else ""
    for kind in ("topic", "group", "transactional-id"):
        for name in (value for option, value in options if option == f"--{kind}"):
            for operation in (value for option, value in options if option == "--operation"):
                yield kind, name + more, operation


def test_the_commands_give_each_role_its_rights_and_nothing_else() -> None:
    for role in ROLES.values():
        commands = printed("--role", role.name, "--topic-prefix", "staging.")
        assert {c[c.index("--allow-principal") + 1] for c in commands} == {f"User:{role.name}"}
        wanted = [
            (right.kind, right.name + ("…" if right.prefixed else ""), operation)
            for right in rights(role, Settings(topic_prefix="staging."))
            for operation in right.operations
        ]
        given = [each for command in commands for each in granted(command)]
        assert sorted(given) == sorted(wanted)


def test_a_role_that_needs_redis_gets_its_rights_there_and_no_password_is_printed() -> None:
    url = "rediss://admin:s3cret@h:1/0"
    (worker,) = printed("--role", "worker", "--topic-prefix", "staging.", tool="redis-cli")
    assert worker[:6] == ["redis-cli", "-u", "redis://127.0.0.1:6379/0", "ACL", "SETUSER", "worker"]
    assert worker[6:] == acl_rules("worker", "staging.")
    assert printed("--role", "feed", tool="redis-cli") == []
    output = CliRunner().invoke(cli.app, ["acls"], env={"OVERCAST_REDIS": url}).output
    assert "rediss://h:1/0" in output
    assert "s3cret" not in output


def test_all_roles_are_printed_and_what_each_is_for() -> None:
    output = CliRunner().invoke(cli.app, ["acls"]).output
    heads = [line.partition(":")[0] for line in output.splitlines() if line.startswith("#")]
    assert heads == [f"# {name}" for name in ROLES]
    assert len(printed()) == sum(len(printed("--role", name)) for name in ROLES)


@pytest.mark.parametrize("principal", ["User:CN=a feed,O=it's", "User:$(reboot)", "User:a;b"])
def test_a_shell_takes_a_principal_as_it_is(principal: str) -> None:
    for command in printed("--role", "feed", "--principal", principal):
        assert command[command.index("--allow-principal") + 1] == principal


def test_the_commands_reach_the_cluster_that_is_configured() -> None:
    (plain,) = printed("--role", "feed", "--kafka", "h:1")
    assert plain[:4] == ["kafka-acls.sh", "--bootstrap-server", "h:1", "--add"]
    (own,) = printed("--role", "feed", "--kafka", "h:1", "--command-config", "my admin.properties")
    assert own[3:5] == ["--command-config", "my admin.properties"]


def test_where_kafka_asks_who_comes_the_commands_log_in(folder: Path) -> None:
    (folder / "overcast.toml").write_text(
        'kafka = "h:1"\nkafka_security_protocol = "SASL_SSL"\nkafka_sasl_mechanism = "PLAIN"\n'
        'kafka_user = "me"\nkafka_password = "s3cret"\n'
    )
    (command,) = printed("--role", "feed")
    assert command[:5] == [
        *("kafka-acls.sh", "--bootstrap-server", "h:1"),
        *("--command-config", "admin.properties"),
    ]
    assert "s3cret" not in " ".join(command)
