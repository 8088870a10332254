"""A copy of the project in which documents are followed, with commands as a user types them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.document_blocks import ROOT

NOT_COPIED = (".git", ".venv*", "build", "node_modules", "__pycache__", ".*_cache", "corpus")
PROGRAMS = {"overcast": "-m overcast", "python": "", "faust": "-m faust", "ruff": "-m ruff"}
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # colours and movements
ENDED_BY_HAND = {0, 130, -signal.SIGINT}


def heed_interrupts() -> None:
    """Run in a new child: Ctrl-C ends it, also where a shell in the background ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Sandbox:
    """A copied project: `.venv/bin` leads to this Python, and imports come from the copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "overcast"
        ignore = shutil.ignore_patterns(*NOT_COPIED)
        shutil.copytree(ROOT, self.folder, ignore=ignore, symlinks=True)
        programs = self.folder / ".venv/bin"
        programs.mkdir(parents=True)
        for name, arguments in PROGRAMS.items():
            script = programs / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            script.chmod(0o755)
        self._environment = {
            **{n: v for n, v in os.environ.items() if not n.startswith(("OVERCAST_", "PYTEST"))},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "OVERCAST_STATE_DIR": str(folder / "state"),
            "OVERCAST_DASHBOARD_PORT": "0",
            "COLUMNS": "120",
        }
        self.log = folder / "output.log"

    def start(self, command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a command line of the shell; what it prints is in `log`."""
        with self.log.open("wb") as log:
            return subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self._environment | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=heed_interrupts,  # noqa: PLW1509  one system call that takes no lock
            )

    def run(self, command: str) -> str:
        """Run a command to its end; return what it printed. AssertionError if it fails."""
        code = self.start(command).wait()
        assert code == 0, f"{command}: exit {code}\n{self.log.read_text()}"
        return self.log.read_text()

    def run_until(
        self, command: str, printed: str, wait_for: Callable[[Callable[[], bool], str], None]
    ) -> None:
        """Run a command until it has printed something; then end it as Ctrl-C does."""
        process = self.start(command, FORCE_COLOR="1")  # live views draw as on a terminal
        try:
            wait_for(lambda: self._has(process, printed), f"{command}: {printed}")
            assert process.poll() is None, f"{command} ended:\n{self.log.read_text()}"
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait()
        assert code in ENDED_BY_HAND, f"{command}: exit {code}\n{self.log.read_text()}"

    def _has(self, process: subprocess.Popen[bytes], printed: str) -> bool:
        ended = process.poll() is not None
        return ended or re.search(printed, CONTROL.sub("", self.log.read_text())) is not None
