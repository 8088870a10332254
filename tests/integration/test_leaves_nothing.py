"""However a demo is ended, no process and no file of it is left."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.integration.deployment import DEADLINE, wait_for

MOMENTS = ("Formatting", "Waiting for Kafka", "Waiting for the worker", "projected|total")


def _heeds_ctrl_c() -> None:
    """A shell starts what runs in the background deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demo:
    """`overcast demo` as a user starts it, with a temporary folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tmp"
        self.folder.mkdir()
        self.log = folder / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "overcast", "demo"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"TMPDIR": str(self.folder), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # as a terminal's own process group
                preexec_fn=_heeds_ctrl_c,  # noqa: PLW1509  one system call that takes no lock
            )

    def said(self) -> str:
        return self.log.read_text()

    def reaches(self, moment: str) -> None:
        wait_for(lambda: re.search(moment, self.said()) is not None, moment, self.log)

    def interrupt(self) -> None:
        """What a terminal does at Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def left(self) -> list[str]:
        """Processes that were started by it and still run."""
        return [" ".join(p.cmdline()) for p in psutil.process_iter() if self._is_ours(p)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("TMPDIR") == str(self.folder)
        except psutil.Error:
            return False


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_leaves_no_process_no_folder_and_a_clear_last_line(demo: Demo, moment: str) -> None:
    demo.reaches(moment)
    assert demo.left()
    demo.interrupt()
    assert demo.process.wait(DEADLINE) == 130
    assert demo.said().splitlines()[-1] == "Stopped; nothing is left running."
    assert "Traceback" not in demo.said()
    assert demo.left() == []
    assert list(demo.folder.iterdir()) == []


def test_a_demo_that_is_killed_leaves_nothing_either(demo: Demo) -> None:
    demo.reaches("Waiting for the worker")
    demo.process.kill()
    demo.process.wait()
    wait_for(lambda: demo.left() == [], "the keeper to end its servers")
    assert list(demo.folder.iterdir()) == []
