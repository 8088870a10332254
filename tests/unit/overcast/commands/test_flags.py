"""A secret that is given as a flag brings a warning that does not repeat it."""

import pytest

from overcast.commands.flags import flags_with_secrets
from tests.support.commands import ended

SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (["watch", "--redis", f"redis://:{SECRET}@h:1/0"], "--redis"),
        (["watch", f"--redis=rediss://u:{SECRET}@h:1/0"], "--redis"),
        (["worker", "--redis", f"redis://h/0?password={SECRET}"], "--redis"),
        (["schemas", "push", "--registry", f"https://u:{SECRET}@h"], "--registry"),
        (["fetch", "ipl", "--source", f"https://h/{{name}}?access_token={SECRET}"], "--source"),
        (["fetch", f"https://u:{SECRET}@h/"], "an argument"),
    ],
)
def test_a_flag_with_a_secret_is_named(words: list[str], flag: str) -> None:
    [warning] = flags_with_secrets(words)
    assert warning.startswith(f"{flag} holds a secret, which `ps` shows")
    assert SECRET not in warning


@pytest.mark.parametrize(
    "words",
    [
        ["watch", "--redis", "redis://h:1/0", "--kafka", "h:1"],
        ["watch", "--redis=unix:///run/r.sock?db=1"],
        ["replay", "--data", "a@b.zip", "--faults", "delay=30s"],
        ["promote", "k", "c", "--reason", "password=x"],
        [],
    ],
)
def test_other_flags_bring_none(words: list[str]) -> None:
    assert list(flags_with_secrets(words)) == []


@pytest.mark.usefixtures("wrong_place")
def test_the_warning_is_one_line_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(f"overcast worker --redis redis://:{SECRET}@127.0.0.1:1/0", monkeypatch) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Warning: --redis holds a secret")
    assert lines[0].endswith("give it by OVERCAST_REDIS or OVERCAST_REDIS_FILE.")
    assert SECRET not in "".join(lines)
