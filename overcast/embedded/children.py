"""Child processes that do not outlive their keeper."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

TERM_SECONDS = 5.0
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # not to be loaded after a fork


def free_ports(count: int) -> list[int]:
    """Different TCP ports of loopback that nothing listens on now."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def die_with_parent() -> None:
    """In a new child: be killed when the keeper is, however that happens (Linux)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(
    command: list[str], log: Path, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a child that writes to `log` and reads nothing."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  our own servers, found by `java` and `redis`
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            preexec_fn=die_with_parent,  # noqa: PLW1509  one system call that takes no lock
        )


def stop(*children: subprocess.Popen[bytes]) -> None:
    """Ends children one after another, the last first: it may need the others to end well."""
    for child in reversed(children):
        child.terminate()
        try:
            child.wait(TERM_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
