"""Ending a command by Ctrl-C: the exit code and the last line."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

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


def stopped_by_signals() -> Event:
    """Return an event that Ctrl-C and TERM set: what is in hand is still brought to its end."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
