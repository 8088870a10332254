"""`overcast --version` names the commit: of an image, of a work tree, or none."""

import subprocess
from pathlib import Path

from overcast.version import BUILT_FROM, commit


def repository(folder: Path) -> Path:
    """A package in a work tree with one commit."""
    package = folder / "overcast"
    package.mkdir()
    (package / "cli.py").write_text("")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "One"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", "-C", folder, *who, *words], check=True)  # noqa: S607
    return package


def test_a_work_tree_says_its_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    package = repository(tmp_path)
    clean = commit(package)
    assert len(clean) == 12
    (package / "cli.py").write_text("changed")
    assert commit(package) == f"{clean}-dirty"


def test_a_release_is_named_by_its_commit_too(tmp_path: Path) -> None:
    package = repository(tmp_path)
    before = commit(package)
    subprocess.run(["git", "-C", tmp_path, "tag", "v1"], check=True)  # noqa: S607
    assert commit(package) == before


def test_an_image_says_what_it_was_built_from(tmp_path: Path) -> None:
    package = repository(tmp_path)
    (package / BUILT_FROM).write_text("0123456789ab\n")
    assert commit(package) == "0123456789ab"


def test_what_was_installed_without_either_names_no_commit(tmp_path: Path) -> None:
    assert not commit(tmp_path)
