"""Prepares a release, or checks one: `make release VERSION=1.2.3`.

    python ops/release.py 1.2.3            # versions, changelog, contract; a commit and a tag
    python ops/release.py 1.2.3 --check    # do the files of the tag agree? for the workflow
    python ops/release.py 1.2.3 --notes    # the changelog's section

Nothing is pushed. A release that lacks something is refused before anything is written.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBER = r"\d+\.\d+\.\d+"
# Each place where the version stands, and how it stands there.
PLACES = {
    "pyproject.toml": rf'(?m)^version = "({NUMBER})"$',
    "streams/messages/source.py": rf'(?m)^CODE_VERSION = "({NUMBER})"$',
    "ops/helm/overcast/Chart.yaml": rf"(?m)^(?:version|appVersion): ({NUMBER})$",
    "docker-compose.yml": rf"image: overcast:({NUMBER})",
}
OPEN = "## [Unreleased]\n"


class UnfitError(Exception):
    """Why there can be no release."""


def versions(root: Path) -> dict[str, set[str]]:
    """The versions that stand in each place."""
    return {
        name: set(re.findall(pattern, (root / name).read_text()))
        for name, pattern in PLACES.items()
    }


def disagreements(root: Path, version: str) -> Iterator[str]:
    """What of a release does not agree with its version."""
    for name, found in versions(root).items():
        if found != {version}:
            yield f"{name} has {', '.join(sorted(found)) or 'no version'}, not {version}"
    if not notes((root / "CHANGELOG.md").read_text(), version).strip():
        yield f"CHANGELOG.md has no section [{version}] with words in it"
    yield from unreleased_schemas(root)


def check(root: Path, version: str) -> None:
    """UnfitError if something does not agree with the version."""
    if wrong := list(disagreements(root, version)):
        raise UnfitError("\n".join(wrong))


def unreleased_schemas(root: Path) -> Iterator[str]:
    """Schemas of the contract that are not those of the release."""
    for schema in sorted((root / "docs/schemas").glob("*.json")):
        released = root / "docs/schemas/released" / schema.name
        if not released.is_file() or released.read_text() != schema.read_text():
            yield f"docs/schemas/{schema.name} is not released: overcast contract --release"


def notes(changelog: str, version: str) -> str:
    """The changelog's section of a version, without its heading; "" if there is none."""
    heading = re.escape(version)
    found = re.search(rf"(?ms)^## \[{heading}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog)
    return found[1].strip() + "\n" if found and found[1].strip() else ""


def closed(changelog: str, version: str, day: str) -> str:
    """The changelog with what was unreleased as the section of a version."""
    before, rest = changelog.split(OPEN, 1)
    if notes(changelog, version):
        raise UnfitError(f"CHANGELOG.md has a section [{version}] already")
    if not notes(changelog, "Unreleased"):
        raise UnfitError("CHANGELOG.md has nothing under [Unreleased]")
    return f"{before}{OPEN}\n## [{version}] - {day}\n{rest}"


def with_version(root: Path, version: str) -> dict[Path, str]:
    """Each file in which the version stands, with the new one."""
    return {
        root / name: _replaced((root / name).read_text(), pattern, version)
        for name, pattern in PLACES.items()
    }


def _replaced(text: str, pattern: str, version: str) -> str:
    return re.sub(pattern, lambda found: found[0].replace(found[1], version), text)


def refuse_unfit(root: Path, version: str, run: Callable[..., str]) -> None:
    """UnfitError if the version is none or does not follow, or if the work tree is changed."""
    if not re.fullmatch(NUMBER, version):
        raise UnfitError(f"VERSION={version}: three numbers are wanted, such as 1.2.3")
    (current,) = versions(root)["pyproject.toml"]
    if _numbers(version) <= _numbers(current) and run("git", "tag", "--list", f"v{current}"):
        raise UnfitError(f"VERSION={version} does not follow {current}, which is released")
    if _numbers(version) < _numbers(current):
        raise UnfitError(f"VERSION={version} is before {current}")
    if run("git", "status", "--porcelain", "--untracked-files=no"):
        raise UnfitError("the work tree is changed: commit first")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def prepare(root: Path, version: str, run: Callable[..., str]) -> None:
    """Write the version, close the changelog, release the contract; commit and tag."""
    refuse_unfit(root, version, run)
    changelog = root / "CHANGELOG.md"
    day = datetime.now(UTC).date().isoformat()
    texts = {changelog: closed(changelog.read_text(), version, day), **with_version(root, version)}
    for path, text in texts.items():
        path.write_text(text)
    run(sys.executable, "-m", "overcast", "contract", "--examples", "--release")
    check(root, version)
    run("git", "add", "--update")
    run("git", "add", "docs/schemas")
    run("git", "commit", "--quiet", "--message", f"Release {version}")
    run("git", "tag", "--annotate", f"v{version}", "--message", f"Overcast {version}")


def in_(root: Path) -> Callable[..., str]:
    """Runs commands in a folder; what they print."""

    def run(*command: str) -> str:
        done = subprocess.run(  # noqa: S603
            command, cwd=root, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise UnfitError(f"{' '.join(command)} ended with {done.returncode}")
        return done.stdout.strip()

    return run


def main(words: list[str]) -> int:
    """Prepare, check, or print the notes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--notes", action="store_true")
    given = parser.parse_args(words)
    version = given.version.removeprefix("v")
    try:
        if given.notes:
            sys.stdout.write(notes((ROOT / "CHANGELOG.md").read_text(), version))
        elif given.check:
            check(ROOT, version)
        else:
            prepare(ROOT, version, in_(ROOT))
            sys.stdout.write(f"v{version} is committed and tagged; push both to release it\n")
    except UnfitError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
