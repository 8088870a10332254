"""Child processes that end with the keeper that started them."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

SERVERS = range(10_000, 32_768)  # ports; outgoing connections have 32768 and above (Linux)
TERM_SECONDS = 5.0
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loading it after a fork is not safe


def free_ports(count: int) -> list[int]:
    """Return different TCP ports of loopback on which nothing listens now.

    None is of those that systems give to outgoing connections: a server takes seconds to listen,
    and any client could have got its port by then.
    """
    found: list[int] = []
    with ExitStack() as stack:
        while len(found) < count:
            port = random.choice(SERVERS)  # noqa: S311  no secret
            probe = stack.enter_context(socket.socket())
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
    return found


def die_with_parent() -> None:
    """Run in a new child: on Linux the kernel kills it when the keeper dies, whatever the cause."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(
    command: list[str], log: Path, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child that writes to `log` and reads nothing."""
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
    """End children in reverse order: a later one may need the earlier ones to end cleanly."""
    for child in reversed(children):
        child.terminate()
        try:
            child.wait(TERM_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
