"""Threads that take turns at computing: one computes, the others wait for Kafka and Redis.

Python runs one thread at a time anyway. Left to fight for it, eight threads were half as fast as
one; with turns they are faster, since one's waiting is another's time to compute.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class ComputeLock:
    """A turn is held while computing and given up while waiting."""

    def __init__(self) -> None:
        self._lock = Lock()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """The block computes."""
        with self._lock:
            yield

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """The block, within a turn, waits for somebody else's answer."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
