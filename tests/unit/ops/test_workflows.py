"""What the workflows run is there, and comes from where it is said to come from."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
RECIPES = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def jobs(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text())["jobs"]
    return found


def commands(workflow: Path) -> Iterator[str]:
    """The commands of all steps."""
    for job in jobs(workflow).values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


def test_there_is_one_for_changes_one_for_releases_and_one_for_the_night() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "nightly", "release"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_action_is_pinned_by_its_commit_and_says_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_has_one_commit_in_all_workflows() -> None:
    used = {a for path in WORKFLOWS for a in re.findall(r"uses: (.+)", path.read_text())}
    assert len(used) == len({action.partition("@")[0] for action in used})


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_job_has_only_the_rights_that_it_names_and_a_limit(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] == {}
    for name, job in jobs(workflow).items():
        assert job["permissions"], name
        assert job["timeout-minutes"] <= 180, name


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_recipe_and_script_of_a_workflow_is_there(workflow: Path) -> None:
    text = "\n".join(commands(workflow))
    for recipe in re.findall(r"\bmake ([a-z0-9-]+)", text):
        assert recipe in RECIPES
    for script in re.findall(r"\b(ops/[\w/.-]+\.(?:py|sh))\b", text):
        assert (ROOT / script).is_file(), script


def test_the_recipes_of_the_night_are_there() -> None:
    matrix = jobs(ROOT / ".github/workflows/nightly.yml")["long"]["strategy"]["matrix"]
    assert {case["recipe"] for case in matrix["include"]} <= RECIPES


def test_ci_is_what_the_recipe_does() -> None:
    assert "make ci" in list(commands(ROOT / ".github/workflows/ci.yml"))
    assert "make ci" in list(commands(ROOT / ".github/workflows/release.yml"))
