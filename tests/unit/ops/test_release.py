"""A release agrees with itself, or there is none."""

import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
RELEASE: dict[str, Any] = runpy.run_path(str(ROOT / "ops/release.py"))
CHANGELOG = """# Changelog

## [Unreleased]

### Added
- A page.

## [0.1.0] - 2026-11-25
- First.
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with one commit, and all places where the version stands."""
    for name in RELEASE["PLACES"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    schemas = tmp_path / "docs/schemas"
    (schemas / "released").mkdir(parents=True)
    (schemas / "a.v1.json").write_text("{}")
    for words in ("init --quiet", "add .", "commit --quiet -m One"):
        git(tmp_path, *words.split())
    return tmp_path


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def runs(folder: Path) -> Any:
    """Runs git as it is, and releases the contract as `overcast contract --release` does."""

    def run(*command: str) -> str:
        if command[0] == "git":
            return git(folder, *command[1:])
        released = folder / "docs/schemas/released/a.v1.json"
        released.write_text((folder / "docs/schemas/a.v1.json").read_text())
        return ""

    return run


def test_a_release_has_one_version_everywhere_its_notes_and_a_tag(tree: Path) -> None:
    RELEASE["prepare"](tree, "0.2.0", runs(tree))
    assert RELEASE["versions"](tree) == {name: {"0.2.0"} for name in RELEASE["PLACES"]}
    assert not list(RELEASE["disagreements"](tree, "0.2.0"))
    changelog = (tree / "CHANGELOG.md").read_text()
    assert RELEASE["notes"](changelog, "0.2.0") == "### Added\n- A page.\n"
    assert RELEASE["notes"](changelog, "0.1.0") == "- First.\n"
    assert not RELEASE["notes"](changelog, "Unreleased")
    assert git(tree, "tag").split() == ["v0.2.0"]
    assert not git(tree, "status", "--porcelain")


@pytest.mark.parametrize("version", ["0.2", "v0.2.0", "0.2.0-rc1", "two"])
def test_a_version_is_three_numbers(tree: Path, version: str) -> None:
    with pytest.raises(RELEASE["UnfitError"], match="three numbers"):
        RELEASE["prepare"](tree, version, runs(tree))


def test_an_earlier_version_is_refused(tree: Path) -> None:
    with pytest.raises(RELEASE["UnfitError"], match="is before"):
        RELEASE["prepare"](tree, "0.0.9", runs(tree))


def test_a_version_is_released_once(tree: Path) -> None:
    RELEASE["prepare"](tree, "0.2.0", runs(tree))
    with pytest.raises(RELEASE["UnfitError"], match="does not follow"):
        RELEASE["prepare"](tree, "0.2.0", runs(tree))


def test_a_changed_work_tree_is_refused_and_left_as_it_is(tree: Path) -> None:
    (tree / "pyproject.toml").write_text((tree / "pyproject.toml").read_text() + "\n")
    with pytest.raises(RELEASE["UnfitError"], match="commit first"):
        RELEASE["prepare"](tree, "0.2.0", runs(tree))
    assert "0.2.0" not in (tree / "CHANGELOG.md").read_text()


def test_a_release_without_words_is_refused(tree: Path) -> None:
    (tree / "CHANGELOG.md").write_text(CHANGELOG.replace("### Added\n- A page.\n", ""))
    git(tree, "commit", "--quiet", "--all", "-m", "Two")
    with pytest.raises(RELEASE["UnfitError"], match="nothing under"):
        RELEASE["prepare"](tree, "0.2.0", runs(tree))


@pytest.mark.parametrize("name", sorted(RELEASE["PLACES"]))
def test_a_place_that_was_forgotten_is_named(tree: Path, name: str) -> None:
    RELEASE["prepare"](tree, "0.2.0", runs(tree))
    file = tree / name
    file.write_text(file.read_text().replace("0.2.0", "0.1.9", 1))
    (wrong,) = RELEASE["disagreements"](tree, "0.2.0")
    assert wrong.startswith(f"{name} has 0.1.9")


def test_a_schema_that_is_not_released_is_named(tree: Path) -> None:
    RELEASE["prepare"](tree, "0.2.0", runs(tree))
    (tree / "docs/schemas/a.v1.json").write_text('{"type": "object"}')
    (wrong,) = RELEASE["disagreements"](tree, "0.2.0")
    assert wrong.startswith("docs/schemas/a.v1.json is not released")


def test_all_places_of_the_project_have_the_same_version_now() -> None:
    assert len(set().union(*RELEASE["versions"](ROOT).values())) == 1
