"""Roles at a real broker: each can do its work, and who lacks a right is told so."""

import re
import subprocess
from pathlib import Path

import pytest

from consumers.audit.consumer_group import WorkerGroup
from consumers.audit.one_prediction import audit
from overcast.embedded.servers import Addresses
from streams.rights.roles import ROLES
from streams.settings import Settings
from tests.browser.stage import Stage
from tests.integration.deployment import Deployment
from tests.support.parties import as_role, deployed, ended

MATCH = "1426294"


@pytest.fixture(scope="module")
def club(secured: Addresses) -> Settings:
    """A deployment in which everybody does his work."""
    return deployed(secured, "club")


def overcast(
    role: str, club: Settings, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """A command as a role runs it, in a folder of its own."""
    return ended(as_role(club, ROLES[role]), folder, *arguments)


def done(
    role: str, club: Settings, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """The same of a command that succeeds."""
    finished = overcast(role, club, folder, *arguments)
    assert finished.returncode == 0, finished.stderr
    return finished


def test_each_role_can_do_its_work(club: Settings, tmp_path: Path) -> None:
    """A match from the feed to the audit; nobody comes as more than his role."""
    deployment, page = Deployment(club, tmp_path), Stage(club, tmp_path)
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
        page.start()
        for role in ("operator", "auditor"):
            assert "serves starter" in done(role, club, tmp_path, "history", "t20-male").stdout
    finally:
        page.stop()
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
    finished = overcast(role, club, tmp_path, *arguments)
    lines = finished.stderr.strip().splitlines()
    assert finished.returncode == 2, finished.stderr
    assert len(lines) == 1
    assert re.search(words, lines[0]), lines


def test_a_worker_that_lacks_a_right_says_which(club: Settings, tmp_path: Path) -> None:
    other = club.model_copy(update={"group": "other"})
    finished = overcast("worker", other, tmp_path, "worker")
    assert finished.returncode == 2
    assert "needs rights that worker does not have: Read on group other." in finished.stderr
