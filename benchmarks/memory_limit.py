"""A hard limit on the memory of processes, by a cgroup of their own: the kernel enforces it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Files:
    """The names of a version's files: the limit, that of swap, and the most that was ever held."""

    limit: str
    swap: str
    peak: str


V1 = Files("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max_usage_in_bytes")
V2 = Files("memory.max", "memory.swap.max", "memory.peak")


@dataclass(frozen=True, slots=True)
class Limit:
    """A cgroup that holds no more than its limit: the kernel kills who needs more."""

    folder: Path
    files: Files

    def take_in(self, process: int) -> None:
        """Put a process into the group."""
        (self.folder / "cgroup.procs").write_text(str(process))

    def peak(self) -> int | None:
        """The most bytes that the group ever held; None if this kernel does not tell."""
        file = self.folder / self.files.peak
        return int(file.read_text()) if file.exists() else None


@contextmanager
def memory_limit(most: int) -> Iterator[Limit]:
    """A group of so many bytes, without swap; its processes must have ended after the block."""
    v1 = CGROUPS / "memory"
    parent, files = (v1, V1) if v1.is_dir() else (CGROUPS, V2)
    folder = parent / f"overcast-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as error:
        raise ValueError(
            f"a hard limit needs a cgroup, and {folder} cannot be made ({error.strerror}): run "
            "this as root, or measure without one by --limit 0."
        ) from error
    try:
        (folder / files.limit).write_text(str(most))
        swap = folder / files.swap
        if swap.exists():
            swap.write_text(str(most if files is V1 else 0))
        yield Limit(folder, files)
    finally:
        folder.rmdir()
