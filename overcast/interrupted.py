"""What a user is told who ends a command by Ctrl-C."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # what a shell gives a program that SIGINT ended
LAST_LINE = "Stopped; nothing is left running."


@contextmanager
def says_so() -> Iterator[None]:
    """Ends the program with a clear last line if its block is interrupted.

    For blocks that clean up after themselves: typer would end without a word.
    """
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{LAST_LINE}\n")
        sys.exit(INTERRUPTED)
