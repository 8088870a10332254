"""How many arenas the C library's allocator keeps for a worker's threads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PROGRAM = """
import ctypes, sys
from threading import Barrier, Thread
from streams.worker.malloc_tuning import tune
if "tuned" in sys.argv:
    assert tune()
libc, together = ctypes.CDLL(None), Barrier(8)
libc.malloc.restype = ctypes.c_void_p
def allocate():
    together.wait()
    for _ in range(200):
        libc.malloc(5_000)
    together.wait()
threads = [Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.malloc_stats()
"""


def arenas(*arguments: str) -> int:
    """The arenas of a process of eight threads that allocate at the same time."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    place = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, check=True, env=place, text=True)
    return run.stderr.count("Arena ")


@pytest.mark.skipif(not hasattr(os, "confstr") or sys.platform != "linux", reason="glibc only")
def test_a_worker_has_few_arenas_however_many_threads_it_has() -> None:
    assert arenas() > 2
    assert arenas("tuned") <= 2
