"""Resolves the locks for every Python and machine that Overcast installs on: `make lock-check`.

Each lock is resolved by uv as `ops/install.py` installs it: with hashes, wheels only, but for the
packages that are built from their source. Only the index is read; nothing is downloaded or
installed. A package that has no file for a machine, or a dependency that is not locked, is an error
that names lock, Python and machine.
"""

import itertools
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from uv import find_uv_bin

sys.path.insert(0, str(Path(__file__).parent))
from install import FROM_SOURCE, pinned

LOCKS = ("run", "worker", "dev")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = {
    "x86_64-manylinux_2_28": "Linux on x86-64",
    "aarch64-manylinux_2_28": "Linux on ARM",
    "x86_64-apple-darwin": "macOS on x86-64",
    "aarch64-apple-darwin": "macOS on ARM",
}
UV = find_uv_bin()
NOWHERE = tempfile.TemporaryDirectory()
AT_ONCE = 4  # they mostly wait for the index
FOLDER = Path(__file__).parents[1] / "requirements"


def resolution(lock: Path, python: str, machine: str) -> list[str]:
    """Return the command that resolves a lock for a Python and a machine."""
    wheels_only = sorted(pinned(lock.read_text()) - FROM_SOURCE)
    command = [UV, "pip", "install", "--quiet", "--dry-run", "--require-hashes"]
    command += ["--target", NOWHERE.name]  # nothing that is installed here counts
    command += ["--python-version", python, "--python-platform", machine]
    command += itertools.chain.from_iterable(("--only-binary", name) for name in wheels_only)
    return [*command, "-r", str(lock)]


def failure(lock: Path, python: str, machine: str) -> str | None:
    """Return where a resolution fails, and why; None if it does not."""
    command = resolution(lock, python, machine)
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    where = f"{lock.name}, Python {python}, {MACHINES[machine]}"
    return f"{where}:\n{result.stderr}" if result.returncode else None


def failures(locks: list[Path]) -> list[str]:
    """Return all failures of some locks."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(failure, *zip(*itertools.product(locks, PYTHONS, MACHINES), strict=True))
        return [result for result in results if result]


def main() -> None:
    """Check all locks, or those that are named; exit 1 if one does not install somewhere."""
    locks = [Path(name) for name in sys.argv[1:]] or [FOLDER / f"{name}.txt" for name in LOCKS]
    failed = failures(locks)
    if failed:
        raise SystemExit("\n".join(failed))
    count = len(locks) * len(PYTHONS) * len(MACHINES)
    sys.stdout.write(
        f"{len(locks)} locks install on {', '.join(PYTHONS)} and on "
        f"{', '.join(MACHINES.values())} ({count} resolutions)\n"
    )


if __name__ == "__main__":
    main()
