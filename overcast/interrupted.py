"""Ending a command by Ctrl-C: the exit code and the last line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # a shell's exit code for a program that SIGINT ended
LAST_LINE = "Stopped; nothing is left running."


@contextmanager
def interruptible() -> Iterator[None]:
    """End the program with a clear last line if the block is interrupted.

    For blocks that clean up after themselves: typer would end without any output.
    """
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{LAST_LINE}\n")
        sys.exit(INTERRUPTED)
